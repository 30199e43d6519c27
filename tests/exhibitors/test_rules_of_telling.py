"""What the database refuses of held decisions, announcements, ranks, moves and extensions, whoever writes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from exhibitors.enums import HOLDABLE_STEPS, ApplicationStatus, Step
from exhibitors.models import Announcement, Application, ApplicationStep
from tests.exhibitors.raw_sql import insert, refused_by, run
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import SUBMITTED_AT, ApplicationFactory, PlacementFactory
from tests.factories.fairs import DeadlineFactory, FairFactory

pytestmark = pytest.mark.django_db

# --- what is held, and what the exhibitor has been told

TELLABLE = ["changes_requested", "admitted", "waitlisted", "rejected"]
HELD_OVER = ["submitted", "in_review", "waitlisted", "admitted"]


@pytest.mark.parametrize("status", list(ApplicationStatus))
def test_the_exhibitor_knows_the_state_unless_it_is_a_decision_that_can_be_held(status):
    application = ApplicationFactory(submitted=True)
    if status == ApplicationStatus.ACCEPTED:
        PlacementFactory(application=application)
    for told in ApplicationStatus:
        change = ("UPDATE exhibitors_application SET status = %s, told_status = %s WHERE id = %s", status.value, told.value, application.pk)
        if status == told or (status in TELLABLE and told in HELD_OVER):
            run(*change)
        else:
            with refused_by("application_told_unless_held"):
                run(*change)


def test_changes_are_due_while_they_are_asked_for():
    application = application_in(ApplicationStatus.SUBMITTED)

    with refused_by("application_changes_due_while_asked_for"):
        run("UPDATE exhibitors_application SET changes_due_at = %s WHERE id = %s", SUBMITTED_AT, application.pk)


def test_an_exhibitor_moves_from_an_accepted_stand_of_its_own():
    application, other = application_in(ApplicationStatus.STAND_OFFERED), application_in(ApplicationStatus.ACCEPTED)

    with refused_by("application_moves_from_accepted_stand"):
        run("UPDATE exhibitors_application SET move_requested_at = %s WHERE id = %s", SUBMITTED_AT, application.pk)
    with refused_by("move_from_a_stand_of_its_own"):
        run("UPDATE exhibitors_application SET move_placement_id = %s WHERE id = %s", other.placements.get().pk, application.pk)


@pytest.mark.parametrize(("column", "rule"), [("waitlist_rank", "rank"), ("told_waitlist_rank", "told_rank")])
def test_a_rank_is_one_applications_at_its_fair(column, rule):
    first = application_in(ApplicationStatus.WAITLISTED)
    second, elsewhere = application_in(ApplicationStatus.WAITLISTED, fair=first.fair), application_in(ApplicationStatus.WAITLISTED)
    change = f"UPDATE exhibitors_application SET {column} = 1 WHERE id = %s"  # noqa: S608 - a name of ours

    run(change, first.pk)
    run(change, elsewhere.pk)
    with refused_by(f"application_{rule}_once_per_fair|exhibitors_application.fair_id"):
        run(change, second.pk)


def a_step(application: Application, **fields: Any) -> ApplicationStep:
    states = {"from_status": "submitted", "to_status": "admitted"}
    return ApplicationStep.objects.create(**{"application": application, "step": "admit", "at": SUBMITTED_AT, **states, **fields})


@pytest.mark.parametrize("column", ["announced_at", "voided_at"])
def test_only_what_was_held_is_announced_or_void(column):
    step = a_step(ApplicationFactory(submitted=True))

    with refused_by("step_announced_if_held"):
        run(f"UPDATE exhibitors_applicationstep SET {column} = %s WHERE id = %s", SUBMITTED_AT, step.pk)  # noqa: S608 - a name of ours


def test_a_step_is_not_announced_and_void():
    step = a_step(ApplicationFactory(submitted=True), held=True, announced_at=SUBMITTED_AT)

    with refused_by("step_announced_or_void"):
        run("UPDATE exhibitors_applicationstep SET voided_at = %s WHERE id = %s", SUBMITTED_AT, step.pk)


@pytest.mark.parametrize("name", [step for step in Step if step not in HOLDABLE_STEPS])
def test_what_is_no_decision_of_the_organiser_is_never_held(name):
    step = a_step(ApplicationFactory(submitted=True), step=name)

    with refused_by("step_can_be_held"):
        run("UPDATE exhibitors_applicationstep SET held = %s WHERE id = %s", True, step.pk)


def test_a_step_is_announced_at_its_own_fair():
    step = a_step(ApplicationFactory(submitted=True), held=True)
    moments = {"at": SUBMITTED_AT, "created_at": SUBMITTED_AT}
    own = Announcement.objects.create(fair=step.application.fair, **moments)
    other = Announcement.objects.create(fair=FairFactory(), **moments)
    change = "UPDATE exhibitors_applicationstep SET announcement_id = %s WHERE id = %s"

    run(change, own.pk, step.pk)
    with refused_by("step_announced_at_same_fair"):
        run(change, other.pk, step.pk)
    with refused_by("announcement_keeps_fair"):
        run("UPDATE exhibitors_announcement SET fair_id = %s WHERE id = %s", other.fair_id, own.pk)


def test_an_announcement_is_not_done_and_cancelled():
    announcement = Announcement.objects.create(fair=FairFactory(), at=SUBMITTED_AT, created_at=SUBMITTED_AT, done_at=SUBMITTED_AT)

    with refused_by("announcement_done_or_cancelled"):
        run("UPDATE exhibitors_announcement SET cancelled_at = %s WHERE id = %s", SUBMITTED_AT, announcement.pk)


# --- extensions of deadlines


def stored(moment: datetime) -> str:
    """As the ORM writes it on SQLite."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def extension_columns(application: Application, deadline: Any, **changed: Any) -> dict[str, Any]:
    later = stored(deadline.due_at + timedelta(hours=1))
    columns = {"application_id": application.pk, "deadline_id": deadline.pk, "due_at": later, "at": SUBMITTED_AT, "reason": ""}
    return {**columns, **changed}


def test_a_deadline_is_extended_once_an_application_at_its_fair_and_to_later():
    application = ApplicationFactory()
    deadline, elsewhere = DeadlineFactory(fair=application.fair), DeadlineFactory()
    table = "exhibitors_deadlineextension"

    with refused_by("extension_of_same_fair"):
        insert(table, **extension_columns(application, elsewhere))
    with refused_by("extension_is_later_than_the_deadline"):
        insert(table, **extension_columns(application, deadline, due_at=stored(deadline.due_at)))
    insert(table, **extension_columns(application, deadline))
    with refused_by("deadline_extended_once_per_application|exhibitors_deadlineextension.application_id"):
        insert(table, **extension_columns(application, deadline))
    with refused_by("extension_keeps_its_deadline"):
        run("UPDATE exhibitors_deadlineextension SET deadline_id = %s", DeadlineFactory(fair=application.fair, code="other").pk)
