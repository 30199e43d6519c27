"""What the pages of a conference share."""

from typing import Any

from django.http import HttpRequest

from conferences.models import Conference
from fairs import access
from fairs.roles import Right

NAME = ("name_ru", "name_zh_hans", "name_en")


def editable_conferences(request: HttpRequest) -> Any:
    """The conferences whose programme this person may change."""
    user: Any = request.user
    return Conference.objects.filter(access.within(user, Right.EDIT_CONFERENCE, fair="fair"))


class OfConferenceMixin:
    """A page of rows that belong to one conference for good: it is chosen once, among those the person may change."""

    fair_path = "conference__fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        readonly = tuple(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        return (*readonly, "conference") if obj else readonly

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "conference":
            kwargs["queryset"] = editable_conferences(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
