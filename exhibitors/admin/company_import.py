"""Import companies at the desk: choose fair and file, read what would happen, confirm."""

import io
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanWidget

import clock
from exhibitors.importing.columns import REQUIRED, columns_of
from exhibitors.importing.companies import import_companies
from exhibitors.importing.report import Report
from fairs import access
from fairs.admin import kept_files
from fairs.admin.kept_files import TableFileField
from fairs.models import Fair
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.company import CompanyAdmin

_PURPOSE = "company-import"
_ERRORS_SHOWN = 500


class ImportForm(forms.Form):
    """The fairs to choose from are those whose applications the person may edit."""

    fair = forms.ModelChoiceField(label=_("Fair"), queryset=Fair.objects.none(), widget=UnfoldAdminSelectWidget)
    file = TableFileField(accept=".csv,.xlsx,.txt", help_text=_("CSV or XLSX. Nothing is written before you have seen the result."))
    notify = forms.BooleanField(
        label=_("Write the letters that go with each step"),
        required=False,
        help_text=_("Leave this off for what the exhibitors know already."),
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fairs = access.fairs_with(user, Right.EDIT_APPLICATIONS)
        self.fields["fair"].queryset = fairs.order_by("-starts_on")  # type: ignore[attr-defined]
        self.fields["fair"].initial = fairs.order_by("-starts_on").first()


class ConfirmForm(forms.Form):
    """What came back with the confirmation: never trusted more than the first form."""

    fair = forms.ModelChoiceField(queryset=Fair.objects.none())
    token = forms.CharField(max_length=64)
    notify = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fair"].queryset = access.fairs_with(user, Right.EDIT_APPLICATIONS)  # type: ignore[attr-defined]


def import_page(page: "CompanyAdmin", request: HttpRequest) -> HttpResponse:
    """The form; after it the report of a dry run; after its confirmation the import itself."""
    user: Any = request.user
    if not page.has_import_permission(request):
        raise PermissionDenied
    form = ImportForm(user=user)
    context: dict[str, Any] = {}
    if request.method == "POST" and "token" in request.POST:
        confirmed = ConfirmForm(request.POST, user=user)
        report = _import(request, confirmed) if confirmed.is_valid() else None
        if report is not None and report.is_written:
            return HttpResponseRedirect(reverse("admin:exhibitors_company_changelist"))
        context = {"report": report}
        if report is None:
            messages.warning(request, gettext("The file is no longer kept here: choose it again."))
    elif request.method == "POST":
        form = ImportForm(request.POST, request.FILES, user=user)
        if form.is_valid():
            context = _dry_run(request, form)
    context |= {
        **page.admin_site.each_context(request),
        "title": _("Import companies"),
        "opts": page.opts,
        "form": form,
        "required": ", ".join(REQUIRED),
        "columns": ", ".join(columns_of([])),
        "errors_shown": _ERRORS_SHOWN,
    }
    return TemplateResponse(request, "admin/exhibitors/company/import.html", context)


def _dry_run(request: HttpRequest, form: ImportForm) -> dict[str, Any]:
    """Try the file and keep it for the confirmation when it is sound."""
    upload, fair, user = form.cleaned_data["file"], form.cleaned_data["fair"], request.user
    content = upload.read()
    report = import_companies(
        fair=fair,
        source=io.BytesIO(content),
        name=upload.name,
        by=user,  # type: ignore[arg-type]
        now=clock.now(),
        dry_run=True,
    )
    token = "" if report.errors else kept_files.keep(upload.name, content, purpose=_PURPOSE, user_id=user.pk)
    return {"report": report, "token": token, "fair": fair, "file_name": upload.name, "notify": form.cleaned_data["notify"]}


def _import(request: HttpRequest, form: ConfirmForm) -> Report | None:
    """The import that was confirmed; None when the file has been dropped meanwhile."""
    user: Any = request.user
    token = form.cleaned_data["token"]
    kept = kept_files.kept(token, purpose=_PURPOSE, user_id=user.pk)
    if kept is None:
        return None
    name, content = kept
    report = import_companies(
        fair=form.cleaned_data["fair"],
        source=io.BytesIO(content),
        name=name,
        by=user,
        now=clock.now(),
        tell=form.cleaned_data["notify"],
    )
    kept_files.drop(token, purpose=_PURPOSE, user_id=user.pk)
    if report.is_written:
        counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
        messages.success(request, gettext("Imported: %(created)d new, %(updated)d changed, %(unchanged)d unchanged.") % counts)
    return report
