"""The problem as plain values: stands, applicants, what is fixed and what was before. Areas in m², power in kW, lengths in metres."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from allocations.engine.weights import BALANCED, Weights

# Who is placed where: id of the applicant → id of the stand. Whoever is not in it is not placed.
Assignment = Mapping[int, int]

# How close two stands are: those that share an edge wholly, those that face each other across an aisle by half, others not at all.
NEIGHBOUR_CLOSENESS = 1.0
ACROSS_CLOSENESS = 0.5


@dataclass(frozen=True, slots=True)
class Stand:
    """A piece of floor; ``days`` are those on which it can be had at all."""

    id: int
    site: str
    hall: str
    zone: str
    centre: tuple[float, float]
    area_m2: float
    open_sides: int
    days: frozenset[date]
    power_kw: float = 0.0
    water: bool = False
    drain: bool = False
    blocked: bool = False
    neighbours: frozenset[int] = frozenset()
    """Stands that share an edge with it."""
    across: frozenset[int] = frozenset()
    """Stands that face it across an aisle."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """What one application asks for at one site. Its co-exhibitors stand with it and are not named here.

    An application to two sites is two applicants. ``area_max_m2`` and the wishes may be None: no limit, no wish.
    """

    id: int
    site: str
    days: frozenset[date]
    area_min_m2: float
    area_wished_m2: float | None
    area_max_m2: float | None
    submitted: int
    """Place in the order of submission: the smaller came first."""
    open_sides: int | None = None
    categories: frozenset[str] = frozenset()
    power_kw: float = 0.0
    water: bool = False
    drain: bool = False
    preferences: tuple[int, ...] = ()
    """Up to three stands, the dearest first."""
    near: frozenset[int] = frozenset()
    """Applicants it asks to stand near to; counts when the other asks too."""
    away: frozenset[int] = frozenset()
    """Competitors: counts when one of the two asks."""
    points: float = 0.0
    region: str = ""
    pavilion: int | None = None


@dataclass(frozen=True, eq=False)
class Instance:
    """One allocation to make.

    Raises ValueError where something names a stand or an applicant that is not in it, or an id is used twice.
    """

    stands: tuple[Stand, ...]
    applicants: tuple[Applicant, ...]
    weights: Weights = BALANCED
    zones: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The categories that a zone is meant for; a zone that is not named takes everybody."""
    products_apart: frozenset[frozenset[str]] = frozenset()
    """Pairs of categories that should not stand close: fish and chocolate."""
    locks: Mapping[int, int] = field(default_factory=dict)
    """Applicant → stand, as an organiser has fixed it."""
    kept_out: frozenset[int] = frozenset()
    """Stands that nobody is placed on by this run."""
    accepted: Mapping[int, int] = field(default_factory=dict)
    """Applicant → stand that it has accepted: a fact, which stays even where it breaks a rule of fit."""
    offered: Mapping[int, int] = field(default_factory=dict)
    """Applicant → stand that was offered to it: moving it costs."""
    planned: Mapping[int, int] = field(default_factory=dict)
    """Applicant → stand that is planned for it; moving it costs what the weights say, by default nothing."""

    def __post_init__(self) -> None:
        stands, applicants = {stand.id for stand in self.stands}, {applicant.id for applicant in self.applicants}
        if len(stands) < len(self.stands) or len(applicants) < len(self.applicants):
            raise ValueError("An id is used twice.")
        placed = [*self.locks.items(), *self.accepted.items(), *self.offered.items(), *self.planned.items()]
        if unknown := {who for who, _ in placed} - applicants:
            raise ValueError(f"Unknown applicants: {sorted(unknown)}.")
        if unknown := ({where for _, where in placed} | self.kept_out) - stands:
            raise ValueError(f"Unknown stands: {sorted(unknown)}.")

    @cached_property
    def most_points(self) -> float:
        """The most priority points that anybody has."""
        return max((applicant.points for applicant in self.applicants), default=0.0)

    def pavilions(self) -> dict[tuple[int, str], tuple[int, ...]]:
        """Places in ``applicants`` of the members of each pavilion at each site, where there are two or more."""
        members: dict[tuple[int, str], list[int]] = {}
        for index, applicant in enumerate(self.applicants):
            if applicant.pavilion is not None:
                members.setdefault((applicant.pavilion, applicant.site), []).append(index)
        return {key: tuple(found) for key, found in members.items() if len(found) > 1}
