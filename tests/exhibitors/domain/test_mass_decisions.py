"""One step with thousands of applications: each once, whatever dies in between; what is not decided says why."""

import pytest
from django.db import OperationalError
from django.utils import translation

from exhibitors.domain import mass_decisions
from exhibitors.domain.applications import admit
from exhibitors.domain.mass_decisions import MassDecisionOver
from exhibitors.domain.reasons import ReasonMissing
from exhibitors.domain.seen_state import states_of
from exhibitors.enums import ApplicationStatus, MassItemState, Step
from exhibitors.models import Application, ApplicationStep, MassDecision
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.conftest import MOMENT
from tests.exhibitors.world import application_in, applied
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
S = ApplicationStatus


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def reviewer(fair):
    return StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER).user


def create(fair, by, chosen, step=Step.ADMIT, **values):
    seen = states_of(Application.objects.filter(pk__in=[application.pk for application in chosen]))
    return mass_decisions.create(fair=fair, step=step, seen=seen, by=by, now=MOMENT, **values)


def turn(**values):
    return mass_decisions.take_turn(now=lambda: MOMENT, **values)


def outcomes(decision):
    return dict(decision.items.values_list("application", "state"))


def test_all_are_admitted_and_each_exhibitor_gets_its_letter(fair, reviewer):
    chosen = applied(fair)
    decision = create(fair, reviewer, chosen)
    assert not Application.objects.filter(status=S.ADMITTED).exists(), "the worker decides"
    assert turn() is False
    decision.refresh_from_db()
    assert decision.done_at == MOMENT
    assert set(outcomes(decision).values()) == {MassItemState.DONE}
    assert Application.objects.filter(status=S.ADMITTED).count() == Letter.objects.count() == 4
    assert set(ApplicationStep.objects.filter(step="admit").values_list("by", flat=True)) == {reviewer.pk}
    assert turn() is False
    assert ApplicationStep.objects.filter(step="admit").count() == 4


def test_held_ones_tell_nobody(fair, reviewer):
    create(fair, reviewer, applied(fair), hold=True)
    turn()
    assert set(Application.objects.values_list("status", "told_status")) == {(S.ADMITTED, S.SUBMITTED)}
    assert not Letter.objects.exists()


def test_the_waiting_list_is_filled_in_the_order_of_submission(fair, reviewer):
    chosen = applied(fair)
    for days, application in enumerate(reversed(chosen)):
        Application.objects.filter(pk=application.pk).update(submitted_at=application.submitted_at.replace(day=1 + days))
    create(fair, reviewer, chosen, step=Step.WAITLIST)
    turn()
    ranks = Application.objects.order_by("submitted_at").values_list("waitlist_rank", flat=True)
    assert list(ranks) == [1, 2, 3, 4]


def test_a_rejection_tells_all_of_them_its_reason(fair, reviewer):
    with pytest.raises(ReasonMissing):
        create(fair, reviewer, applied(fair, 2), step=Step.REJECT, reason=" ")
    create(fair, reviewer, Application.objects.all(), step=Step.REJECT, reason="No wine this year.")
    turn()
    assert set(Application.objects.values_list("told_status", "told_message")) == {(S.REJECTED, "No wine this year.")}
    assert all("No wine this year." in letter.text for letter in Letter.objects.all())


def test_one_that_changed_meanwhile_is_left_as_it_is_and_says_so_in_the_language_of_whoever_began(fair, reviewer):
    first, *others = applied(fair)
    with translation.override("ru"):
        decision = create(fair, reviewer, [first, *others], step=Step.REJECT, reason="Нет")
    admit(application_id=first.pk, by=reviewer, now=MOMENT)
    turn()
    assert outcomes(decision) == {first.pk: MassItemState.REFUSED, **{other.pk: MassItemState.DONE for other in others}}
    assert "Тем временем" in decision.items.get(application=first).reason
    first.refresh_from_db()
    assert first.status == S.ADMITTED


def test_a_worker_that_dies_leaves_the_rest_to_the_next_and_decides_none_twice(fair, reviewer, monkeypatch):
    decision = create(fair, reviewer, applied(fair))
    take, taken = mass_decisions.take_step, []

    def dying(*given, **values):
        take(*given, **values)
        taken.append(values["application_id"])
        if len(taken) == 3:
            raise KeyboardInterrupt  # after the step, before the note: the process is gone

    monkeypatch.setattr(mass_decisions, "take_step", dying)
    with pytest.raises(KeyboardInterrupt):
        turn()
    assert Application.objects.filter(status=S.ADMITTED).count() == 2, "the third was undone with its note"
    assert sorted(outcomes(decision).values()) == [MassItemState.DONE] * 2 + [MassItemState.WAITING] * 2
    turn()
    assert set(outcomes(decision).values()) == {MassItemState.DONE}
    assert ApplicationStep.objects.filter(step="admit").count() == Letter.objects.count() == 4


def test_one_that_kills_its_worker_every_time_is_left_out_after_five_and_the_others_go_on(fair, reviewer, monkeypatch):
    first, killer, *others = applied(fair)
    decision = create(fair, reviewer, [first, killer, *others])
    take = mass_decisions.take_step

    def dying(*given, **values):
        if values["application_id"] == killer.pk:
            raise KeyboardInterrupt
        take(*given, **values)

    monkeypatch.setattr(mass_decisions, "take_step", dying)
    died = 0
    for _tick in range(10):
        try:
            turn()
        except KeyboardInterrupt:
            died += 1
    assert died == 1 + 5, "the first time it was not the one that the turn began with"
    done = {one.pk: MassItemState.DONE for one in (first, *others)}
    assert outcomes(decision) == {**done, killer.pk: MassItemState.REFUSED}
    assert "decide it by hand" in decision.items.get(application=killer).reason
    decision.refresh_from_db()
    assert decision.done_at == MOMENT


def test_a_database_that_is_away_for_long_counts_against_nobody(fair, reviewer, monkeypatch):
    decision = create(fair, reviewer, applied(fair, 2))
    with monkeypatch.context() as patched:
        patched.setattr(mass_decisions, "take_step", _raising(OperationalError("away")))
        for _tick in range(10):
            turn()
    turn()
    assert set(outcomes(decision).values()) == {MassItemState.DONE}


def test_a_database_that_is_away_refuses_nobody(fair, reviewer, monkeypatch):
    decision = create(fair, reviewer, applied(fair, 2))
    with monkeypatch.context() as patched:
        patched.setattr(mass_decisions, "take_step", _raising(OperationalError("away")))
        assert turn() is False
    assert set(outcomes(decision).values()) == {MassItemState.WAITING}
    turn()
    assert set(outcomes(decision).values()) == {MassItemState.DONE}


def test_an_error_of_ours_with_one_holds_up_no_other(fair, reviewer, monkeypatch):
    first, *others = applied(fair)
    decision = create(fair, reviewer, [first, *others])
    take = mass_decisions.take_step

    def failing(*given, **values):
        if values["application_id"] == first.pk:
            raise ValueError("x")
        take(*given, **values)

    monkeypatch.setattr(mass_decisions, "take_step", failing)
    turn()
    assert outcomes(decision) == {first.pk: MassItemState.REFUSED, **{other.pk: MassItemState.DONE for other in others}}
    assert "ValueError" in decision.items.get(application=first).reason


def test_whoever_lost_the_right_meanwhile_decides_nothing_more(fair, reviewer):
    decision = create(fair, reviewer, applied(fair, 2))
    reviewer.staff_memberships.all().delete()
    turn()
    assert set(outcomes(decision).values()) == {MassItemState.REFUSED}
    assert not Application.objects.filter(status=S.ADMITTED).exists()


def test_stopping_leaves_what_is_left_as_it_is(fair, reviewer):
    chosen = applied(fair)
    decision = create(fair, reviewer, chosen)
    assert turn(seconds=0) is True, "one, and then the others of the worker have their turn"
    assert mass_decisions.stop(decision_id=decision.pk, now=MOMENT) == 3
    turn()
    assert Application.objects.filter(status=S.ADMITTED).count() == 1
    with pytest.raises(MassDecisionOver):
        mass_decisions.stop(decision_id=decision.pk, now=MOMENT)


def test_the_same_page_sent_twice_is_one_decision_until_it_is_over(fair, reviewer):
    chosen = applied(fair, 2)
    decision = create(fair, reviewer, chosen)
    assert create(fair, reviewer, chosen) == create(fair, reviewer, chosen[::-1]) == decision
    assert create(fair, reviewer, chosen, hold=True) != decision
    assert create(fair, reviewer, chosen[:1]) != decision
    mass_decisions.stop(decision_id=decision.pk, now=MOMENT)
    assert create(fair, reviewer, chosen) != decision
    assert MassDecision.objects.count() == 4


def test_applications_of_another_fair_are_not_decided(fair, reviewer):
    own, other = application_in(S.SUBMITTED, fair=fair), application_in(S.SUBMITTED, fair=FairFactory())
    decision = create(fair, reviewer, [own, other])
    assert list(outcomes(decision)) == [own.pk]


def _raising(error):
    def raising(*_given, **_values):
        raise error

    return raising
