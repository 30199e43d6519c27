"""Why each stands where it stands, what else it could have had, and why some have no stand: codes and numbers that a proposal keeps."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from allocations.domain.inputs import Input
from allocations.engine import reasons
from allocations.engine.blocks import joining
from allocations.engine.instance import Assignment
from allocations.engine.objective import PlacementScore, move_points
from allocations.engine.problem import Problem, problem_of
from allocations.engine.rules import Contradiction, Rule
from allocations.engine.standing import Standing

MOST_ALTERNATIVES = 3
Row = dict[str, Any]


class Explainer:
    """Asks the engine about one assignment. Applicants are named by the ids of their wishes, others in the rows by their applications'."""

    def __init__(self, given: Input, assignment: Assignment) -> None:
        self._given = given
        self._assignment = assignment
        self._who = {applicant.id: place for place, applicant in enumerate(given.instance.applicants)}

    @cached_property
    def _problem(self) -> Problem:
        """Every applicant on every stand: made when it is asked for, because it is large."""
        return problem_of(self._given.instance)

    @cached_property
    def _standing(self) -> Standing:
        return _standing(self._problem, self._problem.places(self._assignment))

    def terms(self, placement: PlacementScore) -> list[Row]:
        """The score, term by term; + 0.0 makes a minus nothing nothing."""
        return [
            {"name": term.name, "points": round(term.points, 2) + 0.0, "value": round(term.value, 3), **self._other(term.other)}
            for term in placement.terms
        ]

    def alternatives(self, wish_id: int) -> list[Row]:
        """The free stands that would be best for it, as everybody else stands now: id and points, of which ``move`` because it would move.

        Those apart from its pavilion come last.
        """
        who = self._who[wish_id]
        where = self._standing.places.get(who)
        if who in self._problem.placed:
            return []
        if where is not None:
            self._standing.remove(who)
        gains = self._standing.gains(who)
        if where is not None:
            self._standing.place(who, where)
        best = {int(place) for place in (-gains).argsort(kind="stable")[: MOST_ALTERNATIVES + 1]}
        together = joining(self._problem, who, {one: there for one, there in self._standing.places.items() if one != who})
        found = [place for place in best | (together or set()) if gains[place] > float("-inf") and place != where]
        apart = {place for place in found if together is not None and place not in together}
        found.sort(key=lambda place: (place in apart, -gains[place], place))
        stands = self._given.instance.stands
        return [
            {
                "stand": stands[place].id,
                "points": round(float(gains[place]), 2),
                **self._move(wish_id, stands[place].id),
                **({"broken": [Rule.PAVILION.value]} if place in apart else {}),
            }
            for place in found[:MOST_ALTERNATIVES]
        ]

    def unplaced(self) -> dict[int, reasons.Unplaced]:
        """Why each that has no stand has none, by id of its wish."""
        return {one.applicant: one for one in reasons.unplaced(self._given.instance, self._assignment)}

    def reason_rows(self, one: reasons.Unplaced) -> list[Row]:
        """The fewest rules that together leave no stand, each with how many stands of its site it excludes."""
        return [{"rule": rule.value, "count": one.excluded.get(rule, 0), "of": one.stands} for rule in one.rules or one.excluded]

    def nearest(self, one: reasons.Unplaced) -> list[Row]:
        """What comes nearest for one without a stand: who has it, and which rule it would break."""
        return [
            {
                "stand": other.stand,
                "points": round(other.points, 2),
                **self._move(one.applicant, other.stand),
                "taken_by": [self._given.wishes[pk].application_id for pk in other.taken_by],
                "broken": [rule.value for rule in other.broken],
            }
            for other in one.alternatives
        ]

    def _move(self, wish_id: int, stand_id: int) -> Row:
        move = move_points(self._given.instance.applicants[self._who[wish_id]], self._given.instance, stand_id)
        return {"move": round(move, 2)} if move else {}

    def _other(self, wish_id: int | None) -> Row:
        return {} if wish_id is None else {"other": self._given.wishes[wish_id].application_id}


def _standing(problem: Problem, places: Mapping[int, int]) -> Standing:
    standing = Standing(problem)
    for who, where in places.items():
        if who not in standing.places:
            standing.place(who, where)
    return standing


def contradiction_rows(found: Iterable[Contradiction], given: Input) -> list[Row]:
    """What a run keeps of rules that exclude each other."""
    return [
        {
            "code": "contradiction",
            "rules": [rule.value for rule in one.rules],
            "applications": [given.wishes[pk].application_id for pk in one.applicants],
            "stands": list(one.stands),
            "facts": dict(one.facts),
        }
        for one in found
    ]
