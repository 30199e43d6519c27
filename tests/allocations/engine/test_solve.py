from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocations.engine import checker
from allocations.engine.greedy import greedy
from allocations.engine.instance import Instance
from allocations.engine.problem import problem_of
from allocations.engine.solve import Progress, solve
from benchmarks.allocation_instances import make
from tests.allocations.engine.halls import EARLY, LATE, applicant, random_hall, row, stand


@settings(deadline=None, max_examples=30)
@given(rng=st.randoms(use_true_random=False), stands=st.integers(1, 24), applicants=st.integers(1, 20))
def test_no_hard_rule_is_ever_broken_and_greedy_is_never_beaten(rng: Random, stands: int, applicants: int) -> None:
    instance = random_hall(rng, stands=stands, applicants=applicants)
    problem = problem_of(instance)
    by_hand = problem.assignment(greedy(problem))
    found = solve(instance, seconds=60, rounds=30)
    assert checker.violations(instance, by_hand) == []
    assert checker.violations(instance, found.assignment) == []
    assert found.comfort == pytest.approx(checker.comfort(instance, found.assignment))
    assert (len(found.assignment), found.comfort) >= (len(by_hand), checker.comfort(instance, by_hand) - 1e-6)


@settings(deadline=None, max_examples=15)
@given(rng=st.randoms(use_true_random=False), stands=st.integers(1, 6), applicants=st.integers(1, 4))
def test_no_placement_of_everybody_passes_the_bound(rng: Random, stands: int, applicants: int) -> None:
    instance = random_hall(rng, stands=stands, applicants=applicants)
    found = solve(instance, seconds=60, rounds=10)
    for places in product(range(stands), repeat=applicants):
        answer = {one.id: where for one, where in zip(instance.applicants, places, strict=True)}
        if not checker.violations(instance, answer):
            assert checker.comfort(instance, answer) <= found.bound + 1e-6


def test_the_bound_knows_that_members_of_a_pavilion_who_never_meet_may_share_a_stand() -> None:
    crowd = tuple(applicant(number, days=days, open_sides=3, pavilion=1) for number, days in ((11, EARLY), (12, LATE)))
    instance = Instance(stands=(*row(2)[:1], stand(2, open_sides=3, neighbours=frozenset({1}))), applicants=crowd)
    shared = {11: 2, 12: 2}
    assert checker.violations(instance, shared) == []
    assert solve(instance, seconds=60, rounds=10).bound >= checker.comfort(instance, shared)


def test_what_greedy_takes_from_others_is_given_back() -> None:
    crowd = (applicant(11, points=9.0, area_min_m2=6.0), applicant(12, area_min_m2=9.0))
    instance = Instance(stands=(stand(1, area_m2=9.0), stand(2, area_m2=6.0)), applicants=crowd)
    assert solve(instance, seconds=60, rounds=10).assignment == {11: 2, 12: 1}


def test_a_fair_is_solved_near_its_bound_and_the_same_twice() -> None:
    instance, _ = make(stands=60, exhibitors=52, seed=5)
    one, two = (solve(instance, seconds=60, rounds=300, seed=3) for _ in range(2))
    assert one.assignment == two.assignment
    assert (one.method, len(one.assignment)) == ("search", 52)
    assert one.gap is not None
    assert 0 <= one.gap < 0.03
    assert one.comfort - one.greedy_comfort > 0.5 * (one.bound - one.greedy_comfort)


def test_a_run_tells_how_far_it_is_and_ends_when_it_is_cancelled() -> None:
    instance, _ = make(stands=40, exhibitors=34, seed=5)
    told: list[Progress] = []
    found = solve(instance, seconds=60, rounds=200, progress=told.append)
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert (told[0].placed, told[-1]) == (found.greedy_placed, Progress(1.0, len(found.assignment), found.comfort))
    cancelled = solve(instance, seconds=60, rounds=200, cancelled=lambda: True)
    assert (cancelled.was_cancelled, cancelled.rounds, cancelled.method) == (True, 0, "greedy")


def test_no_time_leaves_what_greedy_found() -> None:
    instance, _ = make(stands=40, exhibitors=34, seed=5)
    assert solve(instance, seconds=0).method == "greedy"


def test_the_start_is_kept_unless_it_breaks_a_rule_or_something_better_is_found() -> None:
    instance = Instance(stands=row(3), applicants=(applicant(11, preferences=(2,)), applicant(12)))
    assert solve(instance, seconds=0, start={11: 2, 12: 3}).method in ("start", "greedy")
    assert solve(instance, seconds=0, start={11: 2, 12: 2}).method == "greedy"


def test_after_a_withdrawal_only_those_move_for_whom_it_is_worth_the_cost() -> None:
    crowd = tuple(applicant(number, preferences=(1,)) for number in (11, 12, 13))
    instance = Instance(stands=row(4), applicants=crowd, planned={11: 2, 12: 3, 13: 4})
    free = solve(instance, seconds=60, rounds=20).assignment
    assert 1 in free.values()
    dear = replace(instance, weights=replace(instance.weights, moved_planned=100))
    assert solve(dear, seconds=60, rounds=20).assignment == {11: 2, 12: 3, 13: 4}


def test_friends_are_brought_together_and_competitors_apart() -> None:
    crowd = (
        applicant(11, near=frozenset({12})),
        applicant(12, near=frozenset({11}), preferences=(9,)),
        applicant(13, away=frozenset({11, 12})),
    )
    found = solve(Instance(stands=(*row(4), stand(9), stand(10)), applicants=crowd[:2]), seconds=60, rounds=60).assignment
    assert found[12] == 9, "30 points of the preference outweigh 20 of being near"
    found = solve(Instance(stands=row(4), applicants=crowd), seconds=60, rounds=60).assignment
    assert abs(found[11] - found[12]) == 1
    assert all(abs(found[13] - found[who]) > 1 for who in (11, 12))


def test_a_pavilion_larger_than_what_is_listed_is_still_one_block() -> None:
    members = tuple(applicant(100 + number, pavilion=1, preferences=(number,)) for number in range(1, 13))
    instance = Instance(stands=row(30), applicants=(*members, applicant(1), applicant(2)))
    found = solve(instance, seconds=60, rounds=60)
    assert (len(found.assignment), checker.violations(instance, found.assignment)) == (14, [])


def test_nothing_to_place_is_an_answer() -> None:
    assert solve(Instance(stands=(), applicants=(applicant(11),)), seconds=1).assignment == {}
    assert solve(Instance(stands=row(1), applicants=()), seconds=1).assignment == {}
    assert solve(Instance(stands=row(1), applicants=(applicant(11, area_min_m2=99.0, area_max_m2=None),)), seconds=1).assignment == {}
