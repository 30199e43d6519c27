"""What is said to come is what comes, when nobody does anything until then."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from exhibitors.domain import reminders
from exhibitors.domain.reminders_ahead import reminders_ahead
from exhibitors.models import DeadlineExtension
from fairs.enums import RungReader, StaffRole
from fairs.models import Rung
from notifications.models import Letter
from tests.exhibitors.domain.test_reminders import DAY, DUE, NINE, an_exhibitor, staff
from tests.exhibitors.hours import HOUR, hours_to_look_at
from tests.factories.exhibitors import CompanyContactFactory
from tests.factories.fairs import DeadlineFactory, FairFactory

pytestmark = pytest.mark.django_db


def planned(fair, now: datetime, until: datetime) -> list[tuple[datetime, bool, str, int]]:
    found = reminders_ahead(fair, now=now, until=until)
    return sorted((letter.at, letter.for_staff, box.reader.address, len(letter.told)) for box in found.mailboxes for letter in box.letters)


@pytest.mark.parametrize(("begins", "days", "at_least"), [(timedelta(0), 8, 20), (timedelta(hours=13), 3, 8)])
def test_each_letter_is_foreseen_to_the_hour(begins, days, at_least):
    fair = FairFactory()
    responsible = staff("desk@example.com", fair)
    staff("coordinator@example.com", fair, StaffRole.REGIONAL_COORDINATOR, "RU-PRI")
    unticked = staff("quiet@example.com", fair)
    User.objects.filter(pk=unticked.pk).update(notices_at_once=[])
    contract = DeadlineFactory(fair=fair, code="contract", due_at=DUE, consequence_en="No stand.")
    Rung.objects.create(deadline=contract, offset=-2, reader=RungReader.RESPONSIBLE)
    DeadlineFactory(fair=fair, code="visa", due_at=DUE + DAY)
    later = DeadlineFactory(fair=fair, code="labels", due_at=DUE + DAY - 6 * HOUR)
    first = an_exhibitor(fair, responsible=responsible)
    an_exhibitor(fair, "second@example.com", responsible=unticked)
    for zone in ["Asia/Shanghai", "Europe/Moscow", "Asia/Kamchatka"]:
        CompanyContactFactory(company=first.company, role="operations", email=f"{zone[-4:]}@example.com", language="ru", time_zone=zone)
    DeadlineExtension.objects.create(application=first, deadline=later, due_at=DUE + 3 * DAY, at=NINE - 20 * DAY)
    now = NINE - 4 * DAY + begins
    until = now + days * DAY
    reminders.remind(now=now)  # what is late by then has been told
    expected = planned(fair, now, until)
    seen = []
    for moment in hours_to_look_at([each[0] for each in expected], begin=now, end=until)[1:]:
        before = set(Letter.objects.values_list("pk", flat=True))
        reminders.remind(now=moment)
        new = Letter.objects.exclude(pk__in=before)
        seen += [(moment, letter.occasion.endswith("staff_deadline_reminder"), letter.recipient_email) for letter in new]
    assert len(seen) >= at_least
    assert sorted(seen) == [each[:3] for each in expected]
    assert [each[2] for each in seen if each[1]].count("quiet@example.com") == 1


def test_what_is_late_at_night_comes_in_the_morning_and_with_what_comes_then():
    fair = FairFactory()
    DeadlineFactory(fair=fair, code="contract", due_at=DUE)
    an_exhibitor(fair, "anna@example.com")
    night = (NINE - 6 * DAY).replace(hour=2)
    [(at, for_staff, address, told), *_rest] = planned(fair, night, night + 14 * DAY)
    assert (at, for_staff, address, told) == (night.replace(hour=9), False, "anna@example.com", 1)


def test_a_fair_that_is_not_published_reminds_of_nothing():
    fair = FairFactory(status="draft")
    DeadlineFactory(fair=fair, code="contract", due_at=DUE)
    an_exhibitor(fair)
    assert planned(fair, NINE - 4 * DAY, NINE) == []


def test_what_is_late_comes_with_the_step_of_the_same_day():
    """Due before eight in the morning, the last reminder goes at five the day before; what was missed at nine goes with it."""
    fair = FairFactory()
    DeadlineFactory(fair=fair, code="dawn", due_at=NINE - 2 * HOUR)
    an_exhibitor(fair)
    noon = (NINE - DAY).replace(hour=12)
    assert planned(fair, noon, noon + 14 * DAY) == [(noon.replace(hour=17), False, "owner@example.com", 1)]


def test_what_is_late_at_night_comes_at_once_where_it_is_due_before_the_morning():
    fair = FairFactory()
    DeadlineFactory(fair=fair, code="dawn", due_at=NINE - HOUR)
    an_exhibitor(fair)
    night = NINE.replace(hour=3)
    assert planned(fair, night, night + DAY) == [(night, False, "owner@example.com", 1)]


def test_what_has_expired_comes_no_more():
    fair = FairFactory()
    DeadlineFactory(fair=fair, code="contract", due_at=DUE)
    an_exhibitor(fair)
    assert planned(fair, DUE + HOUR, DUE + DAY) == []
