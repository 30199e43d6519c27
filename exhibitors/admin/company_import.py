"""Imports of companies at the desk: how far a worker is, what is wrong with a table or would be written, and its confirmation."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

import clock
from api.problems import Refused
from exhibitors.admin.company_import_page import WRITERS, context, far_text, is_own, outcome_text, percent
from exhibitors.admin.import_reading import told_cells
from exhibitors.enums import ImportState
from exhibitors.importing import uploads
from exhibitors.models import CompanyImport
from exhibitors.tasks import import_tables_soon
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right

_LABELS = {
    ImportState.DONE: "success",
    ImportState.CHECKED: "warning",
    ImportState.CHECKING: "info",
    ImportState.IMPORTING: "info",
    ImportState.REFUSED: "danger",
    ImportState.DISCARDED: None,
}


@admin.register(CompanyImport)
class CompanyImportAdmin(FairScopedAdmin):
    """Each with what became of it; a new one begins above this list, and above that of companies."""

    view_right, edit_right = Right.EDIT_APPLICATIONS, None
    may_add = may_delete = False
    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint = _("No tables yet: “Import companies” takes one.")
    list_display = ("file_name", "begun", "shown_state", "outcome", "who", "fair")
    actions_list = ("import_table",)
    list_filter = ("state", ("fair", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("fair", "created_by")
    search_fields = ("file_name",)
    change_form_outer_before_template = "admin/exhibitors/company_import/progress.html"
    fieldsets = ((None, {"fields": ("fair",), "classes": ("hidden",)}),)

    def get_urls(self) -> list[URLPattern]:
        def page(view: Callable[..., HttpResponse]) -> Any:
            return self.admin_site.admin_view(partial(view, self))

        one = "<path:object_id>"
        return [
            path(f"{one}/progress/", page(_progress_page), name="exhibitors_companyimport_progress"),
            path(f"{one}/confirm/", page(_confirm_page), name="exhibitors_companyimport_confirm"),
            path(f"{one}/discard/", page(_discard_page), name="exhibitors_companyimport_discard"),
            *(path(f"{one}/errors.{kind}", page(partial(_errors_page, kind)), name=f"exhibitors_companyimport_{kind}") for kind in WRITERS),
            *super().get_urls(),
        ]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @action(description=_("Import companies"), url_path="import-companies", permissions=["import"], icon="upload_file")
    def import_table(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:exhibitors_company_import"))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        upload = self.get_object(request, object_id)
        shown = context(request, upload) if upload is not None and self.has_view_permission(request, upload) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    @admin.display(description=_("uploaded"), ordering="created_at")
    def begun(self, upload: CompanyImport) -> str:
        return moment_text(upload.created_at, upload.fair.zone)

    @display(description=_("state"), ordering="state", label={state.value: look for state, look in _LABELS.items()})
    def shown_state(self, upload: CompanyImport) -> tuple[str, Any]:
        return upload.state, upload.get_state_display()

    @admin.display(description=_("result"))
    def outcome(self, upload: CompanyImport) -> str:
        if upload.is_working:
            return format_html('<progress class="desk-progress" max="100" value="{}"></progress> {}', percent(upload), far_text(upload))
        return outcome_text(upload)

    @admin.display(description=_("uploaded by"))
    def who(self, upload: CompanyImport) -> str:
        return upload.created_by.get_full_name() if upload.created_by else "–"


def _progress_page(page: CompanyImportAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """How far it is, for the page that shows it."""
    upload = page.found(request, object_id)
    told = {"is_open": upload.is_working, "percent": percent(upload), "text": far_text(upload)}
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _confirm_page(page: CompanyImportAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    upload = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(upload)
    if not is_own(request, upload):
        raise PermissionDenied
    if upload.state in (ImportState.IMPORTING, ImportState.DONE):
        return page.back_to(upload)  # pressed once more, in another tab
    try:
        uploads.confirm(import_id=upload.pk)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        page.log_change(request, upload, gettext("Confirmed"))
        import_tables_soon()
    return page.back_to(upload)


def _discard_page(page: CompanyImportAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    upload = page.found(request, object_id)
    if request.method != "POST":
        return page.back_to(upload)
    try:
        is_over = uploads.discard(import_id=upload.pk, now=clock.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        page.log_change(request, upload, gettext("Discarded"))
        done = gettext("Discarded: nothing was written.")
        messages.success(request, done if is_over else gettext("It stops within seconds; nothing is written."))
    return page.back_to(upload)


def _errors_page(kind: str, page: CompanyImportAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """What is wrong with the table, as a table; of one without errors, the cells that are left alone."""
    upload = page.found(request, object_id)
    wrong = told_cells(upload.report, "errors")
    last, name = (
        (gettext("What is wrong"), gettext("errors of %(file)s")) if wrong else (gettext("What is kept"), gettext("kept of %(file)s"))
    )
    header = [gettext("Row"), gettext("Company"), gettext("Column"), last]
    rows = [[cell.row or "", *cell[1:]] for cell in wrong or told_cells(upload.report, "kept")]
    return WRITERS[kind](name % {"file": upload.file_name.rsplit(".", 1)[0]}, header, rows)
