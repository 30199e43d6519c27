"""A stand that falls free goes to who asked to move, then to the waiting list, once, and only by the fair's rule."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from allocations.domain import freed_stands
from allocations.domain.freed_stands import AnotherComesFirst, FreedStandOver
from allocations.enums import FreedReason, FreedRule, FreedState
from allocations.models import AllocationSettings, FreedStand, PriorityCorrection
from exhibitors.domain import endings, moves, placements, planning, stand_holds
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, Placement
from notifications.models import Letter
from tests.allocations.world import NOW, applicant, hall_of, stand
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def rule(fair, freed_rule):
    AllocationSettings.objects.create(fair=fair, freed_rule=freed_rule)


def on(application, place, *, accepted=True):
    """The application has the stand: offered, and accepted."""
    offer = placements.offer_stand(application_id=application.pk, stand_id=place.pk, by=None, now=NOW)
    return placements.accept_offer(application_id=application.pk, by=None, now=NOW, placement_id=offer.pk) if accepted else offer


def waiting(hall, rank, **wish):
    return applicant(hall, status=ApplicationStatus.WAITLISTED, waitlist_rank=rank, **wish)


def wishes_to_move(hall, place, *, minutes=0, points=0):
    application = applicant(hall, minutes=minutes)
    on(application, place)
    moves.request_move(application_id=application.pk, by=None, now=NOW + timedelta(minutes=minutes), reason="Too dark.")
    if points:
        PriorityCorrection.objects.create(application=application, points=points, reason="A long friendship", at=NOW)
    return application


def freed(hall, place):
    """Somebody has the stand and withdraws."""
    leaver = applicant(hall)
    on(leaver, place)
    endings.withdraw(application_id=leaver.pk, by=None, now=NOW)
    return FreedStand.objects.get(stand=place, placement__application=leaver)


class TestTheRow:
    def test_is_written_once_by_the_database_when_a_stand_is_left(self):
        hall = hall_of()
        row = freed(hall, stand(hall, 1))
        assert (row.fair, row.stand, row.freed_at, row.state) == (hall.fair, stand(hall, 1), NOW, FreedState.NEW)
        Application.objects.filter(pk=row.placement.application_id).update(status="stand_offered", told_status="stand_offered")
        Placement.objects.filter(pk=row.placement_id).update(status="offered")
        Placement.objects.filter(pk=row.placement_id).update(status="lapsed")
        assert FreedStand.objects.count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            FreedStand.objects.create(
                fair=hall.fair, placement=row.placement, stand=row.stand, first_day=row.first_day, last_day=row.last_day, freed_at=NOW
            )

    def test_is_not_written_for_a_plan_that_nobody_knew_of(self):
        hall = hall_of()
        one = applicant(hall)
        plan = planning.plan_stand(application_id=one.pk, stand_id=stand(hall, 1).pk, by=None, now=NOW)
        planning.unplan(placement_id=plan.pk, by=None, now=NOW)
        assert not FreedStand.objects.exists()

    def test_names_nobody_of_another_fair(self):
        hall = hall_of()
        row = freed(hall, stand(hall, 1))
        with pytest.raises(IntegrityError), transaction.atomic():
            FreedStand.objects.filter(pk=row.pk).update(candidate=applicant(hall_of()))


class TestWhoComesFirst:
    def test_who_asked_to_move_by_points_then_the_waiting_list_by_rank(self):
        hall = hall_of(stands=4)
        second, first = waiting(hall, 2), waiting(hall, 1)
        few = wishes_to_move(hall, stand(hall, 2), minutes=0)
        many = wishes_to_move(hall, stand(hall, 3), minutes=5, points=50)
        row = freed(hall, stand(hall, 1))
        found = list(freed_stands.candidates(row, now=NOW))
        assert [(one.application, one.why) for one in found] == [
            (many, FreedReason.MOVE),
            (few, FreedReason.MOVE),
            (first, FreedReason.WAITING),
            (second, FreedReason.WAITING),
        ]

    @pytest.mark.parametrize(
        "wish",
        [
            {"area_min_m2": 10, "area_wished_m2": 12},
            {"area_min_m2": 1, "area_wished_m2": 4, "area_max_m2": 8},
            {"power_kw": Decimal(5)},
            {"water": True},
        ],
    )
    def test_nobody_whom_the_stand_does_not_fit(self, wish):
        hall = hall_of()
        waiting(hall, 1, **wish)
        assert not list(freed_stands.candidates(freed(hall, stand(hall, 1)), now=NOW))

    def test_nobody_who_has_let_this_stand_go_or_has_an_offer(self):
        hall = hall_of(stands=3)
        declined, offered = applicant(hall), waiting(hall, 2)
        offer = on(declined, stand(hall, 1), accepted=False)
        placements.decline_offer(application_id=declined.pk, by=None, now=NOW, placement_id=offer.pk)
        Application.objects.filter(pk=declined.pk).update(
            status="waitlisted", told_status="waitlisted", waitlist_rank=1, told_waitlist_rank=1
        )
        planning.plan_stand(application_id=offered.pk, stand_id=stand(hall, 2).pk, by=None, now=NOW)
        row = FreedStand.objects.get()
        assert not list(freed_stands.candidates(row, now=NOW))


class TestByItself:
    def test_who_waits_is_admitted_and_offered_in_one_letter(self):
        hall = hall_of()
        rule(hall.fair, FreedRule.OFFER)
        first = waiting(hall, 1)
        row = freed(hall, stand(hall, 1))
        Letter.objects.all().delete()
        freed_stands.give_away(now=NOW)

        row.refresh_from_db()
        assert (row.state, row.candidate, row.why) == (FreedState.OFFERED, first, FreedReason.WAITING)
        offer = Placement.objects.get(application=first)
        assert (offer.status, offer.stand, row.offer) == (PlacementStatus.OFFERED, stand(hall, 1), offer)
        assert [letter.occasion for letter in Letter.objects.all()] == ["exhibitors.stand_offered"]
        freed_stands.give_away(now=NOW)
        assert Placement.objects.filter(application=first).count() == 1

    def test_who_asked_to_move_keeps_the_old_stand_until_the_new_one_is_accepted(self):
        hall = hall_of()
        rule(hall.fair, FreedRule.OFFER)
        mover = wishes_to_move(hall, stand(hall, 2))
        freed(hall, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        offer = Placement.objects.get(application=mover, stand=stand(hall, 1))
        assert (offer.status, offer.is_relocation) == (PlacementStatus.OFFERED, True)

        placements.accept_offer(application_id=mover.pk, by=None, now=NOW, placement_id=offer.pk)
        assert FreedStand.objects.get(stand=stand(hall, 2)).state == FreedState.NEW, "the stand that is left falls free in its turn"

    def test_the_next_one_is_offered_what_the_first_declines(self):
        hall = hall_of()
        rule(hall.fair, FreedRule.OFFER)
        first, second = waiting(hall, 1), waiting(hall, 2)
        freed(hall, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        placements.decline_offer(application_id=first.pk, by=None, now=NOW)
        freed_stands.give_away(now=NOW)
        assert Placement.objects.get(application=second).status == PlacementStatus.OFFERED
        assert FreedStand.objects.count() == 2

    def test_an_error_of_ours_with_one_does_not_stop_the_others(self, monkeypatch):
        hall, other_hall = hall_of(), hall_of()
        for each in (hall, other_hall):
            rule(each.fair, FreedRule.OFFER)
        broken, other = freed(hall, stand(hall, 1)), freed(other_hall, stand(other_hall, 1))
        first = waiting(other_hall, 1)
        candidates = freed_stands.candidates

        def failing(row, *, now):
            if row.pk == broken.pk:
                raise ValueError("x")
            return candidates(row, now=now)

        monkeypatch.setattr(freed_stands, "candidates", failing)
        assert freed_stands.give_away(now=NOW) == 1
        assert FreedStand.objects.get(pk=other.pk).offer.application == first
        assert FreedStand.objects.get(pk=broken.pk).state == FreedState.NEW

    def test_nothing_goes_by_itself_when_an_organiser_took_the_offer_back(self):
        hall = hall_of()
        rule(hall.fair, FreedRule.OFFER)
        first = waiting(hall, 1)
        other = applicant(hall)
        on(other, stand(hall, 1), accepted=False)
        placements.withdraw_offer(application_id=other.pk, by=None, now=NOW)
        freed_stands.give_away(now=NOW)
        row = FreedStand.objects.get()
        assert (row.state, row.candidate) == (FreedState.PROPOSED, first)


class TestConfirming:
    def test_the_organiser_confirms_and_the_offer_goes(self):
        hall = hall_of()
        first, organiser = waiting(hall, 1), UserFactory()
        row = freed(hall, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        row.refresh_from_db()
        assert (row.state, row.candidate) == (FreedState.PROPOSED, first)
        assert not Placement.objects.filter(application=first).exists()

        freed_stands.confirm(freed_id=row.pk, candidate_id=first.pk, by=organiser, now=NOW)
        row.refresh_from_db()
        assert (row.state, row.decided_by) == (FreedState.OFFERED, organiser)
        for again in (
            lambda: freed_stands.confirm(freed_id=row.pk, candidate_id=first.pk, by=organiser, now=NOW),
            lambda: freed_stands.dismiss(freed_id=row.pk, by=organiser, now=NOW),
        ):
            with pytest.raises(FreedStandOver):
                again()

    def test_nothing_goes_when_somebody_else_comes_first_by_now(self):
        hall = hall_of()
        second = waiting(hall, 2)
        row = freed(hall, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        first = waiting(hall, 1)
        with pytest.raises(AnotherComesFirst):
            freed_stands.confirm(freed_id=row.pk, candidate_id=second.pk, by=UserFactory(), now=NOW)
        freed_stands.give_away(now=NOW)
        row.refresh_from_db()
        assert row.candidate == first

    def test_the_organiser_leaves_it(self):
        hall = hall_of()
        waiting(hall, 1)
        row = freed(hall, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        freed_stands.dismiss(freed_id=row.pk, by=UserFactory(), now=NOW)
        freed_stands.give_away(now=NOW)
        row.refresh_from_db()
        assert row.state == FreedState.DISMISSED


class TestNobody:
    def test_when_nobody_waits(self):
        hall = hall_of()
        row = freed(hall, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        row.refresh_from_db()
        assert row.state == FreedState.NOBODY

    @pytest.mark.parametrize(("freed_rule", "becomes"), [(FreedRule.PROPOSE, FreedState.PROPOSED), (FreedRule.OFFER, FreedState.OFFERED)])
    def test_who_comes_onto_the_waiting_list_later_gets_what_nobody_waited_for(self, freed_rule, becomes):
        hall = hall_of()
        rule(hall.fair, freed_rule)
        row = freed(hall, stand(hall, 1))
        assert [freed_stands.give_away(now=NOW) for _tick in range(2)] == [1, 0]
        first = waiting(hall, 1)
        freed_stands.give_away(now=NOW + timedelta(days=1))
        row.refresh_from_db()
        assert (row.state, row.candidate) == (becomes, first)
        assert row.decided_at == (None if becomes == FreedState.PROPOSED else NOW + timedelta(days=1))

    def test_what_nobody_waited_for_and_somebody_had_since_is_told_once(self):
        hall = hall_of()
        row = freed(hall, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        later = applicant(hall)
        on(later, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        row.refresh_from_db()
        assert row.state == FreedState.TAKEN
        FreedStand.objects.filter(pk=row.pk).update(state=FreedState.NOBODY)  # as if no tick had come by
        endings.withdraw(application_id=later.pk, by=None, now=NOW + timedelta(hours=1))
        waiting(hall, 1)
        freed_stands.give_away(now=NOW + timedelta(hours=1))
        assert dict(FreedStand.objects.values_list("pk", "state")) == {
            row.pk: FreedState.TAKEN,
            FreedStand.objects.get(placement__application=later).pk: FreedState.PROPOSED,
        }

    def test_when_it_was_given_away_or_held_meanwhile(self):
        hall = hall_of(stands=2)
        waiting(hall, 1)
        rows = [freed(hall, stand(hall, number)) for number in (1, 2)]
        on(applicant(hall), stand(hall, 1), accepted=False)
        stand_holds.hold_stand(stand_id=stand(hall, 2).pk, by=None, now=NOW, until=NOW + timedelta(days=1), note="the governor")
        freed_stands.give_away(now=NOW)
        for row in rows:
            row.refresh_from_db()
            assert row.state == FreedState.TAKEN

    def test_when_the_fair_wants_it_so_or_the_days_are_over(self):
        hall = hall_of(stands=2)
        waiting(hall, 1)
        rule(hall.fair, FreedRule.NOTHING)
        row = freed(hall, stand(hall, 1))
        freed_stands.give_away(now=NOW)
        AllocationSettings.objects.update(freed_rule=FreedRule.OFFER)
        late = freed(hall, stand(hall, 2))
        freed_stands.give_away(now=NOW + timedelta(days=400))
        for one in (row, late):
            one.refresh_from_db()
            assert one.state == FreedState.DISMISSED
