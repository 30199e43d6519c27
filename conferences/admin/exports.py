"""Where a conference's exports are found on the desk, and the tables that only organisers get."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from api.text import colon
from conferences.exports.tables import Header, Rows, programme_table, speakers_table
from conferences.models import Conference
from fairs.admin.base import link
from fairs.table_writing import csv_answer, xlsx_answer

TABLES: dict[str, tuple[Any, Callable[[Conference], tuple[Header, Rows]]]] = {
    "programme": (gettext_lazy("programme"), programme_table),
    "speakers": (gettext_lazy("speakers"), speakers_table),
}
WRITERS = {"xlsx": xlsx_answer, "csv": csv_answer}
# The last part of the public address, and what it is called.
PUBLIC = (
    ("schedule.pdf", gettext_lazy("PDF to print")),
    ("schedule.ics", gettext_lazy("calendar (iCalendar)")),
    ("schedule.xml", "frab XML"),
    ("schedule.json", "frab JSON"),
    ("schedule.jsonld", "schema.org JSON-LD"),
)


def export_page(page: "admin.ModelAdmin[Any]", request: HttpRequest, object_id: str, table: str) -> HttpResponse:
    """``programme.csv``, ``speakers.xlsx`` and so on of one conference, in the reader's language."""
    conference = page.get_object(request, object_id)
    if not page.has_view_permission(request, conference):
        raise Http404
    name, _dot, form = table.partition(".")
    if conference is None or name not in TABLES or form not in WRITERS:
        raise Http404
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    title, make = TABLES[name]
    return WRITERS[form](f"{conference} – {title}", *make(conference))


def export_links(conference: Conference) -> SafeString:
    """What everybody may have, and what organisers have beside it."""
    public = f"/api/v1/conferences/{conference.slug}/"
    for_all = format_html_join(" · ", "{}", ((link(public + name, title),) for name, title in PUBLIC))
    by_track = format_html_join(
        " · ", "{}", ((link(f"{public}schedule.ics?track={track.code}", track),) for track in conference.tracks.order_by("code"))
    )
    tables = format_html_join(
        " · ",
        "{}",
        (
            (link(reverse("admin:conferences_conference_export", args=[conference.pk, f"{name}.{form}"]), f"{title} ({form.upper()})"),)
            for name, (title, _make) in TABLES.items()
            for form in WRITERS
        ),
    )
    lines = [
        (_("Public, without what is confidential"), for_all),
        (pgettext("calendars", "Calendars of tracks"), by_track),
        (_("For organisers, with everything"), tables),
    ]
    return format_html(
        '<div class="flex flex-col gap-2">{}</div>',
        format_html_join("", "<div><strong>{}</strong>" + colon() + "{}</div>", ((title, found) for title, found in lines if found)),
    )
