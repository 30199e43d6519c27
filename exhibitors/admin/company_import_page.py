"""What the page of an import of companies says: how far it is, what is wrong, what would be written, what was."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

import clock
from api.text import labelled, listed, sentences
from exhibitors.admin.import_filter import brought_by
from exhibitors.admin.import_reading import reading_context, told_cells
from exhibitors.enums import ApplicationStatus, ImportState
from exhibitors.importing import far_note
from exhibitors.importing.uploads import MOST_TOLD, UNCONFIRMED_FOR
from exhibitors.models import CompanyImport
from fairs.moments import moment_text
from fairs.table_writing import csv_answer, xlsx_answer

WRITERS = {"csv": csv_answer, "xlsx": xlsx_answer}
_SHOWN = 500  # errors, and kept cells, on the page; the table to download has more
_TAKEN_UP_WITHIN = timedelta(minutes=1)  # by a worker; the tick that looks for forgotten ones comes every minute


def percent(upload: CompanyImport) -> int:
    is_known = upload.rows_total and far_note.is_seen_meanwhile()
    return 100 * upload.rows_done // upload.rows_total if is_known else 0


def far_text(upload: CompanyImport) -> str:
    if not upload.tries:
        if upload.state == ImportState.CHECKING and clock.now() > upload.created_at + _TAKEN_UP_WITHIN:
            return gettext("No worker has taken it up yet. If this stays so, tell whoever looks after the program.")
        return gettext("It begins…")
    if not far_note.is_seen_meanwhile():
        return gettext("It is under way…")
    if not upload.rows_total:
        return gettext("The table is being read…")
    text = ngettext("%(done)d of %(total)d row", "%(done)d of %(total)d rows", upload.rows_total)
    return text % {"done": upload.rows_done, "total": upload.rows_total}


def outcome_text(upload: CompanyImport) -> str:
    """What it has written, or would write, in few words; how many errors where there are any."""
    report = upload.report
    if not report or upload.state == ImportState.DISCARDED:
        return "–"
    count = report["error_count"]
    if count:
        return ngettext("%(count)d error", "%(count)d errors", count) % {"count": count}
    return counts_text(report)


def counts_text(counts: dict[str, Any]) -> str:
    return gettext("%(created)d new, %(updated)d changed, %(unchanged)d unchanged") % counts


def is_own(request: HttpRequest, upload: CompanyImport) -> bool:
    """What a table does depends on who imports it: which companies they know."""
    return upload.created_by_id == request.user.pk


def url(name: str, upload: CompanyImport) -> str:
    return reverse(f"admin:exhibitors_companyimport_{name}", args=[upload.pk])


def context(request: HttpRequest, upload: CompanyImport) -> dict[str, Any]:
    report = upload.report
    wrong = told_cells(report, "errors")[:_SHOWN]
    companies = reverse("admin:exhibitors_company_changelist")
    return {
        "upload": upload,
        "begun": moment_text(upload.created_at, upload.fair.zone),
        "ended": upload.ended_at and moment_text(upload.ended_at, upload.fair.zone),
        "forgotten": moment_text(upload.created_at + UNCONFIRMED_FOR, upload.fair.zone),
        "who": upload.created_by.get_full_name() if upload.created_by else "",
        "is_own": is_own(request, upload),
        "percent": percent(upload),
        "far_text": far_text(upload),
        "is_done": upload.state == ImportState.DONE,
        "is_checked": upload.state == ImportState.CHECKED,
        "would_change": bool(report.get("created") or report.get("updated")),
        "can_stop": far_note.is_seen_meanwhile() or not upload.is_working,
        "shown": _SHOWN,
        "most_told": MOST_TOLD if report.get("error_count", 0) > MOST_TOLD else 0,
        "applications": sentences(_states_text(report), _late_text(upload)),
        "other_than_checked": counts_text(report["checked"]) if "checked" in report else "",
        "wrong_cells": wrong,
        "are_companies_named": any(cell.company for cell in wrong),
        "kept_cells": told_cells(report, "kept")[:_SHOWN],
        "reading": reading_context(upload),
        "urls": {name: url(name, upload) for name in ("progress", "confirm", "discard", *WRITERS)},
        "imports_url": reverse("admin:exhibitors_companyimport_changelist"),
        "brought_url": f"{companies}?imported={upload.pk}" if brought_by(report) else "",
        "again_url": reverse("admin:exhibitors_company_import"),
    }


def _states_text(report: dict[str, Any]) -> str:
    """Of the companies that are new or changed: in which state how many applications are, or would be."""
    states = report.get("states", {})
    counts = listed(labelled(state.label, states[state.value]) for state in ApplicationStatus if state.value in states)
    return gettext("applications of the new and the changed – %(counts)s") % {"counts": counts} if counts else ""


def _late_text(upload: CompanyImport) -> str:
    count = upload.report.get("late", 0)
    if not count:
        return ""
    text = ngettext(
        "(%(count)d late: applications were open until %(day)s)",
        "(%(count)d late: applications were open until %(day)s)",
        count,
    )
    return text % {"count": count, "day": date_format(upload.fair.day_of(upload.fair.applications_close_at), "DATE_FORMAT")}
