"""The stands as columns of numbers, and who stands close to whom: what rules and objective read."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from allocations.engine.instance import ACROSS_CLOSENESS, NEIGHBOUR_CLOSENESS, Instance, Stand

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Floor:
    """One entry a stand in each column, in the order of ``stands``."""

    stands: tuple[Stand, ...]
    area: "Floats"
    open_sides: "Floats"
    power: "Floats"
    water: "Flags"
    drain: "Flags"
    blocked: "Flags"
    kept_out: "Flags"
    zones: dict[str, "Flags"]
    sites: dict[str, "Flags"]
    days: dict[frozenset[date], "Flags"]
    """Which stands can be had on exactly these days."""

    def none(self) -> "Flags":
        import numpy as np

        return np.zeros(len(self.stands), dtype=bool)


def floor_of(instance: Instance, stands: tuple[Stand, ...] | None = None) -> Floor:
    """Columns of all stands, or of some."""
    import numpy as np

    chosen = instance.stands if stands is None else stands
    return Floor(
        stands=chosen,
        area=np.array([stand.area_m2 for stand in chosen], dtype=float),
        open_sides=np.array([stand.open_sides for stand in chosen], dtype=float),
        power=np.array([stand.power_kw for stand in chosen], dtype=float),
        water=np.array([stand.water for stand in chosen], dtype=bool),
        drain=np.array([stand.drain for stand in chosen], dtype=bool),
        blocked=np.array([stand.blocked for stand in chosen], dtype=bool),
        kept_out=np.array([stand.id in instance.kept_out for stand in chosen], dtype=bool),
        zones=_masks([stand.zone for stand in chosen]),
        sites=_masks([stand.site for stand in chosen]),
        days=_masks([stand.days for stand in chosen]),
    )


def _masks(values: list[Any]) -> dict[Any, "Flags"]:
    """For each value, in the order of appearance, where it stands."""
    import numpy as np

    codes: dict[Any, int] = {}
    column = np.array([codes.setdefault(value, len(codes)) for value in values], dtype=int)
    return {value: column == code for value, code in codes.items()}


def close_stands(instance: Instance) -> list[dict[int, float]]:
    """For each stand the places of the stands close to it and how close they are. Neighbourhood holds both ways if either names it."""
    places = {stand.id: place for place, stand in enumerate(instance.stands)}
    close: list[dict[int, float]] = [{} for _ in instance.stands]
    for degree, attribute in ((ACROSS_CLOSENESS, "across"), (NEIGHBOUR_CLOSENESS, "neighbours")):
        for place, stand in enumerate(instance.stands):
            for other in sorted(getattr(stand, attribute)):
                if other in places and other != stand.id:
                    close[place][places[other]] = degree
                    close[places[other]][place] = degree
    return close
