"""Lines are changed by hand, and the checker says what breaks."""

import pytest
from django.db import IntegrityError, transaction

from allocations.domain import editing, publishing, take_over
from allocations.domain.comparing import compared
from allocations.domain.editing import LineTaken
from allocations.domain.lines import changes_of, lines_of
from allocations.domain.take_over import AlreadyPublished
from allocations.models import ProposalLine
from api.problems import Invalid
from exhibitors.domain import endings
from tests.allocations.world import NOW, applicant, hall_of, placed, proposal_of, stand
from tests.factories.accounts import UserFactory
from tests.factories.fairs import StandFactory, square

pytestmark = pytest.mark.django_db


def change(line, **options):
    return editing.change_line(line_id=line.pk, by=None, now=NOW, **options)


def free_stand(hall, proposal):
    return hall.stands.exclude(pk__in=proposal.lines.exclude(stand=None).values("stand")).order_by("pk").first()


class TestChanging:
    def test_another_stand_counts_the_proposal_anew(self):
        hall = hall_of(stands=2)
        small = StandFactory(hall=hall, number="B-1", outline=square(0, 9), area_m2=7)
        one, organiser = applicant(hall), UserFactory()
        proposal = proposal_of(hall)
        line = proposal.lines.get()
        before = line.score
        line = editing.change_line(line_id=line.pk, by=organiser, now=NOW, stand_id=small.pk)

        assert (line.stand, line.by_hand, line.reasons) == (small, True, [])
        assert line.score < before
        proposal.refresh_from_db()
        assert proposal.score == pytest.approx(line.score, abs=0.01)
        assert (proposal.edited_at, proposal.edited_by) == (NOW, organiser)
        assert {row["stand"] for row in line.alternatives} == {stand(hall, 1).pk, stand(hall, 2).pk}
        assert placed(proposal) == {one.pk: "B-1"}

    def test_hard_rules_that_break_are_said_and_not_forbidden(self):
        hall = hall_of(stands=2)
        large = StandFactory(hall=hall, number="B-1", outline=square(0, 9, 6), area_m2=36)
        applicant(hall)
        line = change(proposal_of(hall).lines.get(), stand_id=large.pk)
        assert line.reasons == [{"rule": "area_too_large", "broken": True}]

    def test_a_line_is_dropped_and_says_why_it_has_no_stand(self):
        hall = hall_of(stands=1)
        applicant(hall)
        line = change(proposal_of(hall).lines.get(), stand_id=None)
        assert (line.stand, line.score, line.terms) == (None, 0, [])

    def test_a_stand_of_another_line_is_refused_with_whom(self):
        hall = hall_of()
        first, second = applicant(hall), applicant(hall, minutes=1)
        proposal = proposal_of(hall)
        lines = {line.application_id: line for line in proposal.lines.all()}
        with pytest.raises(LineTaken) as refusal:
            change(lines[first.pk], stand_id=lines[second.pk].stand_id)
        assert str(second.company) in str(refusal.value)

    def test_a_stand_outside_the_run_is_refused(self):
        hall = hall_of()
        applicant(hall)
        line = proposal_of(hall).lines.get()
        for elsewhere in (stand(hall_of(hall.fair), 1), stand(hall_of(), 1)):
            with pytest.raises(Invalid):
                change(line, stand_id=elsewhere.pk)
            with pytest.raises(IntegrityError), transaction.atomic():
                ProposalLine.objects.filter(pk=line.pk).update(stand=elsewhere)

    def test_a_line_without_a_stand_is_not_fixed(self):
        hall = hall_of()
        applicant(hall)
        line = proposal_of(hall).lines.get()
        with pytest.raises(Invalid):
            change(line, stand_id=None, locked=True)

    def test_nothing_is_changed_after_the_offers_went(self):
        hall = hall_of()
        applicant(hall)
        proposal = proposal_of(hall)
        publishing.publish(proposal_id=proposal.pk, by=None, now=NOW)
        publishing.publish_due(now=NOW)
        with pytest.raises(AlreadyPublished):
            change(proposal.lines.get(), locked=True)

    def test_who_withdrew_meanwhile_is_said_to_take_no_part(self):
        hall = hall_of()
        gone, other = applicant(hall), applicant(hall, minutes=1)
        proposal = proposal_of(hall)
        endings.withdraw(application_id=gone.pk, by=None, now=NOW)
        change(proposal.lines.get(application=other), locked=True)
        assert proposal.lines.get(application=gone).reasons == [{"rule": "gone"}]

    def test_who_withdrew_meanwhile_is_nothing_new_and_offered_nothing(self):
        hall = hall_of()
        gone, other = applicant(hall), applicant(hall, minutes=1)
        proposal = proposal_of(hall)
        endings.withdraw(application_id=gone.pk, by=None, now=NOW)
        lines = list(lines_of(proposal))
        changes = changes_of(lines)
        assert {line.application: changes[line.pk].difference.value for line in lines} == {gone: "gone", other: "new"}
        found = publishing.to_offer(proposal)
        assert ([line.application for line in found.offered], found.early) == ([other], [])
        done = take_over.take_over(proposal_id=proposal.pk, by=None, now=NOW)
        assert ([line.application for line in done.new], [line.application for line in done.refused]) == ([other], [gone])


def test_a_re_run_from_a_proposal_leaves_its_fixed_lines():
    hall = hall_of(stands=4)
    several = [applicant(hall, minutes=minutes) for minutes in range(3)]
    proposal = proposal_of(hall)
    line = proposal.lines.get(application=several[0])
    free = free_stand(hall, proposal)
    change(line, stand_id=free.pk, locked=True)
    again = proposal_of(hall, base=proposal, keeps_plan=True)
    assert placed(again) == placed(proposal)
    assert again.lines.get(application=several[0]).locked


def test_two_proposals_differ_in_what_was_changed():
    hall = hall_of(stands=4)
    several = [applicant(hall, minutes=minutes) for minutes in range(3)]
    first, second = proposal_of(hall), proposal_of(hall)
    change(second.lines.get(application=several[0]), stand_id=free_stand(hall, second).pk)
    change(second.lines.get(application=several[1]), stand_id=None)
    found = compared(first, second)
    assert {row.first.application_id for row in found.rows} == {several[0].pk, several[1].pk}
    assert (found.same, found.first_placed, found.second_placed) == (1, 3, 2)
