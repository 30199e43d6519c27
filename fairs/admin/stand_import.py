"""Import stands at the desk: choose fair and file, read what would happen and see it, confirm."""

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

import clock
from fairs import access
from fairs.admin import kept_files
from fairs.admin.drawn_stands import THERE, drawn, picture
from fairs.admin.kept_files import TableFileField
from fairs.domain import stand_files, stand_import
from fairs.domain.stand_columns import COLUMNS
from fairs.domain.tally import Tally
from fairs.models import Fair, Hall, Stand
from fairs.roles import Right
from fairs.tables import RowError, TableError, sheets_text

if TYPE_CHECKING:
    from fairs.admin.stand import StandAdmin

_PURPOSE = "stand-import"
_SHOWN = 500  # errors, notices


class ImportForm(forms.Form):
    """The halls to choose from are those that the person may draw in; the fair is the hall's, or chosen."""

    fair = forms.ModelChoiceField(label=_("Fair"), queryset=Fair.objects.none(), widget=UnfoldAdminSelectWidget)
    hall = forms.ModelChoiceField(
        label=_("Hall"),
        queryset=Hall.objects.none(),
        required=False,
        help_text=_("Of the stands for which the file names none."),
        widget=UnfoldAdminSelectWidget,
    )
    file = TableFileField(
        accept=".csv,.xlsx,.txt,.geojson,.json", help_text=_("CSV, XLSX or GeoJSON. Nothing is written before you have seen the result.")
    )

    def __init__(self, *args: Any, user: Any, hall_id: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fairs, halls = _choices(user)
        self.fields["fair"].queryset, self.fields["hall"].queryset = fairs, halls  # type: ignore[attr-defined]
        hall = halls.filter(pk=hall_id).first() if hall_id.isdecimal() else None
        self.fields["hall"].initial, self.fields["fair"].initial = hall, hall.fair if hall else fairs.first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("hall") and cleaned.get("fair") and cleaned["hall"].fair_id != cleaned["fair"].pk:
            self.add_error("hall", _("This hall belongs to another fair."))
        return cleaned


class ConfirmForm(forms.Form):
    """What came back with the confirmation: never trusted more than the first form."""

    fair = forms.ModelChoiceField(queryset=Fair.objects.none())
    hall = forms.ModelChoiceField(queryset=Hall.objects.none(), required=False)
    token = forms.CharField(max_length=64)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fair"].queryset, self.fields["hall"].queryset = _choices(user)  # type: ignore[attr-defined]


@dataclass
class Report:
    """What a file did, or would do."""

    tally: Tally | None = None
    errors: list[RowError] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    assumed_encoding: str = ""
    pictures: list[dict[str, Any]] = field(default_factory=list)
    sheets: str = ""


def _choices(user: Any) -> tuple[Any, Any]:
    fairs = access.fairs_with(user, Right.EDIT_FLOOR).order_by("-starts_on")
    return fairs, Hall.objects.filter(fair__in=fairs).select_related("fair").order_by("-fair__starts_on", "site", "slug")


def import_page(page: "StandAdmin", request: HttpRequest) -> HttpResponse:
    """The form; after it the report of a dry run; after its confirmation the import itself."""
    user: Any = request.user
    if not page.has_add_permission(request):
        raise PermissionDenied
    form = ImportForm(user=user, hall_id=request.GET.get("hall", ""))
    context: dict[str, Any] = {}
    if request.method == "POST" and "token" in request.POST:
        confirmed = ConfirmForm(request.POST, user=user)
        report = _import(request, confirmed) if confirmed.is_valid() else None
        if report is not None and report.tally is not None:
            return HttpResponseRedirect(_after(confirmed))
        context = {"report": report}
        if report is None:
            messages.warning(request, gettext("The file is no longer kept here: choose it again."))
    elif request.method == "POST":
        form = ImportForm(request.POST, request.FILES, user=user)
        if form.is_valid():
            context = _dry_run(request, form)
    context |= {
        **page.admin_site.each_context(request),
        "title": _("Import stands"),
        "opts": page.opts,
        "form": form,
        "columns": ", ".join(COLUMNS),
        "shown": _SHOWN,
    }
    return TemplateResponse(request, "fairs/admin/stand_import.html", context)


def _after(form: ConfirmForm) -> str:
    hall = form.cleaned_data["hall"]
    if hall is not None:
        return reverse("admin:fairs_hall_change", args=[hall.pk])
    return f"{reverse('admin:fairs_stand_changelist')}?hall__fair__id__exact={form.cleaned_data['fair'].pk}"


def _dry_run(request: HttpRequest, form: ImportForm) -> dict[str, Any]:
    """Try the file and keep it for the confirmation when it is sound."""
    upload, fair, hall = form.cleaned_data["file"], form.cleaned_data["fair"], form.cleaned_data["hall"]
    content = upload.read()
    report = _tried(content, upload.name, fair=fair, hall=hall, dry_run=True)
    token = "" if report.errors else kept_files.keep(upload.name, content, purpose=_PURPOSE, user_id=request.user.pk)
    return {"report": report, "token": token, "fair": fair, "chosen_hall": hall, "file_name": upload.name}


def _import(request: HttpRequest, form: ConfirmForm) -> Report | None:
    """The import that was confirmed; None when the file has been dropped meanwhile."""
    token, user_id = form.cleaned_data["token"], request.user.pk
    kept = kept_files.kept(token, purpose=_PURPOSE, user_id=user_id)
    if kept is None:
        return None
    name, content = kept
    report = _tried(content, name, fair=form.cleaned_data["fair"], hall=form.cleaned_data["hall"], dry_run=False)
    kept_files.drop(token, purpose=_PURPOSE, user_id=user_id)
    if report.tally is not None:
        messages.success(request, gettext("Stands: %(counts)s.") % {"counts": report.tally})
    return report


def _tried(content: bytes, name: str, *, fair: Fair, hall: Hall | None, dry_run: bool) -> Report:
    sheets = ""
    try:
        with transaction.atomic():
            read = stand_files.read_stands(io.BytesIO(content), name=name)
            sheets = sheets_text(read.table.sheets)
            done = stand_import.import_stands(fair=fair, table=read.table, hall=hall, now=clock.now())
            pictures = [_picture(one, {row.values["number"] for row in read.table.rows}) for one in done.halls] if dry_run else []
            transaction.set_rollback(dry_run)
    except TableError as error:
        return Report(errors=error.errors, sheets=sheets)
    return Report(done.tally, [], done.notices, read.unread, read.table.assumed_encoding, pictures, sheets)


def _picture(hall: Hall, named: set[str]) -> dict[str, Any]:
    """The hall as it would be; stands that the file does not name are grey."""
    stands = Stand.objects.filter(hall=hall).order_by("number")
    shapes = [drawn(stand.number, stand.outline, kind=stand.kind if stand.number in named else THERE) for stand in stands]
    return {"hall": hall, **picture(hall, shapes)}
