"""Tables of companies uploaded at the desk: a worker checks each, its uploader reads the result and confirms, a worker imports it.

The rows of a table are written in one transaction with the import's end, so whatever dies in the middle has written nothing.
"""

import io
import logging
import zlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Conflict
from exhibitors.domain import tries
from exhibitors.enums import ImportState
from exhibitors.importing.companies import import_companies
from exhibitors.importing.far_note import FarNote, Stopped
from exhibitors.importing.report import Report
from exhibitors.models import CompanyImport, CompanyImportFile
from fairs import access
from fairs.models import Fair
from fairs.roles import Right
from fairs.tables import RowError

log = logging.getLogger(__name__)

LONGEST = 1740  # seconds that one table may take, a minute before it is killed: far below the hour until the broker hands a task out anew
UNCONFIRMED_FOR = timedelta(days=1)  # then a table that was only looked at is forgotten
MOST_TOLD = 10_000  # errors, and kept cells, that a report lists

_COUNTS = ("created", "updated", "unchanged")
_TOO_LONG = gettext_lazy("Reading and writing this table takes longer than half an hour: import it in parts.")
_BROKEN = gettext_lazy("An error of the program (%(name)s): nothing was written. Tell whoever looks after the program.")
_DEADLY = gettext_lazy("The program broke off at this table again and again: nothing was written. Tell whoever looks after the program.")
_NO_RIGHT = gettext_lazy("Whoever uploaded this table may not import companies into this fair any more.")

Now = Callable[[], datetime]


class NotToConfirm(Conflict):
    """It is not waiting to be confirmed: somebody confirmed or discarded it before."""

    code = "import-not-to-confirm"
    message = gettext_lazy("This table does not wait for a confirmation any more.")


class ImportOver(Conflict):
    """It was imported, refused or discarded before."""

    code = "import-over"
    message = gettext_lazy("This import is over: nothing of it is left to discard.")


class ImportedAlready(Conflict):
    """It was imported before anybody could stop it."""

    code = "imported-already"
    message = gettext_lazy("It was too late to stop it: the table is imported.")


@transaction.atomic
def begin(*, fair: Fair, name: str, content: bytes, notify: bool, by: User, now: datetime) -> CompanyImport:
    """Have a worker check the table soon. ``notify``: the import, when it is confirmed, writes the letters that go with each step."""
    upload = CompanyImport.objects.create(
        fair=fair, file_name=name[-255:], notify=notify, language=translation.get_language() or "en", created_by=by, created_at=now
    )
    CompanyImportFile.objects.create(company_import=upload, content=zlib.compress(content))
    return upload


@transaction.atomic
def confirm(*, import_id: int) -> None:
    """Have a worker import the table soon. Raises NotToConfirm."""
    upload = CompanyImport.objects.select_for_update(no_key=True).get(pk=import_id)
    if upload.state != ImportState.CHECKED:
        raise NotToConfirm
    upload.state, upload.rows_done = ImportState.IMPORTING, 0
    upload.save(update_fields=["state", "rows_done"])


@transaction.atomic
def discard(*, import_id: int, now: datetime) -> bool:
    """Forget the table. False when a worker is at it: it stops within seconds, and undoes what it did.

    Raises ImportedAlready, ImportOver.
    """
    upload = CompanyImport.objects.select_for_update(no_key=True).get(pk=import_id)
    if upload.state == ImportState.DONE:
        raise ImportedAlready
    if not upload.is_open:
        raise ImportOver
    if _lock(import_id) is None:
        upload.stop_asked_at = now
        upload.save(update_fields=["stop_asked_at"])
        return False
    _end(upload, ImportState.DISCARDED, now=now)
    return True


def forget_unconfirmed(*, now: datetime) -> None:
    """Discard what was looked at a day ago and never confirmed."""
    old = CompanyImport.objects.filter(state=ImportState.CHECKED, created_at__lt=now - UNCONFIRMED_FOR)
    for import_id in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            upload = CompanyImport.objects.select_for_update(no_key=True).get(pk=import_id)
            if upload.state == ImportState.CHECKED:
                _end(upload, ImportState.DISCARDED, now=now)


def take_turn(*, now: Now) -> bool:
    """Check or import one table; returns whether there was one. May run twice, or die in the middle."""
    for import_id in list(CompanyImport.objects.working().order_by("pk").values_list("pk", flat=True)):
        try:
            if not _note_try(import_id, now=now()):
                continue
            with transaction.atomic():
                taken = _work(import_id, now=now())
        except Stopped:
            taken = _give_up(import_id, now=now())
        except (OperationalError, InterfaceError):  # the database is away or busy, which says nothing about the table
            log.exception("The import %s waits for the next tick.", import_id)
            tries.take_back(CompanyImport.objects.filter(pk=import_id))
            continue
        except SoftTimeLimitExceeded:
            log.exception("The import %s takes too long.", import_id)
            taken = _give_up(import_id, _TOO_LONG, now=now())
        except Exception as error:  # an error of ours with this table: the others have their turn all the same
            log.exception("The import %s broke off.", import_id)
            taken = _give_up(import_id, _BROKEN, now=now(), name=type(error).__name__)
        if taken:
            return True
    return False


@transaction.atomic
def _note_try(import_id: int, *, now: datetime) -> bool:
    """Before the work, so that it is known to those who come after a worker that died. False when somebody is at it, or it is over."""
    upload = _lock(import_id)
    if upload is None or not upload.is_working:
        return False
    if upload.tries >= tries.MOST_TRIES:
        log.error("The import %s is given up: each worker died with it.", import_id)
        _refuse(upload, _DEADLY, now=now)
        return False
    tries.note(CompanyImport.objects.filter(pk=import_id))
    return True


def _lock(import_id: int) -> CompanyImport | None:
    """The import, whose file nobody else gets before the end of the transaction; None when it is over, or somebody else is at it."""
    files = CompanyImportFile.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    file = files.select_related("company_import__fair", "company_import__created_by").filter(pk=import_id).first()
    return None if file is None else file.company_import


def _work(import_id: int, *, now: datetime) -> bool:
    """Check the table or import it; False when somebody else did."""
    upload = _lock(import_id)
    if upload is None or not upload.is_working:
        return False
    if upload.stop_asked_at is not None:
        raise Stopped
    by = upload.created_by
    if by is None or not by.is_active or not access.has_right(by, fair_id=upload.fair_id, right=Right.EDIT_APPLICATIONS):
        _refuse(upload, _NO_RIGHT, now=now)
        return True
    is_check = upload.state == ImportState.CHECKING
    with FarNote(import_id) as note, translation.override(upload.language):
        report = import_companies(
            fair=upload.fair,
            source=io.BytesIO(zlib.decompress(upload.file.content)),
            name=upload.file_name,
            by=by,
            now=now,
            dry_run=is_check,
            tell=upload.notify,
            progress=note,
        )
    if CompanyImport.objects.select_for_update(no_key=True).get(pk=import_id).stop_asked_at is not None:
        raise Stopped
    checked = {name: upload.report.get(name) for name in _COUNTS}
    _keep(upload, report)
    if report.is_written:
        upload.report |= {"created_ids": report.created_ids, "updated_ids": report.updated_ids}
        if checked != {name: upload.report[name] for name in _COUNTS}:
            upload.report["checked"] = checked
    if report.errors:
        _end(upload, ImportState.REFUSED, now=now)
    elif is_check:
        upload.state, upload.tries = ImportState.CHECKED, 0
        upload.save(update_fields=["state", "tries", "report", "rows_done", "rows_total"])
    else:
        _end(upload, ImportState.DONE, now=now)
    return True


def _keep(upload: CompanyImport, report: Report) -> None:
    upload.rows_done = upload.rows_total = report.total
    upload.report = {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "errors": _told(report.errors),
        "error_count": len(report.errors),
        "kept": _told(report.kept),
        "kept_count": len(report.kept),
        "states": report.states,
        "late": report.late,
        "letters": report.letters,
        "assumed_encoding": report.assumed_encoding,
        "reading": asdict(report.reading),
    }


def _told(cells: list[RowError]) -> list[list[Any]]:
    return [[cell.row, cell.column, str(cell.message)] for cell in cells[:MOST_TOLD]]


def _end(upload: CompanyImport, state: ImportState, *, now: datetime) -> None:
    """It is over, and the table itself is forgotten."""
    upload.state, upload.ended_at = state, now
    upload.save(update_fields=["state", "ended_at", "report", "rows_done", "rows_total"])
    CompanyImportFile.objects.filter(pk=upload.pk).delete()


def _refuse(upload: CompanyImport, message: Any, *, now: datetime, **facts: Any) -> None:
    with translation.override(upload.language):
        _keep(upload, Report(errors=[RowError(0, "", str(message) % facts if facts else str(message))]))
    _end(upload, ImportState.REFUSED, now=now)


@transaction.atomic
def _give_up(import_id: int, message: Any = "", *, now: datetime, **facts: Any) -> bool:
    """End what was rolled back: refused with ``message``, discarded without. False when somebody else is at it by now."""
    upload = _lock(import_id)
    if upload is None:
        return False
    if message:
        _refuse(upload, message, now=now, **facts)
    else:
        _end(upload, ImportState.DISCARDED, now=now)
    return True
