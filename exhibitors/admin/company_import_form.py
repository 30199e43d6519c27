"""Import companies at the desk: choose fair and file. What becomes of the table has a page of its own: company_import.py."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanWidget

import clock
from exhibitors.importing import uploads
from exhibitors.importing.columns import REQUIRED, columns_of
from exhibitors.models import CompanyImport
from exhibitors.tasks import import_tables_soon
from fairs import access
from fairs.admin.kept_files import TableFileField
from fairs.models import Fair
from fairs.roles import Right

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

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fairs = access.fairs_with(user, Right.EDIT_APPLICATIONS).order_by("-starts_on")
        self.fields["fair"].queryset = fairs  # type: ignore[attr-defined]
        self.fields["fair"].initial = fairs.first()


def import_page(page: "CompanyAdmin", request: HttpRequest) -> HttpResponse:
    """The form; a worker checks what comes in."""
    user: Any = request.user
    if not page.has_import_permission(request):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None, user=user)
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
        "required": ", ".join(REQUIRED),
        "columns": ", ".join(columns_of([])),
    }
    return TemplateResponse(request, "admin/exhibitors/company/import.html", context)
