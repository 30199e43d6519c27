"""What was sent to an exhibitor and what became of it, on one page."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from fairs.models import Fair
from notifications.models import Letter
from tests.factories.exhibitors import ApplicationFactory, CoExhibitorFactory, CompanyMemberFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory
from tests.roles.world import _letter

pytestmark = pytest.mark.django_db


def letter(fair, key, **fields):
    made = _letter(fair, "exhibitors.admitted", key)
    Letter.objects.filter(pk=made.pk).update(**{"status": "queued", **fields})
    return made


@pytest.fixture
def application(client):
    application = ApplicationFactory(submitted=True)
    client.force_login(StaffMembershipFactory(fair=application.fair).user)
    return application


def shown(client, name, row):
    page = client.get(reverse(f"admin:exhibitors_{name}_letters", args=[row.pk]))
    return [(one["letter"].pk, one["outcome"].value) for _day, rows in page.context["days"] for one in rows], page


def test_all_that_concerns_the_exhibitor_is_told_with_what_became_of_it(client, application):
    member = CompanyMemberFactory(company=application.company, user__email="Li.Wei@example.org")
    co = CoExhibitorFactory(application=application)
    now = timezone.now()
    of_it = [
        letter(
            application.fair,
            "a",
            about=f"application:{application.pk}",
            status="sent",
            sent_at=now,
            bounced_at=now,
            report="550 5.2.2 full",
        ),
        letter(application.fair, "b", recipient_email="li.wei@EXAMPLE.org", status="failed", last_error="450 try later"),
        letter(application.fair, "c", about=f"co_exhibitor:{co.pk}", is_held=True),
    ]
    letter(application.fair, "d", about=f"application:{application.pk}0")
    letter(application.fair, "e", recipient_email="somebody@example.org")
    elsewhere = letter(FairFactory(), "f", recipient_email=member.user.email)
    found, page = shown(client, "application", application)
    assert sorted(found) == sorted(zip([one.pk for one in of_it], ["bounced", "failed", "held"], strict=True))
    text = page.content.decode()
    assert "550 5.2.2 full" in text
    assert "450 try later" in text
    of_company, _page = shown(client, "company", application.company)
    assert {pk for pk, _outcome in of_company} == {of_it[0].pk, of_it[1].pk}
    assert elsewhere.pk not in {pk for pk, _outcome in of_company}, "another fair's"


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_any_number_of_letters(client, application, count, django_assert_num_queries):
    for number in range(count):
        letter(application.fair, str(number), about=f"application:{application.pk}")
    # session, person, roles, the application with wishes, stands and what is held, count, letters, clock
    with django_assert_num_queries(10):
        found, _page = shown(client, "application", application)
    assert len(found) == count


def test_a_long_story_has_pages(client, application):
    same = {"occasion": "exhibitors.admitted", "fair": application.fair, "about": f"application:{application.pk}", "language": "en"}
    Letter.objects.bulk_create(Letter(key=str(n), message_id=f"<{n}@x>", recipient_email="a@example.org", **same) for n in range(51))
    found, page = shown(client, "application", application)
    assert len(found) == 50
    assert page.context["shown"].paginator.num_pages == 2


def test_each_moment_has_the_distance_from_utc_of_its_own_date(client, application):
    """Berlin's clocks are set twice a year; the letter of July came back in November."""
    Fair.objects.filter(pk=application.fair_id).update(time_zone="Europe/Berlin")
    july, november = (datetime(2025, month, 10, 7, tzinfo=UTC) for month in (7, 11))
    letter(application.fair, "a", about=f"application:{application.pk}", created_at=july, status="sent", sent_at=july, bounced_at=november)
    letter(application.fair, "b", about=f"application:{application.pk}", created_at=november, status="sent", sent_at=november)
    _found, page = shown(client, "application", application)
    rows = [row for _day, those in page.context["days"] for row in those]
    assert [row["time"] for row in rows] == ["08:00 (UTC+1)", "09:00 (UTC+2)"]
    assert [row["moment"][-14:] for row in rows] == [" 08:00 (UTC+1)"] * 2
    text = page.content.decode()
    assert ("09:00 (UTC+2)" in text, page.context["zone"]) == (True, "Berlin")
