from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocations.engine.instance import Instance
from allocations.engine.reasons import Alternative, alternatives, contradictions, unplaced
from allocations.engine.rules import Contradiction, Rule
from allocations.engine.solve import solve
from tests.allocations.engine.halls import EARLY, applicant, random_hall, row, stand


def test_each_rule_is_counted_and_the_fewest_that_prevent_it_are_named() -> None:
    stands = (stand(1, power_kw=5.0, area_m2=30.0), stand(2, power_kw=1.0), stand(3, power_kw=1.0), stand(4, site="mall", power_kw=9.0))
    reason = unplaced(Instance(stands=stands, applicants=(applicant(11, power_kw=3.0),)), {})[0]
    assert (reason.applicant, reason.stands) == (11, 3)
    assert reason.excluded == {Rule.AREA: 1, Rule.POWER: 2}
    assert reason.alone == {Rule.AREA: 1, Rule.POWER: 2}
    assert reason.rules == (Rule.AREA, Rule.POWER)
    assert {one.stand: one.broken for one in reason.alternatives} == {1: (Rule.AREA,), 2: (Rule.POWER,), 3: (Rule.POWER,)}


def test_a_stand_that_others_have_is_named_with_them() -> None:
    crowd = tuple(applicant(number) for number in (11, 12, 13, 14))
    instance = Instance(stands=row(3), applicants=crowd, locks={12: 2}, accepted={13: 3})
    reason = unplaced(instance, {11: 1, 12: 2, 13: 3})[0]
    assert reason.excluded == {Rule.ACCEPTED: 1, Rule.LOCK: 1, Rule.TAKEN: 1}
    assert reason.rules == (Rule.ACCEPTED, Rule.LOCK, Rule.TAKEN)
    assert reason.alternatives == (Alternative(1, 0.0, (11,)),)


def test_a_member_apart_from_its_pavilion_is_told_so() -> None:
    members = tuple(applicant(number, pavilion=1) for number in (11, 12))
    instance = Instance(stands=(stand(1), stand(9)), applicants=members)
    assert unplaced(instance, {11: 1})[0].rules == (Rule.PAVILION,)
    assert contradictions(instance) == [Contradiction((Rule.PAVILION,), (11, 12), (), (("members", 2.0), ("largest_block", 1.0)))]


def test_who_is_placed_has_alternatives_too_the_free_ones_first() -> None:
    crowd = (applicant(11, preferences=(2, 3)), applicant(12))
    found = alternatives(Instance(stands=row(3), applicants=crowd), {11: 1, 12: 2}, 11)
    assert [(one.stand, one.taken_by) for one in found] == [(3, ()), (2, (12,))]
    with pytest.raises(KeyError):
        alternatives(Instance(stands=row(3), applicants=crowd), {}, 99)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"locks": {11: 1, 12: 1}}, Contradiction((Rule.LOCK, Rule.LOCK), (11, 12), (1,))),
        ({"locks": {11: 1}, "accepted": {11: 2}}, Contradiction((Rule.LOCK, Rule.ACCEPTED), (11,), (1, 2))),
        ({"locks": {11: 1}, "accepted": {12: 1}}, Contradiction((Rule.ACCEPTED, Rule.LOCK), (12, 11), (1,))),
        ({"locks": {11: 1}, "kept_out": frozenset({1})}, Contradiction((Rule.LOCK, Rule.KEPT_OUT), (11,), (1,))),
        ({"locks": {13: 1}}, Contradiction((Rule.LOCK, Rule.AREA), (13,), (1,))),
    ],
)
def test_locks_that_cannot_be_kept_are_named_with_the_rule_against_them(fields: dict[str, Any], expected: Contradiction) -> None:
    crowd = (applicant(11), applicant(12), applicant(13, area_min_m2=9.5))
    stands = (*row(2), stand(3, area_m2=10.0))
    assert contradictions(Instance(stands=stands, applicants=crowd, **fields)) == [expected]


def test_an_impossible_area_is_named_and_rules_that_only_together_leave_nothing() -> None:
    stands = (stand(1, water=True, days=EARLY), stand(2))
    crowd = (applicant(11, area_min_m2=99.0, area_max_m2=None), applicant(12, water=True))
    found = contradictions(Instance(stands=stands, applicants=crowd))
    assert found == [Contradiction((Rule.AREA,), (11,)), Contradiction((Rule.DAYS, Rule.WATER), (12,))]


def test_too_many_for_the_same_stands_are_named_with_them() -> None:
    stands = (stand(1, water=True), stand(2, water=True), stand(3), stand(4))
    crowd = tuple(applicant(number, water=True) for number in (11, 12, 13))
    assert contradictions(Instance(stands=stands, applicants=(*crowd, applicant(14)))) == [
        Contradiction((Rule.TAKEN,), (11, 12, 13), (1, 2))
    ]


@settings(deadline=None, max_examples=30)
@given(rng=st.randoms(use_true_random=False), stands=st.integers(1, 16), applicants=st.integers(1, 14))
def test_everybody_without_a_stand_has_a_reason(rng: Random, stands: int, applicants: int) -> None:
    instance = random_hall(rng, stands=stands, applicants=applicants)
    answer = solve(instance, seconds=60, rounds=10).assignment
    reasons = unplaced(instance, answer)
    assert [one.applicant for one in reasons] == [one.id for one in instance.applicants if one.id not in answer]
    for one in reasons:
        for other in one.alternatives:
            assert len(other.broken) + len(other.taken_by) > 0 or one.rules == ()
    contradictions(instance)
