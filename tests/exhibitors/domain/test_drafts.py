"""Drafts that lie: reminded of after 3 and 10 days, once each."""

from datetime import timedelta

import pytest

from exhibitors.domain import applications, drafts, endings
from exhibitors.enums import ApplicationStatus
from fairs.enums import FairStatus
from fairs.models import Fair
from notifications.models import Letter
from tests.exhibitors.world import NOW
from tests.factories.exhibitors import CompanyContactFactory, CompanyFactory, CompanyMemberFactory
from tests.factories.fairs import FairFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def draft():
    company = CompanyFactory()
    CompanyMemberFactory(company=company, user__email="owner@example.com")
    return applications.create_draft(company=company, fair=FairFactory(), by=None, now=NOW)


def letters() -> int:
    return Letter.objects.filter(occasion="exhibitors.draft_waiting").count()


def test_after_three_and_ten_days_once_each(draft):
    seen = []
    for days in (2, 3, 4, 9, 10, 11, 30):
        drafts.remind(now=NOW + DAY * days)
        drafts.remind(now=NOW + DAY * days)
        seen.append(letters())
    assert seen == [0, 1, 1, 1, 2, 2, 2]


def test_an_address_that_is_none_keeps_no_other_draft_from_being_reminded_of(draft):
    CompanyContactFactory(company=draft.company, email="not an address")
    other = CompanyMemberFactory(user__email="other@example.com")
    applications.create_draft(company=other.company, fair=draft.fair, by=None, now=NOW)
    assert [drafts.remind(now=NOW + DAY * 3) for _tick in range(2)] == [1, 0]
    assert list(Letter.objects.values_list("recipient_email", flat=True)) == ["other@example.com"]
    draft.company.contacts.all().delete()
    assert drafts.remind(now=NOW + DAY * 3) == 1


def test_when_nobody_looked_in_between_only_the_later_one_goes(draft):
    assert drafts.remind(now=NOW + DAY * 12) == 1
    assert letters() == 1


def test_what_was_withdrawn_or_sent_is_left_alone(draft):
    endings.withdraw(application_id=draft.pk, by=None, now=NOW)
    assert drafts.remind(now=NOW + DAY * 3) == 0


@pytest.mark.parametrize(
    "change", [{"status": FairStatus.ARCHIVED}, {"takes_late_applications": False, "applications_close_at": NOW + DAY}]
)
def test_a_fair_that_takes_no_applications_any_more_reminds_of_none(draft, change):
    Fair.objects.filter(pk=draft.fair_id).update(**change)
    assert drafts.remind(now=NOW + DAY * 3) == 0


def test_a_fair_reminds_to_the_end_of_its_last_day_on_its_own_clock(draft):
    last = (NOW + DAY * 5).date()
    Fair.objects.update(starts_on=last, ends_on=last, time_zone="Pacific/Kiritimati")  # UTC+14
    midnight = NOW.replace(hour=10, minute=0) + DAY * 5
    drafts.remind(now=midnight)
    assert letters() == 0
    drafts.remind(now=midnight - timedelta(seconds=1))
    assert letters() == 1


def test_a_draft_is_as_old_as_the_business_clock_says(draft):
    draft.refresh_from_db()
    assert (draft.created_at, draft.status) == (NOW, ApplicationStatus.DRAFT)
