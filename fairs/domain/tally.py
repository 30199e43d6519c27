"""What an import did."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass
class Tally:
    """Counts of rows that were made, changed, removed, or found as they should be."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def __str__(self) -> str:
        counts = [
            _("%(count)d new") % {"count": self.new},
            _("%(count)d changed") % {"count": self.changed},
            _("%(count)d unchanged") % {"count": self.unchanged},
        ]
        if self.removed:
            counts.append(_("%(count)d removed") % {"count": self.removed})
        return ", ".join(counts)

    def count(self, row: Any, values: dict[str, Any]) -> bool:
        """Set ``values`` on ``row`` and count it; True when it is new or differs, so must be saved."""
        is_new = row._state.adding
        differs = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in differs.items():
            setattr(row, name, value)
        if is_new:
            self.new += 1
        elif differs:
            self.changed += 1
        else:
            self.unchanged += 1
        return is_new or bool(differs)
