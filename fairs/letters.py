"""Who of a fair's staff may look into the outbox: the letters of the own fair about what one may see there anyway."""

from typing import Any

from django.db.models import Q

from fairs import access
from fairs.enums import StaffRole
from fairs.roles import Right

# Letters of an app (the first part of their occasion) are about what this right shows.
_shown_by: dict[str, Right] = {}


def register_letters(app: str, right: Right) -> None:
    """Letters of ``app`` are read by those who have ``right`` for the whole fair; call it in ``AppConfig.ready``."""
    _shown_by[app] = right


def letters_seen(user: Any) -> Q | None:
    """A rule for notifications.access: the letters that ``user`` may read."""
    return _letters(user, Right.VIEW_LETTERS)


def letters_handled(user: Any) -> Q | None:
    """The same for those that ``user`` may hold back, edit, drop and send again."""
    return _letters(user, Right.SEND_LETTERS)


def _letters(user: Any, right: Right) -> Q | None:
    # A letter does not know its region, so what a coordinator sees of one region opens none.
    whole_fair = [role for role in access.roles_of(user) if role.role != StaffRole.REGIONAL_COORDINATOR]
    found: Q | None = None
    for app, shown_by in _shown_by.items():
        fairs = [fair for fair in {role.fair_id for role in whole_fair} if {right, shown_by} <= _rights(user, whole_fair, fair)]
        if fairs:
            condition = Q(occasion__startswith=f"{app}.", fair__in=fairs)
            found = condition if found is None else found | condition
    return found


def _rights(user: Any, roles: list[Any], fair_id: int) -> frozenset[Right]:
    return access.rights_of(user, [role for role in roles if role.fair_id == fair_id])
