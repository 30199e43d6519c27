"""The page of what will be sent in the next 14 days."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import clock as business_clock
from exhibitors.models import ApplicationStep
from notifications.models import Letter
from tests.factories.exhibitors import AnnouncementFactory, ApplicationFactory
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory
from tests.roles.world import _letter

pytestmark = pytest.mark.django_db


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
    application = ApplicationFactory(fair=fair, submitted=True)
    announcement = AnnouncementFactory(fair=fair, at=now + timedelta(days=3))
    ApplicationStep.objects.create(
        application=application, step="admit", from_status="submitted", to_status="admitted", at=now, held=True, announcement=announcement
    )
    DeadlineFactory(fair=fair, code="anything", audience="all", due_at=now + timedelta(days=10))
    found, page = shown(client)
    assert found[0] == ("Admitted", 1)
    assert ("announcement of held decisions", 1) in found
    assert [count for what, count in found if what.startswith("reminder: ")] == [1] * 5  # 7, 3, 1 and 0 days before; and a task
    assert len(found) == 7
    assert page.context["held"] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_any_number_of_letters(client, fair, count, django_assert_num_queries):
    for number in range(count):
        letter = _letter(fair, "exhibitors.admitted", f"mark{number}")
        Letter.objects.filter(pk=letter.pk).update(status="queued", due_at=timezone.now() + timedelta(days=number))
    with django_assert_num_queries(11):
        found, _page = shown(client)
    assert sum(number for _what, number in found) == count


def test_beyond_fourteen_days_nothing_is_told(client, fair):
    letter = _letter(fair, "exhibitors.admitted", "late")
    Letter.objects.filter(pk=letter.pk).update(status="queued", due_at=timezone.now() + timedelta(days=15))
    DeadlineFactory(fair=fair, code="anything", audience="all", due_at=business_clock.now() + timedelta(days=30))
    assert shown(client)[0] == []
