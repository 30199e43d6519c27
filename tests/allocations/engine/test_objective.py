from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocations.engine import checker
from allocations.engine.instance import Instance
from allocations.engine.objective import Score, score
from allocations.engine.weights import BALANCED, PRESETS, Weights
from tests.allocations.engine.halls import applicant, random_hall, row, stand

FLAT = Weights(
    preference=10, open_sides=10, area=10, zone=10, priority=10, near=10, away=10, products=10, moved_offered=10, moved_planned=10
)


def terms(instance: Instance, assignment: dict[int, int], who: int = 11) -> dict[str, float]:
    return {term.name: term.points for term in score(instance, assignment).placements[who].terms}


def by_term(whole: Score) -> dict[str, float]:
    """Points of each aim over all placements."""
    sums: Counter[str] = Counter()
    for placement in whole.placements.values():
        sums.update({term.name: term.points for term in placement.terms})
    return dict(sums)


def test_wishes_bring_their_weight_and_priority_points_half_for_them() -> None:
    asks = applicant(11, open_sides=2, area_wished_m2=9.0, preferences=(3, 1), categories=frozenset({"03"}), points=5.0)
    instance = Instance(
        stands=(stand(1, open_sides=1, zone="fish"),),
        applicants=(replace(asks, preferences=(1,)),),
        weights=FLAT,
        zones={"fish": asks.categories},
    )
    assert terms(instance, {11: 1}) == {
        "preference": 10,
        "open_sides": 5,
        "area": 10,
        "zone": 10,
        "priority": pytest.approx(5 + 5 * 25 / 30),
    }


@pytest.mark.parametrize(("rank", "points"), [(0, 10), (1, 7), (2, 4), (3, 0)])
def test_a_preference_counts_by_its_rank(rank: int, points: float) -> None:
    instance = Instance(stands=row(4), applicants=(applicant(11, preferences=(1, 2, 3)),), weights=FLAT)
    assert terms(instance, {11: rank + 1})["preference"] == points


@pytest.mark.parametrize(("area", "points"), [(6, 0), (7.5, 5), (9, 10), (11, 5), (13, 0)])
def test_area_counts_less_the_nearer_it_is_to_a_limit(area: float, points: float) -> None:
    asks = applicant(11, area_min_m2=6.0, area_wished_m2=9.0, area_max_m2=13.0)
    assert terms(Instance(stands=(stand(1, area_m2=area),), applicants=(asks,), weights=FLAT), {11: 1})["area"] == pytest.approx(points)


@pytest.mark.parametrize(("where", "near"), [(2, 10), (3, 5), (4, 0)])
def test_two_who_both_ask_share_the_points_of_being_near(where: int, near: float) -> None:
    stands = (stand(1, neighbours=frozenset({2}), across=frozenset({3})), stand(2), stand(3), stand(4))
    friends = (applicant(11, near=frozenset({12})), applicant(12, near=frozenset({11})))
    instance = Instance(stands=stands, applicants=friends, weights=FLAT)
    assert by_term(score(instance, {11: 1, 12: where})).get("near", 0) == near
    alone = replace(instance, applicants=(friends[0], replace(friends[1], near=frozenset())))
    assert "near" not in by_term(score(alone, {11: 1, 12: where}))


def test_competitors_and_products_that_are_close_cost() -> None:
    fish, chocolate = applicant(11, away=frozenset({12}), categories=frozenset({"03"})), applicant(12, categories=frozenset({"18"}))
    instance = Instance(stands=row(3), applicants=(fish, chocolate), weights=FLAT, products_apart=frozenset({frozenset({"03", "18"})}))
    assert by_term(score(instance, {11: 1, 12: 2})) == {"priority": 0, "away": -10, "products": -10}
    assert by_term(score(instance, {11: 1, 12: 3})) == {"priority": 0}


def test_moving_costs_those_who_were_offered_or_planned() -> None:
    instance = Instance(stands=row(2), applicants=(applicant(11), applicant(12)), weights=FLAT, offered={11: 1}, planned={12: 1})
    assert by_term(score(instance, {11: 2, 12: 1})) == {"priority": 0, "moved_offered": -10, "moved_planned": 0}
    assert score(instance, {11: 1, 12: 2}).comfort == -10


def test_one_more_placed_outweighs_all_comfort() -> None:
    wish = applicant(11, preferences=(1,), open_sides=1, area_wished_m2=9.0, points=9.0)
    instance = Instance(stands=row(2), applicants=(wish, applicant(12)), weights=replace(FLAT, away=1000))
    rivals = replace(instance, applicants=(wish, applicant(12, away=frozenset({11}))))
    assert score(rivals, {11: 2, 12: 1}).total > score(rivals, {11: 1}).total


@settings(deadline=None, max_examples=60)
@given(rng=st.randoms(use_true_random=False), stands=st.integers(1, 16), applicants=st.integers(1, 12))
def test_the_checker_counts_the_same_points(rng: Random, stands: int, applicants: int) -> None:
    instance = random_hall(rng, stands=stands, applicants=applicants)
    assignment = {one.id: rng.randrange(stands) for one in instance.applicants if rng.random() < 0.8}
    assert score(instance, assignment).comfort == pytest.approx(checker.comfort(instance, assignment), abs=1e-6)


def test_weights_out_of_range_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="between 0 and 1000: near, away"):
        replace(BALANCED, near=-1, away=1001)


def test_a_placement_that_fulfils_everything_is_worth_a_hundred() -> None:
    for weights in PRESETS.values():
        assert weights.preference + weights.open_sides + weights.area + weights.zone + weights.priority == 100
