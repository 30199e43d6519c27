"""A letter that is filled in reads to the byte as one that is rendered."""

import pytest
from django.utils import timezone

from notifications import outbox
from notifications.outbox import NewLetter
from notifications.stencil import Stencils

pytestmark = pytest.mark.django_db
NASTY = [
    *("Fish & Co", "", "<b>x</b> [click](http://evil.example)", "www.evil.example\u2028Bcc: a@b.c"),
    *("Рыба" * 100, "鱼 \u202e", "Zq000qZ", "a\r\nb"),
]


def letter(texts, *, name, to="reader@example.com", language="en") -> NewLetter:
    context = {"days": 3, "closes_at": None, "company": texts["company"], "fair": "Fair", "fair_zone": "UTC"}
    occasion = "exhibitors.draft_waiting"
    return NewLetter(key="k", to=to, occasion=occasion, language=language, name=name, context={**context, "application": {"pk": 7}})


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
@pytest.mark.parametrize("company", NASTY)
def test_filled_in_is_as_rendered(language, company):
    stencils = Stencils()
    for name in NASTY:
        for to in ("first@example.com", "o'second+x@example.com"):
            plain = outbox.draw(letter({"company": company}, name=name, to=to, language=language)).row
            made = stencils.draw(
                lambda texts, name=name, to=to: letter(texts, name=name, to=to, language=language), shape=(), texts={"company": company}
            ).row
            assert (made.subject, made.text, made.html) == (plain.subject, plain.text, plain.html)
            assert (made.recipient_email, made.recipient_name, made.due_at <= timezone.now()) == (to, plain.recipient_name, True)


def test_letters_of_one_shape_are_rendered_once(monkeypatch):
    stencils, calls = Stencils(), []
    render = outbox.rendering.render_shipped
    monkeypatch.setattr(outbox.rendering, "render_shipped", lambda *args: calls.append(1) or render(*args))
    for number in range(5):
        stencils.draw(
            lambda texts, number=number: letter(texts, name=f"N{number}", to=f"a{number}@example.com"),
            shape=(),
            texts={"company": f"C{number}"},
        )
    assert len(calls) == 1


def test_a_broken_text_fails_every_letter_that_is_filled_from_it(monkeypatch):
    def broken(*_args):
        raise ValueError("no such tag")

    monkeypatch.setattr(outbox.rendering, "render_shipped", broken)
    stencils = Stencils()
    made = [
        stencils.draw(lambda texts: letter(texts, name="N", to="a@example.com"), shape=(), texts={"company": "C"}).row for _ in range(2)
    ]
    assert [(row.status, row.text, "no such tag" in row.last_error) for row in made] == [("failed", "", True)] * 2
