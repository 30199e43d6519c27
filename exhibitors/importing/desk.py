"""Who imports a table of companies, and how a domain function's refusal belongs to a cell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from api.problems import Refused
from api.text import sentences
from exhibitors.importing.rows import CompanyRow
from fairs.models import Fair


class CellRefused(Exception):
    """A domain function refused what one cell asks for."""

    def __init__(self, column: str, refusal: Refused) -> None:
        errors = refusal.facts.get("errors", [])
        super().__init__(sentences(*(error["detail"] for error in errors)) or str(refusal))
        self.column = column


@dataclass(frozen=True)
class Desk:
    """Who imports, when and for which fair, and whether letters are written."""

    fair: Fair
    by: User | None
    now: datetime
    tell: bool

    def at(self, row: CompanyRow) -> dict[str, Any]:
        """The arguments of a step that came with the application."""
        return {"by": self.by, "now": row.submitted_at or self.now, "tell": self.tell}

    @property
    def step(self) -> dict[str, Any]:
        return {"by": self.by, "now": self.now, "tell": self.tell}
