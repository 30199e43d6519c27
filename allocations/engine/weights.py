"""What an allocation strives for, in points: a placement that fulfils everything is worth about 100."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for each aim. The first four count what is fulfilled from 0 to 1; the pairs count how close two stands are, from 0 to 1."""

    preference: float
    """The stand is the first (1), second (0.7) or third (0.4) that was wished for."""
    open_sides: float
    """As many open sides as wished: less 0.5 for each missing, less 0.25 for each too many."""
    area: float
    """1 at the area wished, 0 at the least and the greatest that is allowed."""
    zone: float
    """The stand's zone is meant for one of the applicant's categories; half where the zone takes everybody."""
    priority: float
    """For the applicant with the most priority points, in proportion for the others: half for being placed, half for wishes fulfilled."""
    near: float
    """For two who both ask to be near each other."""
    away: float
    """Taken off for competitors close to each other."""
    products: float
    """Taken off for products close to each other that should be apart."""
    moved_offered: float
    """Taken off where somebody gets another stand than was offered."""
    moved_planned: float = 0.0
    """Taken off where somebody gets another stand than was planned: above 0 for a run that changes as little as it can."""

    def __post_init__(self) -> None:
        if wrong := [name for name in self.__slots__ if not 0 <= getattr(self, name) <= 1000]:
            raise ValueError(f"A weight is between 0 and 1000: {', '.join(wrong)}.")


BALANCED = Weights(preference=30, open_sides=15, area=20, zone=15, priority=20, near=20, away=30, products=15, moved_offered=40)
EXHIBITORS_FIRST = Weights(preference=45, open_sides=20, area=20, zone=5, priority=10, near=30, away=30, products=10, moved_offered=60)
HALL_FIRST = Weights(preference=15, open_sides=10, area=20, zone=40, priority=15, near=10, away=45, products=30, moved_offered=30)

PRESETS = {"balanced": BALANCED, "exhibitors_first": EXHIBITORS_FIRST, "hall_first": HALL_FIRST}
