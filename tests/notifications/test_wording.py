"""Organisers' own texts: what they may say, and that nothing in them reaches further than the list of placeholders."""

import re

import pytest
from django.conf import settings

from notifications import rendering
from notifications.occasions import Kind, Occasion, Placeholder, Scope, shipped_occasions
from notifications.wording import Wording, problems

NASTY = "<b>x</b> [click](http://evil.example) {{ reason }} {% now 'Y' %}\r\nBcc: a@example.org\u2028www.evil.example | a |"
OCCASION = Occasion(
    "tests.news",
    "News",
    (
        Placeholder("company", "", lambda scope: scope.context.get("company")),
        Placeholder("stand", "", lambda scope: scope.context.get("stand")),
        Placeholder("reason", "", lambda scope: scope.context.get("reason"), Kind.LINES),
        Placeholder("wishes", "", lambda scope: scope.context.get("wishes"), Kind.LIST),
        Placeholder("desk_url", "", lambda scope: "https://desk.example/1", Kind.LINK),
        Placeholder("broken", "", lambda scope: 1 / 0),
    ),
    lambda fair, number: None,
)


def letter(text, *, subject="News", **context):
    return rendering.render_wording(Wording(subject, text), OCCASION, Scope(context, "en"))


def body(text, **context):
    return letter(text, **context).text.split("\n\n-- \n")[0]


@pytest.mark.parametrize("text", ["{{ company }}", "| Company | {{ company }}", "- {{ company }}", "[{{ company }}]({{ desk_url }})",
                                  "Read [{{ company }}](https://fair.example/rules).", "{{ reason }}", "{{ wishes }}"])  # fmt: skip
def test_what_a_user_wrote_makes_no_markup_and_no_link(text):
    made = letter(text, subject="{{ company }}", company=NASTY, reason=NASTY, wishes=[NASTY])
    assert set(re.findall(r'<a [^>]*href="([^"]*)"', made.html)) <= {
        settings.SITE_URL,
        "https://desk.example/1",
        "https://fair.example/rules",
    }
    assert "&lt;b&gt;x&lt;/b&gt;" in made.html
    assert "<b>" not in made.html
    assert "http://evil" not in made.html + made.text
    assert "www.evil" not in made.html + made.text
    assert "\n" not in made.subject
    assert len(made.subject) <= rendering.LONGEST_SUBJECT


def test_the_whole_language():
    text = """Dear reader,

| Stand | {{ stand }}
| Company | {{ company }} |

- one
- two

{{ wishes }}

{{ reason }}

Read [the rules](https://fair.example/rules).

[Open]({{ desk_url }})"""
    made = letter(text, company="Vostok", stand="A-12", reason="Too\nlate.", wishes=["Mall: 18 m²"])
    assert made.text.split("\n\n-- \n")[0] == (
        "Dear reader,\n\nStand: A-12\nCompany: Vostok\n\n- one\n- two\n\n- Mall: 18 m²\n\n> Too\n> late.\n\n"
        "Read the rules (https://fair.example/rules).\n\nOpen:\nhttps://desk.example/1"
    )
    assert made.html.count("border-top:1px solid #e2e8f0") == 5, "two rows of a table, each of two cells, and the line above the footer"


def test_a_line_without_its_value_is_left_out():
    assert body("Hello.\n\n| Stand | {{ stand }}\n| Company | {{ company }}\n\nYour stand is {{ stand }}.\n\nBye.", company="Vostok") == (
        "Hello.\n\nCompany: Vostok\n\nBye."
    )


@pytest.mark.parametrize(
    "source",
    ["{{ nothing }}", "{{ company.members }}", "{{ company|upper }}", "{% load x %}", "{{company", "}}", "{# x #}",
     "{{ __class__ }}", "{{ 1+1 }}", "{{}}", "[x](javascript:alert(1))", "[x](//evil.example)", "[x]({{ company }})", "a {{ reason }}",
     "- {{ wishes }}", "| a | [x](https://fair.example) |"],
)  # fmt: skip
def test_what_is_unknown_or_unsafe_is_refused(source):
    assert problems(source, OCCASION)


def test_a_list_and_a_table_may_follow_on_the_next_line():
    made = letter("Please bring:\n- your pass\n- a photo\n| Stand | {{ stand }}\nSee you there.", stand="A12")
    assert made.html.count("<li") == 2
    assert "- your pass" not in made.html
    assert ">A12</td>" in made.html
    assert made.text.startswith("Please bring:\n- your pass\n- a photo\nStand: A12\nSee you there.")


def test_a_refusal_lists_what_is_allowed():
    (text,) = problems("{{ nothing }}", OCCASION)
    assert "{{ nothing }}" in text
    assert "{{ company }}, {{ stand }}" in text
    assert problems("{{ reason }}", OCCASION, is_subject=True), "a subject has one line"


@pytest.mark.parametrize("source", ["Plain.", "{{ company }}, {{stand}}", "[x](https://fair.example/a?b=c)", "{{ reason }}", "100 % {sic}"])
def test_the_rest_is_taken(source):
    assert problems(source, OCCASION) == []


def test_every_registered_letter_has_texts_in_three_languages_and_names_its_placeholders_once():
    for occasion in shipped_occasions():
        names = [one.name for one in occasion.placeholders]
        assert len(names) == len(set(names)), occasion.name
        assert "reply_to" in names
