"""A table at the desk: chosen, tried, shown with what it would do or what is wrong with it, and brought in once that is confirmed."""

import io
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanWidget

from api.text import labelled, quoted, semicolon, sentences
from fairs import access
from fairs.admin import kept_files
from fairs.admin.kept_files import TableFileField
from fairs.domain.tally import Tally
from fairs.roles import Right
from fairs.tables import RowError, Table, TableError, sheets_text
from notifications.outbox import counted

_SHOWN = 500  # errors, warnings
_NAMED = 5  # of the first rows, where it is not sure how the file is to be read


@dataclass(frozen=True)
class CellError:
    """What is wrong in a cell; ``row`` 0 is the whole table, ``sheet`` "" the only one."""

    row: int
    column: str
    message: str
    sheet: str = ""


@dataclass
class Outcome:
    """What a table did, or would do: a line for each kind of rows, how many are new or different, what to look at, and how it was read."""

    counts: Sequence[str] = ()
    changes: int = 0
    warnings: Sequence[str] = ()
    errors: Sequence[CellError] = ()
    notes: Sequence[str] = ()
    letters: int = 0


@dataclass(frozen=True)
class Columns:
    """What one sheet may have; ``sheet`` "" where a table is one sheet, or a CSV file."""

    needed: Collection[str]
    known: Collection[str]
    sheet: str = ""

    @property
    def others(self) -> list[str]:
        """What may be there besides."""
        return [column for column in self.known if column not in self.needed]


class TableImport(ABC):
    """One kind of table: for what it is brought in, by whom, and how."""

    purpose: ClassVar[str]
    right: ClassVar[Right]  # of those who may bring one in
    title: ClassVar[Any]
    of_label: ClassVar[Any]
    accept: ClassVar[str] = ".csv,.xlsx,.txt"
    tell_label: ClassVar[Any] = ""  # of the box that has letters written; without one none is
    columns: ClassVar[Sequence[Columns]]
    hints: ClassVar[Sequence[Any]] = ()

    @abstractmethod
    def choices(self, user: Any) -> QuerySet[Any]:
        """The conferences or fairs into which this person may bring one."""

    @abstractmethod
    def take(self, of: Any, source: IO[bytes], name: str, *, tell: bool, dry_run: bool, by: Any) -> Outcome:
        """Bring the table in, all of it or nothing: by the domain function that the command goes through."""


class SheetImport(TableImport):
    """A table of one sheet, or a CSV file, with things of one kind, ``row_names``; ``naming`` are the columns that name one of them."""

    row_names: ClassVar[Any]
    naming: ClassVar[Sequence[str]]

    @abstractmethod
    def read(self, source: IO[bytes], name: str) -> Table:
        """The table in the file. Raises TableError."""

    @abstractmethod
    def bring_in(self, of: Any, table: Table, *, tell: bool, by: Any) -> tuple[Tally, Sequence[str]]:
        """What the domain function has made of it, and what to look at. Raises TableError."""

    def take(self, of: Any, source: IO[bytes], name: str, *, tell: bool, dry_run: bool, by: Any) -> Outcome:
        table = None
        try:
            with transaction.atomic():
                table = self.read(source, name)
                tally, warnings = self.bring_in(of, table, tell=tell, by=by)
                transaction.set_rollback(dry_run)
        except TableError as refusal:
            return Outcome(errors=errors_of(refusal.errors, table=table))
        return Outcome([count_line(self.row_names, tally)], tally.new + tally.changed, warnings, notes=_notes_of(table, self.naming))


class TableImportMixin(ModelAdmin):
    """A page of rows that a table brings in. ``table_import`` says which, and who may."""

    table_import: TableImport
    actions_list: Any = ("import_table",)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.import_view)
        return [path("import/", page, name=f"{self.opts.app_label}_{self.opts.model_name}_import"), *super().get_urls()]

    @action(description=_("Import a table"), url_path="import-table", permissions=["import_table"], icon="upload_file")
    def import_table(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))

    def has_import_table_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        user: Any = request.user
        return access.has_right_anywhere(user, self.table_import.right)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Try a table, and bring it in."""
        if not self.has_import_table_permission(request):
            raise PermissionDenied
        return _Page(self, request).answer()


class _FileForm(forms.Form):
    def __init__(self, *args: Any, table_import: TableImport, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = table_import.choices(user)
        self.fields["of"] = forms.ModelChoiceField(
            label=table_import.of_label, queryset=choices, initial=choices.first(), widget=UnfoldAdminSelectWidget
        )
        self.fields["file"] = TableFileField(
            accept=table_import.accept, help_text=_("Nothing is written before you have seen what the file would do.")
        )
        if table_import.tell_label:
            self.fields["tell"] = forms.BooleanField(label=table_import.tell_label, required=False, widget=UnfoldBooleanWidget)


class _ConfirmForm(forms.Form):
    """What came back with the confirmation: never trusted more than the first form."""

    token = forms.CharField(max_length=64)
    tell = forms.BooleanField(required=False)

    def __init__(self, *args: Any, choices: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"] = forms.ModelChoiceField(queryset=choices)


class _Page:
    """One request of the page."""

    def __init__(self, page: TableImportMixin, request: HttpRequest) -> None:
        self.page, self.request = page, request
        self.table_import = page.table_import
        self.user: Any = request.user

    def answer(self) -> HttpResponse:
        form = _FileForm(table_import=self.table_import, user=self.user)
        shown: dict[str, Any] = {}
        if self.request.method == "POST" and "token" in self.request.POST:
            confirmed = _ConfirmForm(self.request.POST, choices=self.table_import.choices(self.user))
            outcome = self._import(**confirmed.cleaned_data) if confirmed.is_valid() else None
            if outcome is not None and not outcome.errors:
                messages.success(self.request, listed_lines(outcome.counts))
                return HttpResponseRedirect(reverse(f"admin:{self.page.opts.app_label}_{self.page.opts.model_name}_changelist"))
            if outcome is None:
                messages.warning(self.request, gettext("The file is no longer kept here: choose it again."))
            shown = {"outcome": outcome}
        elif self.request.method == "POST":
            form = _FileForm(self.request.POST, self.request.FILES, table_import=self.table_import, user=self.user)
            shown = self._try(**form.cleaned_data) if form.is_valid() else {}
        return self._shown(form, shown)

    def _try(self, *, of: Any, file: Any, tell: bool = False) -> dict[str, Any]:
        """Try the file, and keep it for the confirmation when it is sound."""
        content = file.read()
        outcome = self._take(of, content, file.name, tell=tell, dry_run=True)
        token = ""
        if outcome.changes and not outcome.errors:
            token = kept_files.keep(file.name, content, purpose=self.table_import.purpose, user_id=self.user.pk)
        return {"outcome": outcome, "token": token, "of": of, "tell": tell, "file_name": file.name}

    def _import(self, *, of: Any, token: str, tell: bool) -> Outcome | None:
        """The import that was confirmed; None when the file has been dropped meanwhile."""
        kept = kept_files.kept(token, purpose=self.table_import.purpose, user_id=self.user.pk)
        if kept is None:
            return None
        name, content = kept
        with transaction.atomic():
            outcome = self._take(of, content, name, tell=tell, dry_run=False)
            if not outcome.errors:
                self.page.log_change(self.request, of, labelled(name, listed_lines(outcome.counts)))
        kept_files.drop(token, purpose=self.table_import.purpose, user_id=self.user.pk)
        return outcome

    def _take(self, of: Any, content: bytes, name: str, *, tell: bool, dry_run: bool) -> Outcome:
        with counted() as written:
            outcome = self.table_import.take(of, io.BytesIO(content), name, tell=tell, dry_run=dry_run, by=self.user)
        outcome.letters = written.letters
        return outcome

    def _shown(self, form: forms.Form, shown: dict[str, Any]) -> HttpResponse:
        context = {
            **self.page.admin_site.each_context(self.request),
            "title": self.table_import.title,
            "opts": self.page.opts,
            "form": form,
            "columns": self.table_import.columns,
            "are_sheets_named": any(one.sheet for one in self.table_import.columns),
            "hints": self.table_import.hints,
            "shown": _SHOWN,
            **shown,
        }
        return TemplateResponse(self.request, "fairs/admin/table_import.html", context)


def count_line(label: Any, tally: Tally) -> str:
    """Such as “Delegates: 3 new, 1 changed, 20 unchanged”."""
    return labelled(capfirst(label), tally)


def _notes_of(table: Table, naming: Sequence[str]) -> list[str]:
    """Which sheet was read, and where the encoding was guessed, by which one, with the first cells of the columns that name a row."""
    notes = [sheets_text(table.sheets)]
    if table.assumed_encoding:
        text = gettext("This file is not UTF-8: it was read as %(encoding)s. Look at a few names before you import it.")
        named = [next(filter(None, (row.values.get(column) for column in naming)), "") for row in table.rows[:_NAMED]]
        notes.append(sentences(text % {"encoding": table.assumed_encoding}, quoted(filter(None, named))))
    return [note for note in notes if note]


def listed_lines(lines: Iterable[str]) -> str:
    return semicolon().join(lines)


def errors_of(errors: Iterable[RowError], *, sheet: str = "", table: Table | None = None) -> list[CellError]:
    """What a refusal names, as the page shows it: the columns of ``table`` as the file calls them."""
    written = table.written if table else {}
    return [CellError(error.row, written.get(error.column, error.column), error.message, sheet) for error in errors]
