"""The next edition of a fair, at the desk and by command: seen before it is made, made once, and nobody is written to."""

from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from fairs.enums import StaffRole
from fairs.models import Fair
from notifications.models import Letter
from tests.factories.fairs import DeadlineFactory, FairFactory, SiteFactory, StandFactory
from tests.fairs.admin.test_desk import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    """27 January to 5 February 2030; a deadline on a Monday."""
    fair = FairFactory(slug="made-2030", name_en="Made 2030", starts_on=date(2030, 1, 27), ends_on=date(2030, 2, 5))
    StandFactory(hall__site=SiteFactory(fair=fair))
    DeadlineFactory(fair=fair, title_en="Catalogue entry", due_at=datetime(2030, 1, 14, 15, 59, 59, tzinfo=UTC))
    return fair


def sent(page: Any, **changed: Any) -> dict[str, Any]:
    """What the form of the page would send."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**values, "previewed": page.context["previewed"], **changed}.items() if value}


def test_an_owner_sees_what_moves_and_makes_the_draft(fair: Fair, clock: Any) -> None:
    owner = member(StaffRole.OWNER, fair)
    url = reverse("admin:fairs_fair_next_edition", args=[fair.pk])
    assert url.encode() in owner.get(reverse("admin:fairs_fair_change", args=[fair.pk])).content
    page = owner.get(url)
    begins = sent(page)
    assert (begins["slug"], begins["name_en"], begins["starts_on"], begins["edition"]) == ("made-2031", "Made 2031", date(2031, 1, 26), 2)
    moved = {row["what"]: row for row in page.context["moves"]}
    assert moved["Catalogue entry"]["after"] == "Mon 13 Jan 2031, 23:59"
    assert not moved["Catalogue entry"]["remarks"]
    # another day: the new preview first, with what falls on a Saturday; then the fair
    other = sent(page, starts_on="2031-01-24", make="1")
    again = owner.post(url, other)
    assert again.context["was_not_previewed"]
    assert {row["what"]: row["remarks"] for row in again.context["moves"]}["Catalogue entry"] == ["at the weekend"]
    assert Fair.objects.count() == 1
    answer = owner.post(url, {**other, "previewed": "2031-01-24"}, follow=True)
    made = Fair.objects.exclude(pk=fair.pk).get()
    assert answer.redirect_chain == [(reverse("admin:fairs_fair_change", args=[made.pk]), 302)]
    assert "1 site, 1 stand, 1 deadline. No letter went." in answer.content.decode()
    assert (made.status, made.deadlines.get().due_at) == ("draft", datetime(2031, 1, 11, 15, 59, 59, tzinfo=UTC))
    twice = owner.post(url, {**other, "previewed": "2031-01-24"})
    assert "slug" in twice.context["form"].errors
    assert (Fair.objects.count(), Letter.objects.count()) == (2, 0)


def test_a_holiday_and_a_moment_that_is_past_are_said(clock: Any) -> None:
    fair = FairFactory(starts_on=date(2024, 1, 27), ends_on=date(2024, 2, 5))
    DeadlineFactory(fair=fair, title_en="Catalogue entry", due_at=datetime(2023, 12, 1, 4, tzinfo=UTC))
    owner, url = member(StaffRole.OWNER, fair), reverse("admin:fairs_fair_next_edition", args=[fair.pk])
    page = owner.post(url, sent(owner.get(url), starts_on="2025-02-28", preview="1"))  # 398 days: 2 January
    remarks = {row["what"]: row["remarks"] for row in page.context["moves"]}["Catalogue entry"]
    assert remarks == ["past already: nobody is reminded of it", "a public holiday in RU"]


def test_the_command_says_what_moves_and_makes_it(fair: Fair) -> None:
    def run(*more: str) -> str:
        out = StringIO()
        call_command("clone_fair", "made-2030", "--slug", "made-2031", "--starts-on", "2031-01-26", *more, stdout=out)
        return out.getvalue()

    assert "Catalogue entry: Mon 2031-01-13 23:59" in run("--dry-run")
    assert Fair.objects.count() == 1
    assert "fair made-2031: a draft with" in run("--name-en", "Made again")
    made = Fair.objects.get(slug="made-2031")
    assert (made.name_en, made.name_ru, made.edition) == ("Made again", fair.name_ru, 2)
    with pytest.raises(CommandError, match="slug: "):
        run()
