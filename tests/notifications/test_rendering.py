import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.utils import timezone

from notifications import rendering
from notifications.marks import Mark, Marks

LANGUAGES = ["ru", "zh-hans", "en"]
NASTY = "<b>x</b> [click](http://evil.example) www.evil.example"


def all_occasions() -> list[str]:
    """Every occasion that any app has a template for."""
    found = set()
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates" / "letters"
        if Path(app.path).is_relative_to(settings.BASE_DIR):
            found |= {f"{path.parent.name}.{path.name.split('.')[0]}" for path in folder.glob("*/*.txt")}
    return sorted(found)


@pytest.fixture
def letter_of(tmp_path, settings):
    """Render a letter whose text is given, as any app could have written it."""

    def letter_of(text: str, *, subject: str = "News", **context: object) -> rendering.Rendered:
        (tmp_path / "letters" / "tests").mkdir(parents=True, exist_ok=True)
        (tmp_path / "letters" / "tests" / "news.en.txt").write_text(
            f"{{% load letters %}}{{% block subject %}}{subject}{{% endblock %}}{{% block text %}}{text}{{% endblock %}}"
        )
        name = context.pop("recipient_name", "")
        return rendering.render("tests.news", language="en", context=context, reader_zone="Europe/Moscow", recipient_name=str(name))

    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    engines._engines = {}
    yield letter_of
    engines._engines = {}


@pytest.mark.parametrize("occasion", all_occasions())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_occasion_is_written_in_every_language(occasion, language):
    source = get_template(f"letters/{occasion.replace('.', '/')}.{language}.txt").template.source
    assert "{% block subject %}" in source
    assert "{% greeting %}" in source


@pytest.mark.parametrize("occasion", [name for name in all_occasions() if name.startswith("accounts.")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_about_accounts_read_well(occasion, language):
    letter = rendering.render(
        occasion,
        language=language,
        context={"code": "ABCD-EFGH", "changed_at": timezone.now(), "ip": "192.0.2.7", "change": "totp_activated"},
        recipient_name="Анна",
        recipient_email="anna@example.org",
    )
    assert letter.subject
    assert "Анна" in letter.text
    assert "anna@example.org" in letter.text
    assert ("ABCD-EFGH" in letter.text) == occasion.endswith("code")
    assert "{" not in letter.text
    assert "\x02" not in letter.text + letter.html
    assert "\n\n\n" not in letter.text
    assert bool(re.search("[а-яё]", letter.text.replace("Анна", ""))) == (language == "ru")
    assert bool(re.search("[\u4e00-\u9fff]", letter.text)) == (language == "zh-hans")


@pytest.mark.parametrize(
    "text",
    [
        "Company: {{ company }}",
        '{% fact "Company" company %}',
        "{% quote company %}",
        "- {{ company }}\n- x",
        "{% code company %}",
        "{% button site_url company %}",
        "{% link site_url company %}",
    ],
)
def test_what_a_user_wrote_makes_no_markup_and_no_link(letter_of, text):
    letter = letter_of(f"{{% greeting %}}\n\n{text}", company=NASTY, recipient_name=NASTY)
    links = re.findall(r'<a [^>]*href="([^"]*)"', letter.html)
    assert set(links) == {settings.SITE_URL}
    assert "<b>" not in letter.html
    assert "&lt;b&gt;x&lt;/b&gt;" in letter.html
    assert "http://evil" not in letter.text + letter.html
    assert "www.evil" not in letter.text + letter.html


def test_a_name_cannot_imitate_a_mark(letter_of):
    letter = letter_of("{{ name }} {% code 'A' %}", name="\x020:0\x03 \x020000000000000000:0\x03")
    assert "\x02" not in letter.text
    assert letter.html.count("Menlo") == 0  # the code stands inside a sentence: no box


def test_the_subject_is_one_short_line(letter_of):
    letter = letter_of("x", subject="{{ company }}", company="A\r\nBcc: spy@example.org\u2028" + "名" * 1000)
    assert len(letter.subject) == rendering.LONGEST_SUBJECT
    assert letter.subject.startswith("A Bcc: spy@example.org 名")
    assert "\n" not in letter.subject


def test_the_tags_in_plain_text_and_html(letter_of):
    letter = letter_of(
        """{% greeting %}

Read {% link "https://fair.example/rules" "the rules" %}.

{% fact "Stand" "A-12" %}
{% fact "Area" "18 m²" %}

- one
- two

{% button "https://fair.example/offer" "See the offer" %}
""",
        recipient_name="Li Wei",
    )
    assert letter.text.split("\n\n-- \n")[0] == (
        "Dear Li Wei,\n\nRead the rules (https://fair.example/rules).\n\nStand: A-12\nArea: 18 m²\n\n- one\n- two\n\n"
        "See the offer:\nhttps://fair.example/offer"
    )
    assert re.findall(r'<a href="([^"]*)"', letter.html)[:2] == ["https://fair.example/rules", "https://fair.example/offer"]
    assert letter.html.count("<li ") == 2


def test_a_number_and_its_word_stay_on_one_line_in_html(letter_of):
    letter = letter_of('Заявка № 7, 12 m².\n\n{% fact "Day" "5 февраля 2024 г." %}', subject="Application No. 7")
    for together in ("№\u00a07", "12\u00a0m²", "2024\u00a0г.", "No.\u00a07"):
        assert together in letter.html
    assert "\u00a0" not in letter.text + letter.subject


def test_html_fetches_nothing_and_runs_nothing(letter_of):
    html = letter_of("x").html
    assert not re.search(r"<(img|script|link|iframe|form|style)|url\(|@import| src=| on\w+=", html)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", ""])
def test_buttons_lead_to_web_addresses_only(address):
    with pytest.raises(ValueError, match="http"):
        Marks().leave(Mark("button", address, "x"))


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("*/templates/letters/*/*.txt")), ids=lambda path: path.name)
def test_no_letter_sends_its_reader_to_a_page_that_may_not_be_there(path):
    assert "site_url" not in path.read_text(encoding="utf-8")
