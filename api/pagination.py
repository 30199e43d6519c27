"""Lists in pages: ``{"count", "next", "previous", "results"}``, 50 rows a page, at most 250."""

from typing import Any

from django.core.paginator import InvalidPage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import pagination
from rest_framework.exceptions import NotFound

from api.problems import QueryRefused


class PageNumberPagination(pagination.PageNumberPagination):
    """A ``page_size`` that is no number from 1 to 250 is a 400, as is a ``page`` that is none; one beyond the end is a 404."""

    page_size = 50
    max_page_size = 250
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        return list(self.slice_of(queryset, request))

    def slice_of(self, queryset: Any, request: Any) -> Any:
        """The page as a slice that is not read yet, for views that read plain columns instead of model rows."""
        self.request = request
        paginator = self.django_paginator_class(queryset, self.get_page_size(request))
        number = self.get_page_number(request, paginator)
        try:
            self.page = paginator.page(number)
        except InvalidPage as error:
            text = ngettext(
                "There is no page %(number)d: this list has %(pages)d page.",
                "There is no page %(number)d: this list has %(pages)d pages.",
                paginator.num_pages,
            )
            raise NotFound(text % {"number": number, "pages": paginator.num_pages}) from error
        return self.page.object_list

    def get_page_size(self, request: Any) -> int:
        return _whole_number(request, "page_size", most=self.max_page_size) or self.page_size

    def get_page_number(self, request: Any, paginator: Any) -> Any:
        return _whole_number(request, "page", most=10**9) or 1

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described = super().get_paginated_response_schema(schema)
        described["required"] = ["count", "next", "previous", "results"]
        described["properties"]["count"] = {"type": "integer", "minimum": 0}
        for name in ("next", "previous"):
            described["properties"][name] = {"type": ["string", "null"], "format": "uri", "description": "Address of that page."}
        return described

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            bounds = {"minimum": 1, "maximum": self.max_page_size if parameter["name"] == "page_size" else 10**9}
            parameter["schema"] = {"type": "integer", **bounds}
        return parameters


def _whole_number(request: Any, name: str, *, most: int) -> int | None:
    value = request.query_params.get(name)
    if value is None:
        return None
    if value.isascii() and value.isdigit() and len(value) <= 10 and 1 <= int(value) <= most:
        return int(value)
    raise QueryRefused({name: _("Write a whole number from 1 to {most}.").format(most=most)}, code="invalid")
