"""Before and after of an edit, as the log of changes keeps them: plain JSON, texts cut, lists of codes. No query is made here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

LONGEST = 300  # characters of one text
MOST = 40  # items of one list, and differences of one edit
CUT = "…"
BEFORE_PICTURE, AFTER_PICTURE = "before_picture", "after_picture"  # of a logo: a small PNG in base64 beside the file's name

Detail = dict[str, Any]


@dataclass
class Diff:
    """What one edit changes, in the order in which it was noted.

    Each is ``{"field": "sites.power_kw", "of": "dalian", "before": "3", "after": "5.5"}``; ``of`` says which one of several, and what
    holds personal data has no before and after.
    """

    details: list[Detail] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # the parts that differ: "sites" for "sites.power_kw"

    def note(self, name: str, before: Any, after: Any, *, of: str = "") -> None:
        """Add a difference; equal values, and two kinds of nothing, are none."""
        old, new = plain(before), plain(after)
        if old != new:
            self._add({"field": name, "of": of[:LONGEST], "before": old, "after": new})

    def note_columns(self, prefix: str, before: dict[str, Any], row: Model, *, of: str = "") -> None:
        """The columns of ``row`` that are not as they were."""
        for name, value in before.items():
            self.note(f"{prefix}{name}", value, getattr(row, name), of=of)

    def note_unsaid(self, name: str, *, of: str = "") -> None:
        """That something was changed, and not what it was: it is somebody's personal data."""
        self._add({"field": name, "of": of[:LONGEST]})

    def _add(self, detail: Detail) -> None:
        self.names.add(str(detail["field"]).partition(".")[0])
        if len(self.details) < MOST:
            self.details.append(detail)


def columns_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """The values of columns before they are set."""
    return {name: getattr(row, name) for name in names}


def plain(value: Any) -> Any:
    """A value that JSON holds and that compares: None for every kind of nothing."""
    match value:
        case None | "":
            return None
        case bool() | int() | float():
            return value
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
        case str():
            return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}{CUT}"
        case dict():
            return plain(str(value.get("name", "")))
        case list() | tuple():
            items = [plain(one) for one in value]
            return ([*items[:MOST], CUT] if len(items) > MOST else items) or None
    return plain(str(value))
