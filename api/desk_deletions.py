"""Deletions at the desk: what a reader is told before."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.utils.translation import gettext as _

_NAMED = 50  # rows of one thing; the page counts all of them by kind above the list


class ShortDeletionsMixin(ModelAdmin):
    """For an admin page, before its base: the page that asks before a deletion names some of what would go, and how many more there are."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        return _shortened(to_delete), counts, perms_needed, _shortened(protected)


def _shortened(rows: Sequence[Any]) -> list[Any]:
    """Of Django's nested list the first rows of each level; the list behind a row is what goes with it."""
    named: list[Any] = []
    count = 0
    for row in rows:
        is_row = not isinstance(row, list)
        count += is_row
        if count <= _NAMED:
            named.append(row if is_row else _shortened(row))
    return [*named, _("… and %(count)d more") % {"count": count - _NAMED}] if count > _NAMED else named
