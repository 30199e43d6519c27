"""Many act at once: one gets the stand, and nobody waits for ever. On PostgreSQL: SQLite has one writer and nothing to race for."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from exhibitors.domain import announcements, applications, catalogue, endings, lapses, offers, placements, stand_staff, steps
from exhibitors.domain.stand_staff_values import DaysInput
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, ExhibitorRole
from exhibitors.models import Application, ApplicationStep, Exhibitor, PassQuota, Placement, PlacementDay, StandStaff, StandStaffDays
from fairs.models import Site
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import CoExhibitorFactory, CompanyFactory, CompanyMemberFactory, SiteWishFactory
from tests.factories.fairs import FairFactory
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

S = ApplicationStatus
CLERKS = 20
QUIET: dict[str, Any] = {"by": None, "now": NOW, "tell": False}


def twenty_clerks_offer_one_stand() -> Counter[str]:
    fair = FairFactory()
    waiting = [application_in(S.ADMITTED, fair=fair) for _ in range(CLERKS)]
    stand = stand_at(site_of(fair))

    def offer(application: Application) -> Callable[[], Any]:
        return lambda: placements.offer_stand(application_id=application.pk, stand_id=stand.pk, **QUIET)

    answers = at_once(*(offer(application) for application in waiting))
    return Counter("offered" if isinstance(answer, Placement) else answer.__name__ for answer in answers)


def test_of_twenty_offers_of_one_stand_one_is_made():
    answers = twenty_clerks_offer_one_stand()

    assert answers == {"offered": 1, "StandTaken": CLERKS - 1}
    assert Placement.objects.count() == 1
    assert PlacementDay.objects.count() == 5
    assert ApplicationStep.objects.count() == 1
    assert Counter(Application.objects.values_list("status", flat=True)) == {"admitted": CLERKS - 1, "stand_offered": 1}


@pytest.fixture
def _days_may_be_taken_twice() -> Iterator[None]:
    """Without the rule that holds a stand's day for one placement."""
    constraint = next(rule for rule in PlacementDay._meta.constraints if rule.name == "stand_taken_once_a_day")
    with connection.schema_editor() as editor:
        editor.remove_constraint(PlacementDay, constraint)
    yield
    Placement.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(PlacementDay, constraint)


@pytest.mark.usefixtures("_days_may_be_taken_twice")
def test_without_the_rule_the_same_twenty_get_the_stand_more_than_once(monkeypatch):
    """The control: the race is real, and it is the rule that decides it."""
    monkeypatch.setattr(offers, "require_free", lambda *_asked, **_facts: None)  # the look that spares most of them the work
    answers = twenty_clerks_offer_one_stand()

    assert answers["offered"] > 1


def test_twenty_acceptances_of_one_offer_are_one():
    application = application_in(S.STAND_OFFERED)

    answers = at_once(*[lambda: placements.accept_offer(application_id=application.pk, **QUIET)] * CLERKS)

    assert sum(isinstance(answer, Placement) for answer in answers) == 1
    assert answers.count(placements.NoOpenOffer) == CLERKS - 1
    assert ApplicationStep.objects.count() == 1
    assert Exhibitor.objects.count() == 1


@pytest.mark.parametrize("_round", range(5))
def test_an_acceptance_and_a_withdrawal_never_leave_half_of_each(_round):
    application = application_in(S.STAND_OFFERED)

    at_once(
        lambda: placements.accept_offer(application_id=application.pk, **QUIET),
        lambda: endings.withdraw(application_id=application.pk, **QUIET),
        lambda: placements.withdraw_offer(application_id=application.pk, **QUIET),
    )

    application.refresh_from_db()
    assert application.status == S.WITHDRAWN
    assert (PlacementDay.objects.count(), Exhibitor.objects.count()) == (0, 0)


def test_one_company_begins_one_application():
    fair, company = FairFactory(), CompanyFactory()

    answers = at_once(*[lambda: applications.create_draft(company=company, fair=fair, by=None, now=NOW)] * 8)

    assert sum(isinstance(answer, Application) for answer in answers) == 1
    assert Application.objects.count() == 1


def test_everybody_on_the_waiting_list_has_a_rank_of_its_own():
    fair = FairFactory()
    waiting = [application_in(S.SUBMITTED, fair=fair) for _ in range(8)]

    at_once(*[lambda one=one: applications.waitlist(application_id=one.pk, **QUIET) for one in waiting])

    assert sorted(Application.objects.values_list("waitlist_rank", flat=True)) == list(range(1, 9))


def test_a_step_does_not_wait_for_the_step_of_another_application():
    """A guest of two main exhibitors moves to the second, while a step holds the second's application."""
    first = application_in(S.ACCEPTED)
    second = application_in(S.ACCEPTED, fair=first.fair)
    guest = CompanyFactory()
    for application in (first, second):
        CoExhibitorFactory(application=application, company=guest, status=CoExhibitorStatus.ADMITTED)
    catalogue.refresh_application(first)
    is_held, is_done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                steps.locked(second.pk)
                is_held.set()
                is_done.wait(timeout=30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert is_held.wait(timeout=30)
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '5s'")
                endings.withdraw(application_id=first.pk, **QUIET)
        finally:
            is_done.set()
            holding.result()

    row = Exhibitor.objects.get(company=guest)
    assert (row.application, row.role) == (second, ExhibitorRole.CO)


def test_a_site_cut_short_at_the_same_moment_waits_for_a_wish_that_is_not_committed_yet():
    application = application_in(S.DRAFT)
    site = site_of(application.fair)
    application.site_wishes.all().delete()
    written, cut = threading.Event(), threading.Event()

    def wish() -> str:
        with transaction.atomic():
            SiteWishFactory(application=application, site=site)
            written.set()
            assert not cut.wait(timeout=0.5)  # the other one waits: its answer cannot come before this commit
        return "written"

    def narrow() -> str:
        written.wait(timeout=60)
        try:
            Site.objects.filter(pk=site.pk).update(ends_on=site.ends_on - timedelta(days=1))
        except IntegrityError:
            return "refused"
        finally:
            cut.set()
        return "cut"

    assert at_once(wish, narrow) == ["written", "refused"]


def test_of_twenty_people_at_once_as_many_are_named_as_there_are_passes():
    application = application_in(S.ADMITTED)
    site = site_of(application.fair)
    PassQuota.objects.create(fair=application.fair, from_area_m2=0, passes=3)
    person: dict[str, Any] = {"role": "sales", "days": [DaysInput(site)], "application_id": application.pk, "by": None, "now": NOW}
    names = [f"ANNA {letter * 3}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:CLERKS]]

    answers = at_once(*[lambda name=name: stand_staff.add(name_in_latin=name, **person) for name in names])

    assert sum(isinstance(answer, StandStaff) for answer in answers) == 3
    assert answers.count(stand_staff.PassesUsedUp) == CLERKS - 3
    assert StandStaff.objects.count() == StandStaffDays.objects.count() == 3


@pytest.mark.parametrize("_round", range(5))
def test_of_an_acceptance_a_lapse_and_a_withdrawal_one_wins(_round):
    """The exhibitor answers by phone at the moment the clock lets the offer lapse."""
    application = application_in(S.STAND_OFFERED)
    offer = application.placements.get()
    Placement.objects.filter(pk=offer.pk).update(answer_by=NOW - timedelta(seconds=1))

    at_once(
        lambda: placements.accept_offer(application_id=application.pk, on_behalf=True, **QUIET),
        *[lambda: lapses.lapse(placement_id=offer.pk, now=NOW)] * 4,
    )

    offer.refresh_from_db()
    application.refresh_from_db()
    steps_taken = list(ApplicationStep.objects.values_list("step", flat=True))
    assert (offer.status, application.status, steps_taken) in [
        ("accepted", S.ACCEPTED, ["accept-offer"]),
        ("lapsed", S.ADMITTED, ["lapse"]),
    ]
    assert PlacementDay.objects.exists() == (offer.status == "accepted")


def unlocked(application_id: int) -> Application:
    return Application.objects.select_related("fair", "company__region").get(pk=application_id)


def test_without_the_lock_an_offer_ends_more_than_once(monkeypatch):
    """The control: the race is real, and it is the lock that decides it."""
    monkeypatch.setattr(steps, "locked", unlocked)
    for _ in range(10):
        offer = application_in(S.STAND_OFFERED).placements.get()
        Placement.objects.filter(pk=offer.pk).update(answer_by=NOW - timedelta(seconds=1))
        at_once(*[lambda pk=offer.pk: lapses.lapse(placement_id=pk, now=NOW)] * 8)
        if ApplicationStep.objects.filter(placement=offer).count() > 1:
            return
    raise AssertionError("nobody raced")


@pytest.mark.parametrize("_round", range(3))
def test_two_workers_at_once_announce_once(_round):
    fair = FairFactory()
    waiting = [application_in(S.SUBMITTED, fair=fair) for _ in range(6)]
    for application in waiting:
        CompanyMemberFactory(company=application.company)
        applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    announcement = announcements.create(fair=fair, by=None, now=NOW)

    told = at_once(*[lambda: announcements.announce_due(now=NOW)] * 4)

    assert sum(told) == 6
    assert Letter.objects.filter(occasion="exhibitors.admitted").count() == 6
    announcement.refresh_from_db()
    assert announcement.done_at == NOW


@pytest.mark.parametrize("_round", range(5))
def test_a_withdrawal_beside_the_announcement_is_told_of_all_or_of_nothing(_round):
    application = application_in(S.SUBMITTED)
    CompanyMemberFactory(company=application.company, user__email="owner@example.com")
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    announcements.create(fair=application.fair, by=None, now=NOW)

    at_once(
        lambda: announcements.announce_due(now=NOW),
        lambda: endings.withdraw(application_id=application.pk, **QUIET),
    )

    application.refresh_from_db()
    assert (application.status, application.told_status) == (S.WITHDRAWN, S.WITHDRAWN)
    step = ApplicationStep.objects.get(step="admit")
    letters = Letter.objects.filter(recipient_email="owner@example.com").count()
    assert (letters, step.announced_at, step.voided_at) in [(1, NOW, None), (0, None, NOW)]
