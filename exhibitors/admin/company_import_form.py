"""Import companies at the desk: choose fair and file, or take an empty table to fill in.

What becomes of the table has a page of its own: company_import.py.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanWidget

import clock
from exhibitors.importing import uploads
from exhibitors.importing.columns import REQUIRED, headers_in
from exhibitors.importing.template import template
from exhibitors.models import CompanyImport
from exhibitors.tasks import import_tables_soon
from fairs import access
from fairs.admin.kept_files import TableFileField
from fairs.models import Fair
from fairs.roles import Right
from fairs.table_writing import xlsx_answer

if TYPE_CHECKING:
    from exhibitors.admin.company import CompanyAdmin


class ImportForm(forms.Form):
    """The fairs to choose from are those whose applications the person may edit."""

    fair = forms.ModelChoiceField(label=_("Fair"), queryset=Fair.objects.none(), widget=UnfoldAdminSelectWidget)
    file = TableFileField(
        accept=".csv,.xlsx,.txt", help_text=_("CSV or XLSX, at most 20 MB. Nothing is written before you have seen the result.")
    )
    notify = forms.BooleanField(
        label=_("Write to the exhibitors what goes with each step"),
        required=False,
        help_text=_("Leave this off for what they know already. How many letters go is shown before anything is written; staff get none."),
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, *args: Any, fairs: QuerySet[Fair], chosen: Fair | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fair"].queryset = fairs  # type: ignore[attr-defined]
        self.fields["fair"].initial = chosen


def import_page(page: "CompanyAdmin", request: HttpRequest) -> HttpResponse:
    """The form; a worker checks what comes in. With ``template`` in its address an empty table of the fair is downloaded."""
    user: Any = request.user
    if not page.has_import_permission(request):
        raise PermissionDenied
    fairs = access.fairs_with(user, Right.EDIT_APPLICATIONS).order_by("-starts_on")
    chosen = _chosen(request, fairs)
    if "template" in request.GET:
        return _template_file(chosen)
    form = ImportForm(request.POST or None, request.FILES or None, fairs=fairs, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        upload = uploads.begin(
            fair=given["fair"],
            name=given["file"].name,
            content=given["file"].read(),
            notify=given["notify"],
            by=user,
            now=clock.now(),
        )
        page.admin_site.get_model_admin(CompanyImport).log_addition(request, upload, [{"added": {}}])
        import_tables_soon()
        return HttpResponseRedirect(reverse("admin:exhibitors_companyimport_change", args=[upload.pk]))
    context = {
        **page.admin_site.each_context(request),
        "title": _("Import companies"),
        "opts": page.opts,
        "form": form,
        "fairs": fairs,
        "chosen": chosen,
        **_columns(chosen),
    }
    return TemplateResponse(request, "admin/exhibitors/company/import.html", context)


def _chosen(request: HttpRequest, fairs: QuerySet[Fair]) -> Fair | None:
    """The fair whose columns are shown: the one in the address or the form, else the first."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("fair", "")
    if not wanted:
        return fairs.first()
    there = fairs.filter(pk=wanted).first() if wanted.isdecimal() else None
    if there is None and request.method == "GET":
        raise Http404
    return there


def _columns(fair: Fair | None) -> dict[str, Any]:
    """The columns of a table for this fair, each with its header in the reader's language."""
    headers = headers_in(get_language() or "en", fair.sites.all() if fair else [])
    return {
        "required": [(column, headers[column]) for column in REQUIRED],
        "columns": list(headers.items()),
        "are_translated": any(column != header for column, header in headers.items()),
    }


def _template_file(fair: Fair | None) -> HttpResponse:
    if fair is None:
        raise Http404
    header, example = template(get_language() or "en", list(fair.sites.all()))
    return xlsx_answer(gettext("companies of %(fair)s") % {"fair": fair}, header, [example])
