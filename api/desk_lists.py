"""Lists at the desk: what they may be asked."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.http import HttpRequest

BELOW = "__"


class OfferedLookupsMixin(ModelAdmin):
    """For an admin page, before its base: a list is narrowed by its filters and its calendar, and by nothing else.

    Django lets an address ask about every column of a row, shown or not, and about every relation that leads away from it: whether
    a hash begins with an a, whether a company applies at somebody else's fair. Such a question is refused (400).
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        offered = [_path_of(one) for one in self.get_list_filter(request)]
        if self.date_hierarchy:
            offered.append(self.date_hierarchy)
        is_offered = any(lookup == path or lookup.startswith(path + BELOW) for path in offered)
        return is_offered and super().lookup_allowed(lookup, value, request)


def _path_of(list_filter: Any) -> str:
    """The columns, or the parameter, that an entry of ``list_filter`` asks about."""
    if isinstance(list_filter, type) and issubclass(list_filter, SimpleListFilter):
        return str(list_filter.parameter_name)
    return str(list_filter[0] if isinstance(list_filter, (list, tuple)) else list_filter)
