"""Companies by the table that has brought them: from an import to what became of it in one click."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import ImportState
from exhibitors.models import Company, CompanyImport
from fairs import access
from fairs.moments import moment_text
from fairs.roles import Right

LATEST = 5  # tables to choose from; another one is reached from its own page


class ImportFilter(admin.SimpleListFilter):
    """Those that are new by one table, or were changed by it."""

    title = _("import")
    parameter_name = "imported"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        done = _imports(request).select_related("fair").only("file_name", "ended_at", "fair__time_zone").order_by("-ended_at", "-pk")
        shown = {upload.pk: upload for upload in done[:LATEST]}
        asked = _number(request.GET.get(self.parameter_name, ""))
        if asked and asked not in shown:
            shown |= {upload.pk: upload for upload in done.filter(pk=asked)}
        return [(str(pk), f"{upload.file_name} · {moment_text(upload.ended_at, upload.fair.zone)}") for pk, upload in shown.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Company]) -> QuerySet[Company]:
        if not self.value():
            return queryset
        reports = _imports(request).filter(pk=_number(self.value())).values_list("report", flat=True)
        return queryset.filter(pk__in=[pk for report in reports for pk in brought_by(report)])


def brought_by(report: dict[str, Any]) -> list[int]:
    """The ids of the companies that an import has made or changed."""
    return [*report.get("created_ids", []), *report.get("updated_ids", [])]


def _imports(request: HttpRequest) -> QuerySet[CompanyImport]:
    user: Any = request.user
    return CompanyImport.objects.filter(access.within(user, Right.EDIT_APPLICATIONS, fair="fair"), state=ImportState.DONE)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
