"""Letters go by real time; the desk shows their moments on the business clock, like everything else. They differ in a demo alone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

import clock


def shown_moment(moment: datetime | None) -> str:
    """In the zone of whoever looks."""
    return date_format(timezone.localtime(moment + clock.offset()), "SHORT_DATETIME_FORMAT") if moment else "–"


def moment_column(name: str, description: Any) -> Callable[[Any, Any], str]:
    """A column, or a field of a page, that shows the row's moment ``name``."""

    @admin.display(description=description, ordering=name)
    def shown(page: Any, row: Any) -> str:
        return format_html('<span class="whitespace-nowrap">{}</span>', shown_moment(getattr(row, name)))

    return shown
