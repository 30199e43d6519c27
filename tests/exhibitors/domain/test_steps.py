"""Every step from every state: the table says which are possible, and a refused one changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from exhibitors.domain import applications, placements, steps
from exhibitors.domain.take_step import take_step
from exhibitors.enums import PEOPLE_STEPS, STEPS, ApplicationStatus, PlacementStatus, Step
from exhibitors.models import Application, ApplicationStep
from tests.cases import case
from tests.exhibitors.world import ALL_PAIRS, NOW, application_in, arguments, site_of, snapshot, stand_at, with_open_offer
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import PlacementFactory, SiteWishFactory
from tests.factories.fairs import SiteFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus

# Written out once more, so that a slip in the product's table is seen.
POSSIBLE = {
    "submit": {S.DRAFT, S.CHANGES_REQUESTED},
    "start-review": {S.SUBMITTED},
    "request-changes": {S.SUBMITTED, S.IN_REVIEW},
    "admit": {S.SUBMITTED, S.IN_REVIEW, S.WAITLISTED},
    "waitlist": {S.SUBMITTED, S.IN_REVIEW, S.ADMITTED, S.WAITLISTED},
    "reject": {S.SUBMITTED, S.IN_REVIEW, S.WAITLISTED},
    "offer-stand": {S.ADMITTED, S.STAND_OFFERED, S.ACCEPTED},
    "withdraw-offer": {S.ADMITTED, S.STAND_OFFERED, S.ACCEPTED},
    "accept-offer": {S.STAND_OFFERED, S.ACCEPTED},
    "decline-offer": {S.STAND_OFFERED, S.ACCEPTED},
    "relocate": {S.STAND_OFFERED, S.ACCEPTED},
    "withdraw": {status for status in S if status not in S.ended},
    "cancel": {status for status in S if status not in S.ended and status != S.DRAFT},
    "lapse": {S.STAND_OFFERED, S.ACCEPTED},
    "take-back": {S.CHANGES_REQUESTED, S.ADMITTED, S.WAITLISTED, S.REJECTED, S.STAND_OFFERED, S.ACCEPTED},
    "extend-deadline": {status for status in S if status not in S.ended},
    "request-move": {S.ACCEPTED},
    "close-move": {S.ACCEPTED},
}
# The new state of the step from each possible one; STAND_OFFERED and ACCEPTED depend on what the application has.
TARGET = {
    "submit": S.SUBMITTED,
    "start-review": S.IN_REVIEW,
    "request-changes": S.CHANGES_REQUESTED,
    "admit": S.ADMITTED,
    "waitlist": S.WAITLISTED,
    "reject": S.REJECTED,
    "accept-offer": S.ACCEPTED,
    "withdraw": S.WITHDRAWN,
    "cancel": S.CANCELLED,
}
BY_PLACEMENTS = {
    ("offer-stand", S.ADMITTED): S.STAND_OFFERED,
    ("offer-stand", S.STAND_OFFERED): S.STAND_OFFERED,
    ("offer-stand", S.ACCEPTED): S.ACCEPTED,
    ("relocate", S.STAND_OFFERED): S.STAND_OFFERED,
    ("relocate", S.ACCEPTED): S.ACCEPTED,
    ("decline-offer", S.STAND_OFFERED): S.ADMITTED,
    ("decline-offer", S.ACCEPTED): S.ACCEPTED,
    ("withdraw-offer", S.STAND_OFFERED): S.ADMITTED,
    ("withdraw-offer", S.ACCEPTED): S.ACCEPTED,
}
CHANGES_NO_STATE = ("extend-deadline", "request-move", "close-move")
NEEDS_OFFER = (Step.ACCEPT_OFFER, Step.DECLINE_OFFER, Step.WITHDRAW_OFFER)


def test_the_table_of_steps_is_the_one_agreed_on():
    assert {step.value: set(origins) for step, origins in STEPS.items()} == POSSIBLE


# Of somebody admitted a held offer is withdrawn: tests/exhibitors/api/test_steps.py.
TELLING = [
    pair for pair in ALL_PAIRS if pair[0] in PEOPLE_STEPS and pair[0] != Step.TAKE_BACK and pair != (Step.WITHDRAW_OFFER, S.ADMITTED)
]


@pytest.mark.parametrize("status", S)
def test_no_step_is_possible_from_another_state(status):
    application = application_in(status)
    person = UserFactory()
    refused = [step for step, origin in TELLING if origin == status and status not in POSSIBLE[step.value]]
    given = {step: arguments(step, application) for step in refused}
    before = snapshot(application)
    for step, values in given.items():
        with writing() as written, pytest.raises(steps.StepNotAllowed) as refusal:
            take_step(step, application_id=application.pk, by=person, now=NOW, for_exhibitor=True, tell=False, **values)
        assert refusal.value.status == 409
        possible = refusal.value.facts.pop("possible_from")
        assert set(possible) == set(POSSIBLE[step.value])
        assert refusal.value.facts == {"step": step.value, "status": status.value}
        assert written == [], step
    assert snapshot(application) == before


@contextmanager
def writing() -> Iterator[list[str]]:
    """The statements that may have changed a row."""
    written = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")):
            written.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield written


@pytest.mark.parametrize("status", list(dict.fromkeys(status for step, status in TELLING if status in POSSIBLE[step.value])))
def test_a_step_is_possible_from_its_states(status):
    pk, person = application_in(status).pk, UserFactory()
    for step in [step for step, origin in TELLING if origin == status and status in POSSIBLE[step.value]]:
        with case(step):
            _is_possible(step, Application.objects.get(pk=pk), person)


def _is_possible(step: Step, application: Application, person: User) -> None:
    status = ApplicationStatus(application.status)
    if step in NEEDS_OFFER and status == S.ACCEPTED:
        with_open_offer(application)
    if step == Step.CLOSE_MOVE and status == S.ACCEPTED:
        Application.objects.filter(pk=application.pk).update(move_requested_at=NOW)
    values = arguments(step, application)

    take_step(step, application_id=application.pk, by=person, now=NOW, for_exhibitor=True, tell=False, **values)

    application.refresh_from_db()
    kept = status if step.value in CHANGES_NO_STATE else None
    assert application.status == (kept or TARGET.get(step.value) or BY_PLACEMENTS[(step.value, status)])
    assert application.told_status == application.status
    row = ApplicationStep.objects.get(application=application)
    assert (row.step, row.from_status, row.to_status, row.by, row.at) == (step.value, status, application.status, person, NOW)
    assert row.on_behalf == (step.value in ("submit", "accept-offer", "decline-offer", "withdraw", "request-move"))
    assert row.reason == values.get("reason", values.get("message", ""))
    assert (row.placement is not None) == (step in (*NEEDS_OFFER, Step.OFFER_STAND, Step.RELOCATE))


def test_the_settled_state_is_the_furthest_of_the_live_placements():
    application = application_in(S.ADMITTED)
    other = SiteFactory(fair=application.fair)
    SiteWishFactory(application=application, site=other)
    assert steps.settled_status(application) == S.ADMITTED

    PlacementFactory(application=application, stand=stand_at(site_of(application.fair)), status=PlacementStatus.PLANNED)
    assert steps.settled_status(application) == S.ADMITTED

    at_other = PlacementFactory(application=application, stand=stand_at(other), status=PlacementStatus.OFFERED)
    assert steps.settled_status(application) == S.STAND_OFFERED

    at_other.status = PlacementStatus.ACCEPTED
    at_other.save()
    assert steps.settled_status(application) == S.ACCEPTED

    at_other.status = PlacementStatus.ENDED
    at_other.save()
    assert steps.settled_status(application) == S.ADMITTED


def test_the_state_follows_the_sites_one_by_one():
    application = application_in(S.ADMITTED)
    second = SiteFactory(fair=application.fair)
    SiteWishFactory(application=application, site=second)
    person = {"by": None, "tell": False}

    def status() -> str:
        application.refresh_from_db()
        return application.status

    seen = []
    for site in (site_of(application.fair), second):
        placements.offer_stand(application_id=application.pk, stand_id=stand_at(site).pk, now=NOW, **person)
        seen.append(status())
    first_offer, second_offer = application.placements.order_by("pk")
    placements.accept_offer(application_id=application.pk, placement_id=first_offer.pk, now=NOW, **person)
    seen.append(status())
    placements.decline_offer(application_id=application.pk, placement_id=second_offer.pk, now=NOW, **person)
    seen.append(status())

    assert seen == [S.STAND_OFFERED, S.STAND_OFFERED, S.ACCEPTED, S.ACCEPTED]


def test_history_reads_in_the_order_it_happened():
    application = application_in(S.DRAFT)
    for minutes, step in enumerate([Step.SUBMIT, Step.START_REVIEW, Step.ADMIT, Step.WITHDRAW]):
        take_step(step, application_id=application.pk, by=None, now=NOW + timedelta(minutes=minutes), for_exhibitor=False, tell=False)

    rows = list(application.steps.values_list("step", "from_status", "to_status", "on_behalf"))
    assert rows == [
        ("submit", "draft", "submitted", False),
        ("start-review", "submitted", "in_review", False),
        ("admit", "in_review", "admitted", False),
        ("withdraw", "admitted", "withdrawn", False),
    ]


def test_a_step_reads_the_state_of_now_not_the_one_the_caller_saw():
    application = application_in(S.SUBMITTED)
    applications.reject(application_id=application.pk, by=None, now=NOW, reason="Late and incomplete.", tell=False)

    with pytest.raises(steps.StepNotAllowed):
        applications.admit(application_id=application.pk, by=None, now=NOW, tell=False)
