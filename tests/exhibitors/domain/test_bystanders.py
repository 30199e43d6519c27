"""What is done with one application leaves all others as they are: at the same site, in each state, with all that hangs on them."""

from typing import Any

import pytest

from accounts.models import User
from exhibitors.domain import announcements, planning
from exhibitors.domain.take_step import take_step
from exhibitors.enums import HOLDABLE_STEPS, PEOPLE_STEPS, STEPS, ApplicationStatus, Step
from exhibitors.models import Application, ApplicationStep, DeadlineExtension, Exhibitor, Placement, PlacementDay, StandHold
from fairs.models import Fair
from notifications.models import Letter
from tests.cases import case
from tests.exhibitors.world import NOW, application_in, arguments, site_of, stand_at, with_open_offer
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyMemberFactory, StandHoldFactory
from tests.factories.fairs import FairFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus
TO_WHO_WAITS = "exhibitors.stand_fallen_free"  # the one letter that others get: those on the waiting list
OF_WHAT_IS_HELD = {(Step.TAKE_BACK, status) for status in S} | {(Step.WITHDRAW_OFFER, S.ADMITTED)}


@pytest.fixture
def fair() -> Fair:
    return FairFactory(silence_accepts=False)


@pytest.fixture
def person() -> User:
    return UserFactory()


def stand_by(fair: Fair, person: User) -> list[Application]:
    """Of each state one as it is, and one of which more is under way: a decision held, another stand offered, a wish to move."""
    plain = [application_in(status, fair=fair) for status in S]
    busy = [application_in(status, fair=fair) for status in (S.IN_REVIEW, S.ADMITTED, S.ACCEPTED, S.ACCEPTED)]
    for application, step in zip(busy, (Step.REJECT, Step.OFFER_STAND, Step.RELOCATE), strict=False):
        values = arguments(step, application)
        take_step(step, application_id=application.pk, by=person, now=NOW, for_exhibitor=False, hold=True, **values)
    with_open_offer(busy[-1])
    take_step(Step.REQUEST_MOVE, application_id=busy[-1].pk, by=person, now=NOW, for_exhibitor=False, reason="It is dark.")
    extended = arguments(Step.EXTEND_DEADLINE, plain[0])
    take_step(Step.EXTEND_DEADLINE, application_id=plain[0].pk, by=person, now=NOW, for_exhibitor=False, **extended)
    StandHoldFactory(stand=stand_at(site_of(fair)), application=plain[0])
    for application in (*plain, *busy):
        CompanyMemberFactory(company=application.company)
    return [*plain, *busy]


def all_of(applications: list[Application]) -> dict[str, list[Any]]:
    """Every row that a step may touch."""
    theirs = {"application__in": applications}
    rows = {
        "applications": Application.objects.filter(pk__in=[one.pk for one in applications]),
        "placements": Placement.objects.filter(**theirs),
        "days": PlacementDay.objects.filter(placement__application__in=applications),
        "steps": ApplicationStep.objects.filter(**theirs),
        "exhibitors": Exhibitor.objects.filter(**theirs),
        "extensions": DeadlineExtension.objects.filter(**theirs),
        "holds": StandHold.objects.filter(**theirs),
    }
    return {name: list(found.order_by("pk").values()) for name, found in rows.items()}


def taken_with(application: Application, step: Step, person: User, **more: Any) -> None:
    """Take a step, after what it needs beside the application's state."""
    if step in (Step.WITHDRAW_OFFER, Step.ACCEPT_OFFER, Step.DECLINE_OFFER, Step.RELOCATE) and application.status == S.ACCEPTED:
        with_open_offer(application)
    if step == Step.CLOSE_MOVE:
        Application.objects.filter(pk=application.pk).update(move_requested_at=NOW)
    values = {**arguments(step, application), **more}
    take_step(step, application_id=application.pk, by=person, now=NOW, for_exhibitor=True, **values)


def test_no_step_touches_another_application(fair: Fair, person: User) -> None:
    others = stand_by(fair, person)
    before, letters = all_of(others), set(Letter.objects.values_list("pk", flat=True))
    assert [name for name, rows in before.items() if not rows] == [], "of every kind there is something that might be touched"
    theirs = {member.user.email for one in others for member in one.company.members.select_related("user")}
    for status in dict.fromkeys(status for origins in STEPS.values() for status in origins):
        own = application_in(status, fair=fair)
        CompanyMemberFactory(company=own.company)
        for step in (step for step in PEOPLE_STEPS if step in STEPS and status in STEPS[step] and (step, status) not in OF_WHAT_IS_HELD):
            with case(f"{step} of {status}"):
                taken_with(Application.objects.get(pk=own.pk), step, person)
                after = all_of(others)
                assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
                written = Letter.objects.exclude(pk__in=letters).exclude(occasion=TO_WHO_WAITS)
                assert theirs.isdisjoint(written.values_list("recipient_email", flat=True))


@pytest.mark.parametrize("step", HOLDABLE_STEPS)
def test_what_is_held_is_taken_back_or_announced_alone(fair: Fair, person: User, step: Step) -> None:
    others = stand_by(fair, person)
    own = application_in(next(iter(STEPS[step])), fair=fair)
    taken_with(own, step, person, hold=True)
    before = all_of(others)
    with case("taken back"):
        taken_with(Application.objects.get(pk=own.pk), Step.TAKE_BACK, person)
        assert all_of(others) == before
    announced = announcements.create(fair=fair, by=person, now=NOW, at=None, application_ids=[own.pk])
    announcements.announce_due(now=NOW)
    assert all_of(others) == before
    assert list(ApplicationStep.objects.exclude(announced_at=None).values_list("announcement", "application")) == [(announced.pk, own.pk)]


def test_a_plan_that_is_made_moved_taken_off_or_undone_leaves_all_other_plans(fair: Fair, person: User) -> None:
    """Those of the same person before and of a colleague, at this fair and at another."""
    elsewhere = FairFactory()
    for planner, place in ((person, fair), (UserFactory(), fair), (person, elsewhere), (person, fair)):
        planned(application_in(S.ADMITTED, fair=place), planner)
    own, own_too = planned(application_in(S.ADMITTED, fair=fair), person), planned(application_in(S.ADMITTED, fair=fair), person)
    others = list(Application.objects.exclude(pk__in=[own.application_id, own_too.application_id]))
    before = all_of(others)
    for name, verb in {
        "moved": lambda: planning.move(placement_id=own.pk, stand_id=stand_at(site_of(fair)).pk, by=person, now=NOW),
        "taken off": lambda: planning.unplan(placement_id=own_too.pk, by=person, now=NOW),
        "all taken off": lambda: planning.unplan_all(placement_ids=[own.pk, own_too.pk], by=person, now=NOW),
        "undone": lambda: planning.undo(fair=fair, by=person, now=NOW),
    }.items():
        with case(name):
            verb()
            assert all_of(others) == before
            left = Placement.objects.plans().exclude(application__in=others).values_list("application", flat=True)
            assert sorted(left) == [one.application_id for one in (own, own_too)][: LEFT[name]], "its own is what was meant"


LEFT = {"moved": 2, "taken off": 1, "undone": 1, "all taken off": 0}  # of the two plans


def planned(application: Application, by: User) -> Placement:
    stand = stand_at(site_of(application.fair))
    return planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=by, now=NOW)
