"""Why each stands where it stands, what else it could have had, and why some have no stand: codes and numbers that a proposal keeps."""

from collections.abc import Iterable, Mapping
from typing import Any

from allocations.domain.inputs import Input
from allocations.engine.instance import Applicant, Assignment, Instance
from allocations.engine.objective import PlacementScore
from allocations.engine.problem import Problem, problem_of
from allocations.engine.rules import Contradiction, Rule
from allocations.engine.standing import Standing

MOST_ALTERNATIVES = 3
Row = dict[str, Any]


class Explainer:
    """Asks the engine about one assignment. Applicants are named by the ids of their wishes, others in the rows by their applications'."""

    def __init__(self, given: Input, assignment: Assignment) -> None:
        self._given = given
        self._problem = problem_of(given.instance)
        self._places = self._problem.places(assignment)
        self._standing = _standing(self._problem, self._places)
        self._who = {applicant.id: place for place, applicant in enumerate(given.instance.applicants)}

    def terms(self, placement: PlacementScore) -> list[Row]:
        """The score, term by term."""
        return [
            {"name": term.name, "points": round(term.points, 2), "value": round(term.value, 3), **self._other(term.other)}
            for term in placement.terms
        ]

    def alternatives(self, wish_id: int) -> list[Row]:
        """The free stands that would be best for it, as everybody else stands now: id and points."""
        who = self._who[wish_id]
        where = self._standing.places.get(who)
        if who in self._problem.placed:
            return []
        if where is not None:
            self._standing.remove(who)
        gains = self._standing.gains(who)
        if where is not None:
            self._standing.place(who, where)
        best = sorted(int(place) for place in (-gains).argsort(kind="stable")[: MOST_ALTERNATIVES + 1] if gains[place] > float("-inf"))
        best.sort(key=lambda place: (-gains[place], place))
        stands = self._given.instance.stands
        return [{"stand": stands[place].id, "points": round(float(gains[place]), 2)} for place in best if place != where][
            :MOST_ALTERNATIVES
        ]

    def reasons(self, wish_id: int) -> list[Row]:
        """Why it has no stand: each rule with how many stands of its site it excludes, those that exclude the most first."""
        return unplaced_reasons(self._given.instance, self._given.instance.applicants[self._who[wish_id]], self._standing)

    def _other(self, wish_id: int | None) -> Row:
        return {} if wish_id is None else {"other": self._given.wishes[wish_id].application_id}


def _standing(problem: Problem, places: Mapping[int, int]) -> Standing:
    standing = Standing(problem)
    for who, where in places.items():
        if who not in standing.places:
            standing.place(who, where)
    return standing


def unplaced_reasons(instance: Instance, applicant: Applicant, standing: Standing) -> list[Row]:
    """Rule by rule, how many of the stands of the applicant's site it excludes that no earlier rule excludes."""
    from allocations.engine.floor import floor_of
    from allocations.engine.rules import exclusions

    floor = floor_of(instance)
    masks = exclusions(applicant, floor)
    left = ~masks.pop(Rule.SITE)
    total = int(left.sum())
    rows = []
    for rule, mask in masks.items():
        count = int((left & mask).sum())
        left = left & ~mask
        if count:
            rows.append({"rule": rule.value, "count": count, "of": total})
    who = next(place for place, one in enumerate(instance.applicants) if one.id == applicant.id)
    taken = int((left & ~standing.free(who)).sum())
    if taken:
        rows.append({"rule": Rule.TAKEN.value, "count": taken, "of": total})
    rest = int(left.sum()) - taken
    if rest:
        rows.append({"rule": Rule.PAVILION.value if applicant.pavilion is not None else Rule.LOCK.value, "count": rest, "of": total})
    return sorted(rows, key=lambda row: -row["count"])


def contradiction_rows(found: Iterable[Contradiction], given: Input) -> list[Row]:
    """What a run keeps of rules that exclude each other."""
    return [
        {
            "code": "contradiction",
            "rules": [rule.value for rule in one.rules],
            "applications": [given.wishes[pk].application_id for pk in one.applicants],
            "stands": list(one.stands),
        }
        for one in found
    ]
