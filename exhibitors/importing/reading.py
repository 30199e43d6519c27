"""How a table of companies was read, for whoever looks whether it is the right one: its sheets, first rows, headers and names."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fairs.tables import Row, Table

_FIRST_ROWS = 5
_LOOKED_AT = ("legal_name", "region", "name_ru", "name_zh", "name_en")
_LONGEST = 200  # characters of a name or header that are kept
_SHEETS_NAMED = 20


@dataclass(frozen=True)
class Reading:
    """Nothing of a table whose header could not be taken.

    ``sheets`` as in :class:`Table`, where there are several. ``rows`` are the first ones: number, and the texts of ``columns``.
    ``written`` has the headers that the file writes otherwise, ``names`` the legal names in the rows that were asked for.
    """

    sheets: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, *, named: Iterable[int]) -> "Reading":
        """``named`` are the numbers of the rows whose legal names are wanted."""
        numbers = set(named)
        columns = [column for column in _LOOKED_AT if column in table.headers]
        return cls(
            sheets=table.sheets[:_SHEETS_NAMED] if len(table.sheets) > 1 else [],
            columns=columns,
            rows=[(row.number, [_shown(row, column) for column in columns]) for row in table.rows[:_FIRST_ROWS]],
            written={header: _one_line(text) for header, text in table.written.items() if text != header},
            names={row.number: _shown(row, "legal_name") for row in table.rows if row.number in numbers},
        )


def _shown(row: Row, column: str) -> str:
    return _one_line(row.values[column])


def _one_line(text: str) -> str:
    return " ".join(text[:_LONGEST].split())
