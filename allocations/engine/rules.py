"""The hard rules of fit between one applicant and one stand, and what is fixed beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from allocations.engine.floor import Floor, floor_of
from allocations.engine.instance import Applicant, Instance

if TYPE_CHECKING:
    from allocations.engine.floor import Flags

TOLERANCE = 1e-6  # m² and kW: less is the noise of computing


class Rule(StrEnum):
    """Why a stand is not for an applicant. Those up to ``DRAIN`` are told by the two alone, the rest by who stands where."""

    SITE = "site"
    DAYS = "days"
    BLOCKED = "blocked"
    KEPT_OUT = "kept_out"
    AREA = "area"
    POWER = "power"
    WATER = "water"
    DRAIN = "drain"
    LOCK = "lock"
    ACCEPTED = "accepted"
    PAVILION = "pavilion"
    TAKEN = "taken"


def exclusions(applicant: Applicant, floor: Floor) -> "dict[Rule, Flags]":
    """Rule by rule, which stands it excludes for this applicant."""
    nobody = floor.none()
    area_over = nobody if applicant.area_max_m2 is None else floor.area > applicant.area_max_m2 + TOLERANCE
    too_few_days = nobody.copy()
    for days, mask in floor.days.items():
        if not applicant.days <= days:
            too_few_days |= mask
    return {
        Rule.SITE: ~floor.sites.get(applicant.site, nobody),
        Rule.DAYS: too_few_days,
        Rule.BLOCKED: floor.blocked,
        Rule.KEPT_OUT: floor.kept_out,
        Rule.AREA: (floor.area < applicant.area_min_m2 - TOLERANCE) | area_over,
        Rule.POWER: floor.power < applicant.power_kw - TOLERANCE,
        Rule.WATER: ~floor.water if applicant.water else nobody,
        Rule.DRAIN: ~floor.drain if applicant.drain else nobody,
    }


def excluded(applicant: Applicant, floor: Floor) -> "Flags":
    """Which stands any rule of fit excludes for this applicant."""
    result = floor.none()
    for mask in exclusions(applicant, floor).values():
        result |= mask
    return result


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Rules that exclude each other, with whom and what they concern. ``facts`` are numbers for the sentence about it."""

    rules: tuple[Rule, ...]
    applicants: tuple[int, ...] = ()
    stands: tuple[int, ...] = ()
    facts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Fixed:
    """Whom no solver moves: ``placed`` stands where it stands; ``left_out`` has a lock that cannot be kept, and is not placed."""

    placed: Mapping[int, int]
    left_out: frozenset[int]
    contradictions: tuple[Contradiction, ...]


def fixed(instance: Instance) -> Fixed:
    """What was accepted, then the locks as far as they agree with the rules and with each other."""
    applicants = {applicant.id: applicant for applicant in instance.applicants}
    stands = {stand.id: stand for stand in instance.stands}
    placed: dict[int, int] = {}
    by_stand: dict[int, list[int]] = {}
    contradictions: list[Contradiction] = []
    locks = [(who, where, Rule.LOCK) for who, where in sorted(instance.locks.items())]
    for who, where, kind in [*((who, where, Rule.ACCEPTED) for who, where in sorted(instance.accepted.items())), *locks]:
        if kind is Rule.LOCK and who in instance.accepted:
            if instance.accepted[who] != where:
                contradictions.append(Contradiction((Rule.LOCK, Rule.ACCEPTED), (who,), (where, instance.accepted[who])))
            continue
        if kind is Rule.LOCK:
            unfit = [rule for rule, mask in exclusions(applicants[who], floor_of(instance, (stands[where],))).items() if mask[0]]
            if unfit:
                contradictions.append(Contradiction((Rule.LOCK, *unfit), (who,), (where,)))
                continue
        rivals = [other for other in by_stand.get(where, []) if applicants[other].days & applicants[who].days]
        if rivals:
            other_kind = Rule.ACCEPTED if rivals[0] in instance.accepted else Rule.LOCK
            contradictions.append(Contradiction((other_kind, kind), (rivals[0], who), (where,)))
            continue
        placed[who] = where
        by_stand.setdefault(where, []).append(who)
    left_out = (instance.locks.keys() | instance.accepted.keys()) - placed.keys()
    return Fixed(placed, frozenset(left_out), tuple(contradictions))
