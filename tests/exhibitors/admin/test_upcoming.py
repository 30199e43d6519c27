"""The page of what will be sent in the next 14 days."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

import clock as business_clock
from exhibitors.admin import upcoming, upcoming_parts
from exhibitors.models import ApplicationStep, Mailing, MailingRecipient
from notifications.models import Letter
from tests.exhibitors.domain.test_reminders import an_exhibitor
from tests.factories.exhibitors import AnnouncementFactory, PlacementFactory
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory
from tests.roles.world import _letter

pytestmark = pytest.mark.django_db
READER = {"email": "a@example.com", "language": "en", "time_zone": "Asia/Shanghai"}


def shown(client):
    page = client.get(reverse("admin:exhibitors_application_upcoming"))
    return [(one.what, one.count) for _day, those in page.context["days"] for one in those], page


@pytest.fixture
def fair(client, clock):
    fair = FairFactory(status="published")
    client.force_login(StaffMembershipFactory(fair=fair).user)
    return fair


def test_letters_for_later_announcements_and_reminders_of_the_own_fair_are_listed(client, fair):
    now = business_clock.now()
    for number, place in enumerate((fair, FairFactory())):
        letter = _letter(place, "exhibitors.admitted", f"mark{number}")
        Letter.objects.filter(pk=letter.pk).update(status="queued", due_at=timezone.now() + timedelta(days=2))
    held = _letter(fair, "exhibitors.rejected", "held")
    Letter.objects.filter(pk=held.pk).update(status="queued", is_held=True)
    application = an_exhibitor(fair)
    announcement = AnnouncementFactory(fair=fair, at=now + timedelta(days=3))
    ApplicationStep.objects.create(
        application=application, step="admit", from_status="submitted", to_status="admitted", at=now, held=True, announcement=announcement
    )
    DeadlineFactory(fair=fair, code="anything", audience="all", due_at=now + timedelta(days=10))
    found, page = shown(client)
    assert ("Admitted", 1) in found
    assert ("announcement of held decisions", 1) in found
    assert [count for what, count in found if what.startswith("reminders of deadlines")] == [
        1
    ] * 5  # what is late already; 7, 3, 1 and 0 days before
    assert [count for what, count in found if what.startswith("to staff: deadlines")] == [1]  # a task
    assert len(found) == 8
    assert page.context["held"] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_any_number_of_letters(client, fair, count, django_assert_num_queries):
    for number in range(count):
        letter = _letter(fair, "exhibitors.admitted", f"mark{number}")
        Letter.objects.filter(pk=letter.pk).update(status="queued", due_at=timezone.now() + timedelta(days=number))
    with django_assert_num_queries(19 if settings.REDIS_URL else 20):  # without Redis the look is kept in the database
        found, _page = shown(client)
    assert sum(number for _what, number in found) == count


def test_beyond_fourteen_days_nothing_is_told(client, fair):
    letter = _letter(fair, "exhibitors.admitted", "late")
    Letter.objects.filter(pk=letter.pk).update(status="queued", due_at=timezone.now() + timedelta(days=15))
    DeadlineFactory(fair=fair, code="anything", audience="all", due_at=business_clock.now() + timedelta(days=30))
    assert shown(client)[0] == []


def test_a_row_names_its_readers_with_language_and_time_and_what_the_letter_is_about(client, fair):
    now = business_clock.now()
    for number in range(2):
        DeadlineFactory(fair=fair, code=f"one-{number}", title_en=f"Deadline {number}", audience="all", due_at=now + timedelta(days=10))
    application = an_exhibitor(fair, "anna@example.com")
    _found, page = shown(client)
    [one, *_rest] = [one for _day, those in page.context["days"] for one in those if one.what.startswith("reminders of")]
    [line] = one.named
    assert (line.email, line.language) == ("anna@example.com", "English")
    assert "Asia/Shanghai (UTC+8)" in line.moment
    assert list(line.about) == [f"Deadline {number}: {application.company}" for number in range(2)]


def test_readers_and_companies_are_found_and_a_row_can_be_opened(client, fair, monkeypatch):
    monkeypatch.setattr(upcoming_parts, "NAMED", 1)
    monkeypatch.setattr(upcoming, "PAGE_SIZE", 2)
    DeadlineFactory(fair=fair, code="anything", audience="all", due_at=business_clock.now() + timedelta(days=10))
    names = ["Мёд", "Краб", "Чай"]
    for number, name in enumerate(names):
        application = an_exhibitor(fair, f"reader{number}@example.com")
        type(application.company).objects.filter(pk=application.company_id).update(legal_name=name, name_ru="", name_en="", name_zh_hans="")
    _found, page = shown(client)
    row = next(one for _day, those in page.context["days"] for one in those if one.what.startswith("reminders of"))
    assert (row.count, len(row.named), row.more) == (3, 1, 2)
    opened = client.get(reverse("admin:exhibitors_application_upcoming"), {"of": row.key, "p": 2})
    assert [line.email for line in opened.context["shown"]] == ["reader2@example.com"]
    for query in ("мед", "READER0"):
        page = client.get(reverse("admin:exhibitors_application_upcoming"), {"q": query})
        rows = [one for _day, those in page.context["days"] for one in those if one.what.startswith("reminders of")]
        assert {line.email for one in rows for line in one.named} == {"reader0@example.com"}


def test_of_a_large_fair_what_was_worked_out_is_shown_for_two_minutes(client, fair, monkeypatch):
    monkeypatch.setattr(upcoming_parts, "MANY", 1)
    DeadlineFactory(fair=fair, code="anything", audience="all", due_at=business_clock.now() + timedelta(days=10))
    an_exhibitor(fair)
    first, _page = shown(client)
    monkeypatch.setattr(upcoming_parts, "reminders_ahead", None)
    assert shown(client)[0] == first


def test_letters_about_drafts_documents_and_open_offers_are_listed(client, fair):
    now = business_clock.now()
    application = an_exhibitor(fair, "anna@example.com", status="draft", told_status="draft", created_at=now - timedelta(days=2))
    PlacementFactory(application=an_exhibitor(fair), status="offered", answer_by=now + timedelta(days=5))
    found, page = shown(client)
    assert found == [("Draft not submitted", 1), ("Offer lapsed", 1), ("Draft not submitted", 1)]
    [line] = page.context["days"][0][1][0].readers
    assert (line.email, line.about) == ("anna@example.com", [str(application.company)])


def test_of_another_fair_neither_announcements_nor_mailings_are_listed(client, fair):
    now, elsewhere = business_clock.now(), FairFactory(status="published")
    application = an_exhibitor(elsewhere)
    announcement = AnnouncementFactory(fair=elsewhere, at=now + timedelta(days=3))
    ApplicationStep.objects.create(
        application=application, step="admit", from_status="submitted", to_status="admitted", at=now, held=True, announcement=announcement
    )
    mailing = Mailing.objects.create(fair=elsewhere, at=now + timedelta(days=3), subject_en="Not yours", created_at=now)
    MailingRecipient.objects.create(mailing=mailing, application=application, address="a@example.com", **READER)
    assert shown(client)[0] == []
    StaffMembershipFactory(fair=elsewhere, user=fair.staff.get().user)
    assert shown(client)[0] == [("announcement of held decisions", 1), ("mailing: Not yours", 1)]
