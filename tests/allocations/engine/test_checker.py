"""The checker finds every hard rule that is broken: each case below breaks one."""

from dataclasses import replace
from typing import Any

import pytest

from allocations.engine.checker import violations
from allocations.engine.instance import Instance
from tests.allocations.engine.halls import DAYS, EARLY, LATE, applicant, row, stand


def broken(instance: Instance, assignment: dict[int, int]) -> list[str]:
    return [violation.rule for violation in violations(instance, assignment)]


def test_a_placement_that_fits_breaks_nothing() -> None:
    instance = Instance(stands=row(2), applicants=(applicant(11, power_kw=3.0), applicant(12)), locks={12: 1}, accepted={11: 2})
    instance = replace(instance, stands=tuple(replace(one, power_kw=3.0) for one in instance.stands))
    assert broken(instance, {11: 2, 12: 1}) == []


@pytest.mark.parametrize(
    ("place", "asks", "rule"),
    [
        ({"site": "mall"}, {}, "site"),
        ({"days": EARLY}, {}, "days"),
        ({"blocked": True}, {}, "blocked"),
        ({}, {"area_min_m2": 9.1}, "area_too_small"),
        ({}, {"area_max_m2": 8.9}, "area_too_large"),
        ({"power_kw": 2.9}, {"power_kw": 3.0}, "power"),
        ({"drain": True}, {"water": True}, "water"),
        ({"water": True}, {"drain": True}, "drain"),
    ],
)
def test_a_stand_that_does_not_fit_is_found(place: dict[str, Any], asks: dict[str, Any], rule: str) -> None:
    instance = Instance(stands=(stand(1, **place),), applicants=(applicant(11, **asks),))
    assert broken(instance, {11: 1}) == [rule]
    assert broken(replace(instance, accepted={11: 1}), {11: 1}) == [], "what was accepted is a fact"


def test_a_stand_that_is_kept_out_stays_empty() -> None:
    assert broken(Instance(stands=row(1), applicants=(applicant(11),), kept_out=frozenset({1})), {11: 1}) == ["kept_out"]


def test_two_on_a_stand_are_found_where_they_share_a_day() -> None:
    early, late, always = applicant(11, days=EARLY), applicant(12, days=LATE), applicant(13, days=DAYS)
    instance = Instance(stands=row(1), applicants=(early, late, always))
    assert broken(instance, {11: 1, 12: 1}) == []
    assert broken(instance, {11: 1, 13: 1}) == ["double"]


def test_who_has_accepted_stays_and_who_is_locked_goes_nowhere_else() -> None:
    instance = Instance(stands=row(3), applicants=(applicant(11), applicant(12)), accepted={11: 1}, locks={12: 2})
    assert broken(instance, {11: 1}) == []
    assert broken(instance, {11: 3, 12: 2}) == ["accepted"]
    assert broken(instance, {12: 2}) == ["accepted"]
    assert broken(instance, {11: 1, 12: 3}) == ["lock"]


def test_a_pavilion_in_pieces_is_found() -> None:
    crowd = tuple(applicant(number, pavilion=7) for number in (11, 12, 13))
    instance = Instance(stands=row(5), applicants=crowd)
    assert broken(instance, {11: 2, 12: 3, 13: 4}) == []
    assert broken(instance, {11: 1, 12: 2, 13: 4}) == ["pavilion"]
    assert broken(instance, {11: 1, 13: 2}) == [], "those who are placed hang together"
    assert broken(replace(instance, accepted={11: 1, 13: 4}), {11: 1, 12: 2, 13: 4}) == [], "each piece holds one who has accepted"
    assert broken(replace(instance, accepted={11: 1}), {11: 1, 12: 2, 13: 4}) == ["pavilion"]


def test_unknown_names_are_found() -> None:
    assert broken(Instance(stands=row(1), applicants=(applicant(11),)), {11: 2, 12: 1}) == ["unknown", "unknown"]
