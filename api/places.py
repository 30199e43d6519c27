"""Lists of plain values of which some were refused: what is said of the others names the places that they had in the body."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any


class Rest(list[Any]):
    """What is right of a list; ``places`` are where its items stood."""

    def __init__(self, items: Iterable[Any], places: Sequence[int] | None = None) -> None:
        super().__init__(items)
        self.places = range(len(self)) if places is None else places  # the ORM copies a list by its items alone


def by_place(values: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """The items with their places in the body."""
    return zip(getattr(values, "places", count()), values, strict=False)


def rest_of(values: Any, wrong: Any) -> Rest | None:
    """The items that are not in ``wrong``, which has what was found by place; None where the list itself is wrong or nothing is left."""
    if not isinstance(values, list) or not isinstance(wrong, Mapping):
        return None
    there = list(zip(getattr(values, "places", range(len(values))), values, strict=True))
    kept = [pair for index, pair in enumerate(there) if index not in wrong]
    return Rest([item for _place, item in kept], [place for place, _item in kept]) if kept else None


def moved_back(error: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """An error about the rest of a list says where the item stood at first."""
    _root, name, *path = error["pointer"].split("/") if error["pointer"] else ("", "")
    places = getattr(data.get(name), "places", None)
    if places is None or not path or not path[0].isdigit():
        return error
    return {**error, "pointer": "/".join(["", name, str(places[int(path[0])]), *path[1:]])}
