"""The tables of docs/roles.md, read for the tests."""

from pathlib import Path

from fairs.enums import StaffRole
from fairs.roles import RIGHTS, Right

Row = dict[str, str]
_PATH = Path(__file__).parents[2] / "docs" / "roles.md"
SUPERUSER = "superuser"


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip()[1:-1].split("|")]


def _tables() -> list[list[Row]]:
    found: list[list[Row]] = []
    header: list[str] = []
    for line in _PATH.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            header = []
        elif not header:
            header = _cells(line)
            found.append([])
        elif not line.startswith("|---"):
            found[-1].append(dict(zip(header, _cells(line), strict=True)))
    return found


def _table(column: str) -> list[Row]:
    return next(rows for rows in _tables() if column in rows[0])


STAFF = _table("check-in")
STEPS = _table("step")
COMPANY = _table("logistics")
PAGES = {row["page"]: row for row in _table("page")}
ACTIONS = {row["action over a selection"]: row["right"] for row in _table("action over a selection")}


def may(role: StaffRole | str, right: str) -> bool:
    """Whether ``role`` (or ``superuser``, or ``nobody``) has what a cell of the document names."""
    if role == SUPERUSER:
        return right != "nobody"
    if role == "nobody":
        return False
    if right == "all staff":
        return True
    return right not in (SUPERUSER, "nobody") and Right(right) in RIGHTS[StaffRole(role)]
