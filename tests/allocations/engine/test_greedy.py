"""What greedy does first; that it breaks no hard rule: test_solve.py."""

import pytest

from allocations.engine.greedy import greedy
from allocations.engine.instance import Instance
from allocations.engine.problem import problem_of
from tests.allocations.engine.halls import applicant, row, stand


def by_hand(instance: Instance) -> dict[int, int]:
    problem = problem_of(instance)
    return problem.assignment(greedy(problem))


def test_more_points_choose_first_and_then_who_came_first() -> None:
    def asks(number: int, points: float) -> object:
        return applicant(number, preferences=(1, 2, 3), points=points)

    crowd = (asks(13, 0), asks(12, 0), asks(11, 5))
    assert by_hand(Instance(stands=row(3), applicants=crowd)) == {11: 1, 12: 2, 13: 3}


def test_a_pavilion_is_seated_before_anybody_else_and_in_one_block() -> None:
    members = tuple(applicant(number, pavilion=1) for number in (11, 12, 13))
    star = applicant(14, points=100.0, preferences=(2,))
    assert by_hand(Instance(stands=(*row(3), stand(4)), applicants=(*members, star))) == {11: 1, 12: 2, 13: 3, 14: 4}


def test_locked_members_draw_the_pavilion_to_them() -> None:
    members = tuple(applicant(number, pavilion=1) for number in (11, 12, 13))
    assert set(by_hand(Instance(stands=row(9), applicants=members, locks={12: 8})).values()) in ({7, 8, 9}, {6, 7, 8})


def test_a_lock_that_no_block_reaches_leaves_its_member_without_a_stand() -> None:
    members = tuple(applicant(number, pavilion=1) for number in (11, 12, 13))
    instance = Instance(stands=(*row(4), stand(9)), applicants=members, locks={11: 1, 13: 9})
    assert by_hand(instance) == {11: 1, 12: 2}


def test_an_empty_hall_places_nobody() -> None:
    assert by_hand(Instance(stands=(), applicants=(applicant(11),))) == {}
    assert by_hand(Instance(stands=row(2), applicants=())) == {}


@pytest.mark.parametrize("unknown", [{"locks": {99: 1}}, {"accepted": {11: 99}}, {"kept_out": frozenset({99})}])
def test_names_that_are_not_in_the_instance_are_refused(unknown: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Unknown"):
        Instance(stands=row(1), applicants=(applicant(11),), **unknown)
