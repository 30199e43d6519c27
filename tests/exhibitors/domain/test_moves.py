"""The wish for another stand: asked, read by those who place, granted by a relocation or closed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.problems import Invalid
from exhibitors.domain import deadline_ticks, endings, extensions, moves, placements, stand_staff
from exhibitors.domain.editing import NotEditable, require_part_editable
from exhibitors.domain.reasons import ReasonMissing
from exhibitors.enums import ApplicationStatus
from exhibitors.models import ApplicationStep, DeadlineExtension
from fairs.enums import StaffRole
from fairs.models import Fair
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import DeadlineFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
BY: dict[str, Any] = {"by": None, "now": NOW}


@pytest.fixture
def application():
    """With an accepted stand, an owner, and staff of two roles."""
    application = application_in(S.ACCEPTED)
    CompanyMemberFactory(company=application.company, user__email="owner@example.com")
    for role in (StaffRole.REVIEWER, StaffRole.FLOOR_PLANNER):
        StaffMembershipFactory(fair=application.fair, role=role, user__email=f"{role}@example.com")
    return application


def ask(application, **given: Any):
    return moves.request_move(application_id=application.pk, **{"reason": "We need water.", **given}, **BY)


def test_those_who_place_read_why_and_where_to(application):
    placement = application.placements.get()
    ask(application, placement_id=placement.pk, wish="Near the kitchen.")

    application.refresh_from_db()
    assert (application.move_requested_at, application.move_reason, application.move_wish) == (NOW, "We need water.", "Near the kitchen.")
    assert (application.move_placement, application.status) == (placement, S.ACCEPTED)
    letter = Letter.objects.get()
    assert letter.recipient_email == "floor_planner@example.com"
    assert "We need water." in letter.text
    assert "Near the kitchen." in letter.text
    assert ApplicationStep.objects.get().step == "request-move"


def test_asked_again_the_new_words_replace_the_old_ones(application):
    ask(application, placement_id=application.placements.get().pk, wish="Near the kitchen.")
    ask(application, reason="A pillar.")

    application.refresh_from_db()
    assert (application.move_reason, application.move_wish, application.move_placement) == ("A pillar.", "", None)


def test_what_is_no_accepted_stand_of_its_own_reads_as_unknown(application):
    other = application_in(S.ACCEPTED, fair=application.fair).placements.get()
    for unknown in (other.pk, 10**9):
        with pytest.raises(Invalid) as refusal:
            ask(application, placement_id=unknown)
        assert [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]] == [("/placement", "unknown_placement")]
    with pytest.raises(ReasonMissing):
        ask(application, reason=" ")


def test_a_relocation_that_is_accepted_grants_it(application):
    ask(application)
    placements.relocate(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, reason="Water.", **BY)
    application.refresh_from_db()
    assert application.move_requested_at is not None

    placements.accept_offer(application_id=application.pk, **BY)

    application.refresh_from_db()
    assert (application.move_requested_at, application.move_reason) == (None, "")


def test_staff_close_it_and_the_exhibitor_reads_why(application):
    ask(application)
    Letter.objects.all().delete()
    moves.close_move(application_id=application.pk, reason="Every stand with water is taken.", **BY)

    application.refresh_from_db()
    assert application.move_requested_at is None
    letter = Letter.objects.get()
    assert (letter.recipient_email, "Every stand with water is taken." in letter.text) == ("owner@example.com", True)
    with pytest.raises(moves.NoMoveRequested):
        moves.close_move(application_id=application.pk, **BY)


def test_it_ends_with_the_application(application):
    ask(application)
    endings.withdraw(application_id=application.pk, **BY)

    application.refresh_from_db()
    assert application.move_requested_at is None


# --- extensions of deadlines


def extend(application, deadline, due_at: datetime, **given: Any):
    return extensions.extend_deadline(application_id=application.pk, deadline=deadline.code, due_at=due_at, **{**BY, **given})


def test_an_extension_is_told_with_both_clocks_and_moves_when_given_again(application):
    deadline = DeadlineFactory(fair=application.fair, title_en="Visas", due_at=datetime(2030, 2, 1, 15, 59, tzinfo=UTC))
    extend(application, deadline, deadline.due_at + timedelta(days=1), reason="The passport is being renewed.")
    extend(application, deadline, deadline.due_at + timedelta(days=2))

    assert DeadlineExtension.objects.get().due_at == deadline.due_at + timedelta(days=2)
    letter = Letter.objects.filter(recipient_email="owner@example.com").order_by("pk").first()
    assert "Visas" in letter.text
    assert "2 February 2030, 23:59" in letter.text
    assert "The passport is being renewed." in letter.text
    assert list(ApplicationStep.objects.values_list("step", "to_status")) == [("extend-deadline", "accepted")] * 2


@pytest.mark.parametrize(
    ("case", "pointer", "code"),
    [
        ("own", "/due_at", "not_later"),
        ("far", "/due_at", "too_late"),
        ("elsewhere", "/deadline", "unknown_deadline"),
    ],
)
def test_what_is_no_extension_is_refused(application, case, pointer, code):
    deadline = DeadlineFactory(fair=application.fair, due_at=NOW + timedelta(days=2))
    elsewhere = DeadlineFactory(code="elsewhere")
    due_at = {"own": deadline.due_at, "far": NOW + timedelta(days=3000)}.get(case, NOW + timedelta(days=3))

    with pytest.raises(Invalid) as refusal:
        extend(application, elsewhere if case == "elsewhere" else deadline, due_at)

    assert [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]] == [(pointer, code)]
    assert not DeadlineExtension.objects.exists()


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"audience": "staff"}, "of_staff"),
        ({"audience": "raw_space"}, "not_asked"),
        ({"code": "application"}, "done"),
        ({"code": "ticked"}, "done"),
    ],
)
def test_a_deadline_that_is_staffs_anothers_or_done_is_neither_extended_nor_offered(application, made, code):
    open_one = DeadlineFactory(fair=application.fair)
    deadline = DeadlineFactory(fair=application.fair, **made)
    if made.get("code") == "ticked":
        deadline_ticks.tick(application_id=application.pk, deadline="ticked", **BY)

    with pytest.raises(Invalid) as refusal:
        extend(application, deadline, max(deadline.due_at, application.fair.applications_close_at, NOW) + timedelta(days=1))

    assert [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]] == [("/deadline", code)]
    with pytest.raises(Invalid) as both:
        extend(application, deadline, NOW + timedelta(days=3000))
    assert [error["pointer"] for error in both.value.facts["errors"]] == ["/deadline", "/due_at"]
    assert extensions.extendable(application, now=NOW) == [open_one]
    assert not Letter.objects.exists()


def test_what_was_extended_already_can_be_moved_also_when_its_new_moment_is_past(application):
    deadline = DeadlineFactory(fair=application.fair, due_at=NOW + timedelta(days=1))
    for days, later in ((5, 0), (6, 2), (9, 7)):
        extend(application, deadline, NOW + timedelta(days=days), now=NOW + timedelta(days=later))
        assert DeadlineExtension.objects.get().due_at == NOW + timedelta(days=days)
    with pytest.raises(Invalid) as refusal:
        extend(application, deadline, NOW + timedelta(days=9), now=NOW + timedelta(days=10))
    assert [error["code"] for error in refusal.value.facts["errors"]] == ["past"]


@pytest.mark.parametrize(("code", "part"), [("exhibit_list", "products"), ("fascia_text", "fascia_text"), ("badges_final", "staff")])
def test_what_a_past_deadline_closed_is_open_again_for_that_exhibitor_alone_done_or_not(application, code, part):
    other = application_in(S.ACCEPTED, fair=application.fair)
    deadline = DeadlineFactory(fair=application.fair, code=code, due_at=NOW - timedelta(days=1))
    for each in (application, other):
        deadline_ticks.tick(application_id=each.pk, deadline=code, **BY)
    assert deadline in extensions.extendable(application, now=NOW)

    extend(application, deadline, NOW + timedelta(days=1))

    assert (is_open(part, application), is_open(part, other)) == (True, False)


def is_open(part, application):
    """Whether the exhibitor may change the part of its application."""
    if part == "staff":
        return stand_staff.closes_at(application) > NOW
    try:
        require_part_editable(application, part, as_staff=False, now=NOW)
    except NotEditable:
        return False
    return True


def test_a_draft_may_come_late_after_the_window_has_closed(application):
    draft = application_in("draft", fair=application.fair)
    deadline = DeadlineFactory(fair=application.fair, code="application", due_at=NOW - timedelta(days=9))
    Fair.objects.filter(pk=application.fair_id).update(applications_close_at=NOW - timedelta(days=9))
    extend(draft, deadline, NOW + timedelta(days=2))
    assert DeadlineExtension.objects.get().application == draft
