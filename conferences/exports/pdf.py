"""The programme as pages to print: for each day the rooms side by side along the hours, then every session with all that is known."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from math import ceil
from typing import Any

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, PageBreak, SimpleDocTemplate, Spacer, Table, TableStyle

from api.text import listed, semicolon
from conferences.enums import SessionKind
from conferences.exports.frab import nowhere
from conferences.exports.history import Version
from conferences.exports.printing import FONT, GREY, INK, LINE, paragraph, settable, style, use_font
from conferences.exports.published import Entry, Programme
from conferences.exports.wording import TAGS, by_role, joined, languages_line, on_stage, role_heading
from notifications import moments

CONTENT_TYPE = "application/pdf"
ROOMS_ON_A_PAGE = 6
_MARGIN = 14 * mm
_HOURS = 14 * mm  # the column of hours
_NO_TRACK = "#8a8a8a"
_VERSION = style(12, space_before=8, space_after=2)
_H1, _H2, _PLAIN, _SMALL = style(20, space_after=4), style(15, space_before=6, space_after=6), style(10), style(9, colour=GREY)


def programme_pdf(programme: Programme, *, history: Sequence[Version] = ()) -> bytes:
    """The file, in the active language (that of ``programme``), with its latest versions at the end; the same gives the same bytes."""
    use_font()
    content = BytesIO()
    document = SimpleDocTemplate(
        content, pagesize=landscape(A4), leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN + 4 * mm,
        title=settable(programme.name), author=settable(programme.fair), lang=TAGS[programme.language], invariant=1,
    )  # fmt: skip
    footer = _Footer(programme, history)
    document.build([*_story(programme), *_versions(history)], onFirstPage=footer, onLaterPages=footer)
    return content.getvalue()


def _story(programme: Programme) -> list[Any]:
    place = joined(programme.whereabouts)
    days = moments.written_days(programme.starts_on, programme.ends_on, language=programme.language)
    story: list[Any] = [paragraph(programme.name, _H1), paragraph(joined((days, place), " · "), _PLAIN), _legend(programme)]
    shown = [(day, entries) for day, entries in programme.days if entries]
    if not shown:
        story.append(paragraph(_("The programme is not public yet."), _PLAIN))
    for number, (day, entries) in enumerate(shown):
        if number:
            story.append(PageBreak())
        story += _grids(programme, day, entries)
        story += [PageBreak(), paragraph(_("%(day)s · sessions") % {"day": _day(day)}, _H2)]
        story += [_details(entry) for entry in entries]
    return story


def _versions(history: Sequence[Version]) -> list[Any]:
    """What each version changed, the latest first; the first one is the programme itself."""
    later = [version for version in history if version.number > 1]
    if not later:
        return []
    story: list[Any] = [PageBreak(), paragraph(_("What has changed"), _H2)]
    for version in later:
        story.append(paragraph(_version(version), _VERSION))
        if version.note:
            story.append(paragraph(version.note, _PLAIN))
        story += [paragraph(f"– {sentence}", _PLAIN) for sentence in version.changes]
        if version.more:
            more = ngettext("and %(count)d more change", "and %(count)d more changes", version.more)
            story.append(paragraph(more % {"count": version.more}, _SMALL))
    return story


def _version(version: Version) -> str:
    moment = formats.date_format(version.released_at, "SHORT_DATETIME_FORMAT")
    return _("Version %(number)s of %(moment)s") % {"number": version.number, "moment": moment}


def _day(day: date) -> str:
    facts = {"weekday": formats.date_format(day, "l"), "day": formats.date_format(day, "DATE_FORMAT")}
    return capfirst(_("%(weekday)s, %(day)s") % facts)


class _Footer:
    """On every page: the conference, which version of its programme this is, the page's number."""

    def __init__(self, programme: Programme, history: Sequence[Version]) -> None:
        self.left = settable(programme.name)
        zone = moments.city_of(programme.time_zone, language=programme.language)
        self.middle = settable(_("%(version)s (%(zone)s)") % {"version": _version(history[0]), "zone": zone}) if history else ""

    def __call__(self, canvas: Canvas, document: SimpleDocTemplate) -> None:
        width, _height = document.pagesize
        canvas.saveState()
        canvas.setFont(FONT, 8)
        canvas.setFillColor(GREY)
        canvas.drawString(_MARGIN, 8 * mm, self.left[:90])
        canvas.drawRightString(width - _MARGIN - 30 * mm, 8 * mm, self.middle)
        canvas.drawRightString(width - _MARGIN, 8 * mm, settable(_("page %(number)s") % {"number": document.page}))
        canvas.restoreState()


def _legend(programme: Programme) -> Flowable:
    """The tracks, each with its colour and its name: nobody has to tell colours apart."""
    used = [track for track in programme.tracks if any(entry.track is track for entry in programme.taking_place)]
    if not used:
        return Spacer(0, 6)
    cells = [paragraph(track.name, _SMALL) for track in used]
    table = Table(
        [cells[start : start + 5] + [""] * (5 - len(cells[start : start + 5])) for start in range(0, len(cells), 5)],
        hAlign="LEFT",
        spaceBefore=6,
    )
    bars = [
        ("LINEBEFORE", (number % 5, number // 5), (number % 5, number // 5), 5, HexColor(track.colour), "butt")
        for number, track in enumerate(used)
    ]
    table.setStyle(
        TableStyle(
            [*bars, ("LEFTPADDING", (0, 0), (-1, -1), 8), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]
        )
    )
    return table


def _grids(programme: Programme, day: date, entries: list[Entry]) -> list[Flowable]:
    """The day's table, on as many pages as its rooms need."""
    columns: list[tuple[str, list[Entry]]] = [
        (room.name, found) for room in programme.rooms if (found := [entry for entry in entries if entry.room is room])
    ]
    if without := [entry for entry in entries if entry.room is None]:
        columns.append((nowhere(), without))
    first, last = min(entry.starts_at for entry in entries), max(entry.ends_at for entry in entries)
    story: list[Flowable] = []
    pages = ceil(len(columns) / ROOMS_ON_A_PAGE)
    on_each = ceil(len(columns) / pages)
    for start in range(0, len(columns), on_each):
        if start:
            story.append(PageBreak())
        story += [paragraph(_day(day), _H2), DayGrid(columns[start : start + on_each], first, last)]
    return story


class DayGrid(Flowable):
    """Rooms across, hours down, to the foot of the page. What is at once in one room stands side by side."""

    def __init__(self, columns: list[tuple[str, list[Entry]]], first: datetime, last: datetime) -> None:
        super().__init__()
        self.columns = columns
        self.first = first.replace(minute=0, second=0, microsecond=0)
        self.last = last

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height = available_width, available_height - 1
        return self.width, self.height

    def draw(self) -> None:
        self.head = 8 * mm
        self.per_second = (self.height - self.head) / max((self.last - self.first).total_seconds(), 1)
        self._hours()
        width = (self.width - _HOURS) / len(self.columns)
        for number, (name, entries) in enumerate(self.columns):
            left = _HOURS + number * width
            self._text(paragraph(name, style(9)), left + 2, self.height - self.head, width - 4, self.head)
            for entry, lane, lanes in side_by_side(entries):
                self._session(entry, left + lane * width / lanes, width / lanes)

    def _y(self, moment: datetime) -> float:
        return self.height - self.head - (moment - self.first).total_seconds() * self.per_second

    def _hours(self) -> None:
        canvas, moment = self.canv, self.first
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.4)
        while moment <= self.last:
            canvas.line(0, self._y(moment), self.width, self._y(moment))
            canvas.setFont(FONT, 8)
            canvas.setFillColor(GREY)
            canvas.drawString(0, self._y(moment) - 8, f"{moment:%H:%M}")
            moment += timedelta(hours=1)

    def _session(self, entry: Entry, left: float, width: float) -> None:
        canvas, top, bottom = self.canv, self._y(entry.starts_at), self._y(entry.ends_at)
        height = max(top - bottom - 1, 3)
        canvas.setFillColor(white)
        canvas.setStrokeColor(LINE)
        canvas.rect(left + 1, bottom + 0.5, width - 2, height, stroke=1, fill=1)
        canvas.setFillColor(HexColor(entry.track.colour if entry.track else _NO_TRACK))
        canvas.rect(left + 1, bottom + 0.5, 3, height, stroke=0, fill=1)
        self._fitting(entry, left + 6, bottom + 0.5, width - 11, height)

    def _fitting(self, entry: Entry, left: float, bottom: float, width: float, height: float) -> None:
        """The most that fits: all in the largest letters that do, else less of it, at last the title cut short."""
        times = f"{entry.starts_at:%H:%M}–{entry.ends_at:%H:%M}"
        line = joined((entry.track.name if entry.track else "", languages_line(entry)), " · ")
        people = listed(person.name for person in on_stage(entry))
        title = f"{times} {entry.title}"
        for text, least in ((joined((title, line, people), "\n"), 6), (joined((title, line), "\n"), 6), (title, 5)):
            for size in range(9, least - 1, -1):
                found = paragraph(text, style(size))
                if found.wrap(width, height)[1] <= height:
                    found.drawOn(self.canv, left, bottom + height - found.height)
                    return
        self.canv.setFillColor(INK)
        self.canv.setFont(FONT, 5)
        self.canv.drawString(left, bottom + height / 2 - 1.5, shortened(title, 5, width))

    def _text(self, found: Any, left: float, bottom: float, width: float, height: float) -> None:
        _width, taken = found.wrap(width, height)
        found.drawOn(self.canv, left, bottom + max(0, height - taken))


def side_by_side(entries: Sequence[Entry]) -> list[tuple[Entry, int, int]]:
    """Each session with its lane and the number of lanes: those that overlap share the width."""
    found: list[tuple[Entry, int, int]] = []
    group: list[tuple[Entry, int]] = []
    ends: list[datetime] = []
    for entry in sorted(entries, key=lambda one: (one.starts_at, one.ends_at, one.id)):
        if ends and entry.starts_at >= max(ends):
            found += [(one, lane, len(ends)) for one, lane in group]
            group, ends = [], []
        lane = next((number for number, end in enumerate(ends) if end <= entry.starts_at), len(ends))
        ends[lane : lane + 1] = [entry.ends_at]
        group.append((entry, lane))
    return found + [(one, lane, len(ends)) for one, lane in group]


def shortened(text: str, size: float, width: float) -> str:
    """As much of the text as ``width`` (points) takes in one line, with an ellipsis where something is left out."""
    text = settable(text)
    if stringWidth(text, FONT, size) <= width:
        return text
    while text and stringWidth(f"{text}…", FONT, size) > width:
        text = text[:-1]
    return f"{text}…"


def _details(entry: Entry) -> Flowable:
    """One session: its time and room on the left, all else on the right, with a bar in the colour of its track."""
    where = [
        paragraph(f"{entry.starts_at:%H:%M}–{entry.ends_at:%H:%M}", style(11)),
        paragraph(entry.room.name if entry.room else nowhere(), _SMALL),
    ]
    line = joined((str(SessionKind(entry.kind).label), entry.track.name if entry.track else "", languages_line(entry)), " · ")
    what = [paragraph(entry.title, style(11)), paragraph(line, _SMALL)]
    for role in dict.fromkeys(person.role for person in by_role(entry)):
        people = [person for person in by_role(entry) if person.role == role]
        facts = joined(
            (joined((person.name, person.title, person.organisation)) for person in people),
            by=semicolon(),
        )
        what.append(_line(role_heading(role, len(people)), facts))
    if entry.hosts:
        what.append(_line(ngettext("Host company", "Host companies", len(entry.hosts)), listed(entry.hosts)))
    if entry.abstract:
        what.append(paragraph(entry.abstract, style(9)))
    width = landscape(A4)[0] - 2 * _MARGIN - 12
    table = Table([[where, what]], colWidths=[38 * mm, width - 38 * mm], splitInRow=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBEFORE", (1, 0), (1, 0), 4, HexColor(entry.track.colour if entry.track else _NO_TRACK), "butt"),
                ("LEFTPADDING", (1, 0), (1, 0), 8),
                ("LEFTPADDING", (0, 0), (0, 0), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return KeepTogether([table, Spacer(0, 4)])


def _line(what: str, who: str) -> Flowable:
    return paragraph(_("%(role)s: %(people)s") % {"role": what, "people": who}, _PLAIN)
