"""What an exhibitor fills in beside the application itself, as data: co-exhibitors, people on the stand, documents."""

from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from api.languages import texts_of
from api.uploads import LARGEST_FILE_MB
from exhibitors.domain import co_exhibitors, documents, stand_staff
from exhibitors.domain.form_fields import entry, texts
from exhibitors.enums import ApplicationStatus, StandRole
from exhibitors.models import DocumentRequirement, StandStaff, StandStaffDays
from exhibitors.models.document import Document
from fairs.models import Deadline, Fair

LIVE = [status.value for status in ApplicationStatus if status not in ApplicationStatus.ended]


def sections(fair: Fair, deadlines: list[Deadline]) -> list[dict[str, Any]]:
    """The three parts, in their order; ``deadlines`` are all of the fair's, each telling whether the public knows it."""
    ends = {"co_exhibitors": None, "staff": _staff_closes_at(fair, deadlines), "documents": None}
    return [{**section, "open_until": ends[section["code"]]} for section in _sections()]


def _staff_closes_at(fair: Fair, deadlines: list[Deadline]) -> str | None:
    """As :func:`stand_staff.closes_at` without an extension; None where the deadline is not for the public."""
    by_code = {deadline.code: deadline for deadline in deadlines}
    found = next((by_code[code] for code in stand_staff.DEADLINES if code in by_code), None)
    if found is not None:
        return found.due_at.astimezone(fair.zone).isoformat() if found.is_public else None
    end = datetime.combine(fair.ends_on + timedelta(days=1), time(), tzinfo=fair.zone) - timedelta(seconds=1)
    return end.isoformat()


def required_documents(fair: Fair) -> list[dict[str, Any]]:
    """What the fair asks for, whenever it is in force: of whom, of what kind, by when."""
    rows = DocumentRequirement.objects.filter(fair=fair).select_related("deadline").prefetch_related("categories")
    return [
        {
            "code": one.code,
            "title": texts_of(one, "title"),
            "help": texts_of(one, "help"),
            "required": one.is_required,
            "concerns": one.audience,
            "categories": sorted(category.code for category in one.categories.all()),
            "per_site": one.per_site,
            "needs_expiry": one.needs_expiry,
            "kinds": one.kinds,
            "valid_from": one.valid_from.isoformat() if one.valid_from else None,
            "valid_to": one.valid_to.isoformat() if one.valid_to else None,
            "due_at": one.deadline.due_at.astimezone(fair.zone).isoformat() if one.deadline and one.deadline.is_public else None,
        }
        for one in rows
    ]


@cache
def _sections() -> list[dict[str, Any]]:
    """What is the same for every fair."""
    return [
        _section("co_exhibitors", _("Co-exhibitors"), "co-exhibitors/", _co_exhibitor_fields()),
        _section("staff", _("People on the stands"), "staff/", _staff_fields()),
        _section("documents", _("Documents"), "documents/", _document_fields()),
    ]


def _section(code: str, title: Any, path: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [{**field, "open_until": None} for field in fields]
    return {"code": code, "title": texts(title), "path": path, "open_in": LIVE, "fields": rows, "questions": []}


def _co_exhibitor_fields() -> list[dict[str, Any]]:
    return [
        entry("co_exhibitors", "rows", None, _("Co-exhibitors"), max_items=co_exhibitors.MOST_DECLARED),
        entry("co_exhibitors[].legal_name", "text", None, _("legal name"), required=True, max_length=300),
        entry("co_exhibitors[].country", "country", None, _("country"), required=True, max_length=2),
        entry(
            "co_exhibitors[].tax_number",
            "tax_id",
            None,
            _("tax number"),
            required=True,
            max_length=30,
            help=_("In Russia the INN, in China the Unified Social Credit Code."),
        ),
        entry(
            "co_exhibitors[].contact_email",
            "email",
            None,
            _("email address"),
            required=True,
            max_length=254,
            help=_("Of somebody there, who is asked to confirm."),
        ),
    ]


def _staff_fields() -> list[dict[str, Any]]:
    column = {field.name: field for field in (*StandStaffDays._meta.fields, *StandStaff._meta.fields)}

    def field(name: str, type_: str, **more: Any) -> dict[str, Any]:
        return entry(f"staff[].{name}", type_, column[name.rpartition(".")[2]], **more)

    longest = {name: column[name].max_length for name in ("name_in_latin", "name_in_cyrillic", "name_in_chinese", "email")}
    return [
        entry("staff", "rows", None, _("People on the stands"), max_items=stand_staff.MOST_PEOPLE),
        field("name_in_latin", "text", max_length=longest["name_in_latin"], help=_LATIN_OR_CYRILLIC),
        field("name_in_cyrillic", "text", max_length=longest["name_in_cyrillic"]),
        field("name_in_chinese", "text", max_length=longest["name_in_chinese"]),
        field("role", "choice", required=True, choices=StandRole.choices),
        field("languages", "choices", choices=settings.LANGUAGES, max_items=len(settings.LANGUAGES)),
        field("email", "email", max_length=longest["email"]),
        field("phone", "phone", max_length=40),
        field("needs_visa_invitation", "yes_no"),
        entry("staff[].days", "rows", None, _("sites and days"), help=_("Each site once; every site takes one pass.")),
        field("days[].site", "site", required=True),
        field("days[].first_day", "date"),
        field("days[].last_day", "date"),
    ]


_LATIN_OR_CYRILLIC = _("A name in Latin letters, as in the passport, or in Cyrillic is needed; for a visa invitation the Latin one.")


def _document_fields() -> list[dict[str, Any]]:
    column = {field.name: field for field in Document._meta.fields}
    return [
        entry("documents", "rows", None, _("Documents"), max_items=documents.MOST_DOCUMENTS),
        entry("documents[].file", "file", None, column["file"].verbose_name, required=True, unit="MB", max=LARGEST_FILE_MB),
        entry("documents[].requirement", "document", column["requirement"], help=_("Empty: something else, under a title of its own.")),
        entry("documents[].site", "site", column["site"], help=_("Where each site needs its own.")),
        entry("documents[].title", "text", column["title"], max_length=200),
        entry("documents[].valid_until", "date", column["valid_until"]),
    ]
