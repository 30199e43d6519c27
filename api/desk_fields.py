"""Read-only fields of the desk that ask the database."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Told = TypeVar("Told")


def drawn_once(field: Callable[[Any, Any], Told]) -> Callable[[Any, Any], Told]:
    """A read-only field of a form, worked out once for each row object: Unfold asks three times on a page."""
    kept_as = f"_drawn_{field.__name__}"

    @wraps(field)
    def draw(page: Any, row: Any) -> Told:
        if kept_as not in row.__dict__:
            row.__dict__[kept_as] = field(page, row)
        kept: Told = row.__dict__[kept_as]
        return kept

    return draw
