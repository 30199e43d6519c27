"""An organiser's workbook with the whole programme: sheets Rooms, Tracks, Speakers and Sessions. All of it goes in, or nothing."""

import io
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from conferences.domain import clashes, programme
from conferences.domain.draft_warnings import warnings_of
from conferences.domain.host_names import HostNames
from conferences.domain.programme_cells import (
    LANGUAGES,
    CellError,
    CellErrors,
    by_language,
    cell,
    columns_of,
    known,
    languages,
    messages_by_field,
    moment,
    natural,
    parts,
)
from conferences.enums import RoomEquipment, RoomLayout, SessionKind, SessionRole
from conferences.models import Conference, Room, Session, Speaker, SpeakerChange, Track
from fairs import tables
from fairs.country_names import country_code_of
from fairs.table_words import choice_of, language_of
from fairs.tables import Row, RowError, TableError, read_table

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class SheetError:
    """What is wrong in one cell of one sheet; without a sheet in the whole file."""

    sheet: str
    error: RowError

    def __str__(self) -> str:
        return _("sheet %(sheet)s, %(error)s") % {"sheet": self.sheet, "error": self.error} if self.sheet else str(self.error)


class ProgrammeError(Exception):
    """The workbook cannot be taken; ``errors`` names every reason."""

    def __init__(self, errors: Iterable[SheetError]) -> None:
        self.errors = list(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass
class ImportReport:
    """How many rows of each sheet were ``new``, ``changed`` or ``same``; ``warnings`` are for people to look at."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def count(self, sheet: str, outcome: str) -> None:
        self.counts.setdefault(sheet, Counter())[outcome] += 1

    @property
    def changes(self) -> int:
        return sum(counter["new"] + counter["changed"] for counter in self.counts.values())


def _is_workbook(content: bytes) -> bool:
    """Whether it may be an Excel file, be it an old one; the importer of tables says what is wrong with such."""
    return content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"")


def _texts(name: str) -> dict[str, list[str]]:
    return {f"{name}_{end}": [f"{name}_{language}"] if end == "zh" else [] for end, language in LANGUAGES.items()}


COLUMNS: dict[str, dict[str, list[str]]] = {
    "Rooms": {
        "code": [],
        **_texts("name"),
        "capacity": ["seats"],
        "interpretation_booths": ["booths"],
        "layout": [],
        "equipment": [],
        "site": [],
    },
    "Tracks": {"code": [], **_texts("name"), "colour": ["color"]},
    "Speakers": {
        "code": ["key"],
        **_texts("name"),
        **_texts("title"),
        **_texts("organisation"),
        "country": [],
        "email": [],
        "language": [],
        **_texts("biography"),
    },
    "Sessions": {
        "code": [],
        "kind": [],
        **_texts("title"),
        **_texts("abstract"),
        "track": [],
        "room": [],
        "starts_at": ["starts"],
        "ends_at": ["ends"],
        "minutes": ["length"],
        "language": [],
        "further_languages": ["also_in"],
        "interpretation": [],
        "people": [],
        "hosts": ["host_companies"],
        "public": ["is_public"],
        "capacity": ["places"],
        "sign_ups": ["takes_sign_ups"],
    },
}
REQUIRED = {
    "Rooms": ["code", "name_en", "capacity"],
    "Tracks": ["code", "name_en"],
    "Speakers": ["code", "name_en", "language"],
    "Sessions": ["code", "kind", "title_en", "language"],
}


@transaction.atomic
def import_programme(
    *,
    conference: Conference,
    source: Path | IO[bytes],
    name: str = "",
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the programme in, matching rows by ``code``; rows and columns that the workbook does not have stay as they are.

    ``name`` is the file's where ``source`` is an open one. Everybody sees it once it is released.

    The same workbook again changes nothing. ``dry_run`` does all the work and takes it back. Raises ProgrammeError with
    every error of every sheet, and then nothing has changed.
    """
    with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
        content = file.read(tables.LARGEST_FILE + 1)
    workbook = _Workbook(conference, content, name=name or str(source), now=now, progress=progress)
    with programme.swapping(conference):
        workbook.bring_in()
        if workbook.errors:
            raise ProgrammeError(workbook.errors)
        workbook.warn()
    if dry_run:
        transaction.set_rollback(True)
    return workbook.report


class _Workbook:
    """One import under way: collects errors instead of stopping at the first."""

    def __init__(self, conference: Conference, content: bytes, *, name: str, now: datetime, progress: Progress | None) -> None:
        self.conference = conference
        self.name = name
        self.now = now
        self.hosts = HostNames(conference.fair)
        self.progress = progress or (lambda done, total: None)
        self.errors: list[SheetError] = []
        self.report = ImportReport()
        self.own = set(SpeakerChange.objects.filter(speaker__conference=conference).values_list("speaker_id", "what"))
        self.sheets = self._sheets(content)
        self.done, self.total = 0, sum(len(rows) for rows in self.sheets.values())

    def _sheets(self, content: bytes) -> dict[str, list[Row]]:
        if not _is_workbook(content):
            text = _("This is no workbook. A programme is one .xlsx file with the sheets %(sheets)s: save the tables as such.")
            self.errors.append(SheetError("", RowError(0, "", text % {"sheets": ", ".join(COLUMNS)})))
            return {sheet: [] for sheet in COLUMNS}
        found = {sheet: self._read(content, sheet) for sheet in COLUMNS}
        said = {str(one.error) for one in self.errors}
        if len(said) == 1 and len(self.errors) == len(COLUMNS):  # of the file, not of a sheet
            self.errors = [SheetError("", self.errors[0].error)]
        return found

    def _read(self, content: bytes, sheet: str) -> list[Row]:
        try:
            table = read_table(io.BytesIO(content), name=self.name, sheet=sheet, columns=COLUMNS[sheet], required=REQUIRED[sheet])
        except TableError as refusal:
            self.errors += [SheetError(sheet, error) for error in refusal.errors]
            return []
        seen: set[str] = set()
        for row in table.rows:
            code = row.values["code"]
            if code in seen:
                self._refuse(sheet, row, "code", _("This code is there twice."))
            seen.add(code)
        return table.rows

    def bring_in(self) -> None:
        self.sites = {site.slug: site for site in self.conference.fair.sites.all()}
        self.rooms = self._bring_in_rows("Rooms", Room, self._room_values)
        self.tracks = self._bring_in_rows("Tracks", Track, self._track_values)
        self.speakers = self._bring_in_rows("Speakers", Speaker, self._speaker_values)
        self._bring_in_sessions()

    # --- rooms, tracks, speakers: rows without rules beyond their fields -------------------------------------------

    def _bring_in_rows(self, sheet: str, model: type[models.Model], values_of: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
        present = {row.code: row for row in model._default_manager.filter(conference=self.conference)}  # type: ignore[attr-defined]
        for row in self.sheets[sheet]:
            try:
                values = {name: value for name, value in values_of(row).items() if _header(name) in row.values}
                code = values["code"]
                instance = present.get(code)
                is_new = instance is None
                instance = instance if instance is not None else model(conference=self.conference)
                is_changed = _assign(instance, self._but_own(row, instance, values) if isinstance(instance, Speaker) else values)
                instance.clean_fields(exclude=["conference"])
                if is_new or is_changed:
                    instance.save()
                present[code] = instance
                self.report.count(sheet, "new" if is_new else "changed" if is_changed else "same")
            except (ValidationError, CellError) as error:
                self._refuse_all(sheet, row, error)
            self._step()
        return present

    def _but_own(self, row: Row, speaker: Speaker, values: dict[str, Any]) -> dict[str, Any]:
        """Without what the person wrote on the own page: an import leaves that alone, and says so."""
        kept = [name for name in values if (speaker.pk, name) in self.own and (getattr(speaker, name) or "") != (values[name] or "")]
        for name in kept:
            text = _("sheet %(sheet)s, row %(row)d: %(column)s is left alone, because %(name)s has edited it on the own page.")
            told = {"sheet": "Speakers", "row": row.number, "column": _header(name), "name": str(speaker)}
            self.report.warnings.append(text % told)
        return {name: value for name, value in values.items() if name not in kept}

    def _room_values(self, row: Row) -> dict[str, Any]:
        return {
            "code": row.values["code"],
            **columns_of(row, "name", is_required=True),
            "capacity": cell(row, "capacity", natural),
            "interpretation_booths": cell(row, "interpretation_booths", natural) or 0,
            "layout": cell(row, "layout", lambda text: choice_of(RoomLayout, text) if text else ""),
            "equipment": cell(row, "equipment", lambda text: [choice_of(RoomEquipment, part) for part in parts(text)]),
            "site": cell(row, "site", lambda text: known(text, self.sites) if text else None),
        }

    def _track_values(self, row: Row) -> dict[str, Any]:
        colour = row.values.get("colour", "")
        return {"code": row.values["code"], **columns_of(row, "name", is_required=True), **({"colour": colour} if colour else {})}

    def _speaker_values(self, row: Row) -> dict[str, Any]:
        return {
            "code": row.values["code"],
            **columns_of(row, "name", is_required=True),
            **columns_of(row, "title"),
            **columns_of(row, "organisation"),
            **columns_of(row, "biography"),
            "country": country_code_of(row.values.get("country", "")) or row.values.get("country", "").upper(),
            "email": row.values.get("email", ""),
            "language": language_of(row.values["language"]),
        }

    # --- sessions ---------------------------------------------------------------------------------------------------

    def _bring_in_sessions(self) -> None:
        sessions = Session.objects.filter(conference=self.conference).select_related("conference__fair", "draft_room", "track")
        present = {session.code: session for session in sessions}
        rows: dict[str, Row] = {}
        for row in self.sheets["Sessions"]:
            try:
                session = present.get(row.values["code"])
                values = self._session_values(row, session)
                outcome = programme.write_session(conference=self.conference, session=session, values=values, now=self.now)
                self.report.count("Sessions", outcome)
                rows[values.code] = row
            except (ValidationError, CellError) as error:
                self._refuse_all("Sessions", row, error)
            self._step()
        for clash in clashes.clashes_of(clashes.slots(Q(conference=self.conference))):
            named = rows.get(clash.second.code) or rows.get(clash.first.code)
            if named is not None:
                self._refuse("Sessions", named, clash.kind if clash.kind == "room" else "people", str(clash))

    def warn(self) -> None:
        """Tell what people should look at because of the sessions in the workbook."""
        named = {row.values["code"] for row in self.sheets["Sessions"]}
        for warning in warnings_of(self.conference):
            if named & {session.code for session in warning.sessions}:
                self.report.warnings.append(str(warning))

    def _session_values(self, row: Row, session: Session | None) -> programme.SessionValues:
        """What the row says; for what it has no column, or no word on whether everybody may see it, what the session is."""
        errors = CellErrors()
        zone = self.conference.fair.zone
        readers: dict[str, Callable[[str], Any]] = {
            "kind": lambda text: choice_of(SessionKind, text),
            "starts_at": lambda text: moment(text, zone) if text else None,
            "ends_at": lambda text: moment(text, zone) if text else None,
            "minutes": lambda text: 60 if (minutes := natural(text)) is None else minutes,
            "further_languages": languages,
            "track": lambda text: known(text, self.tracks) if text else None,
            "room": lambda text: known(text, self.rooms) if text else None,
            "interpretation": languages,
            "people": self._people,
            "hosts": self.hosts.take,
            "capacity": natural,
            "sign_ups": lambda text: tables.as_flag(text) if text else None,
            "public": lambda text: tables.as_flag(text) if text else session is None or session.is_public,
        }
        cells = {_COLUMNS.get(name, name): errors.take(row, name, read) for name, read in readers.items() if name in row.values}
        errors.take_texts(row, "title", is_required=True)
        errors.raise_any()
        kept = programme.values_of(session) if session else programme.SessionValues(code="", kind="", title={}, language="")
        texts: dict[str, Any] = {name: {**getattr(kept, name), **by_language(row, name)} for name in ("title", "abstract")}
        return replace(kept, code=row.values["code"], language=language_of(row.values["language"]), **texts, **cells)

    def _people(self, text: str) -> tuple[tuple[Speaker, str], ...]:
        """“s45:speaker, s62:interpreter”: codes of the sheet Speakers with their roles; without a role: a speaker."""
        people = []
        for entry in parts(text):
            code, _colon, role = (part.strip() for part in entry.partition(":"))
            people.append((known(code, self.speakers), choice_of(SessionRole, role or SessionRole.SPEAKER.value)))
        if len(set(people)) < len(people):
            raise ValueError(_("Somebody is named twice in the same role."))
        return tuple(people)

    # --- errors and progress ----------------------------------------------------------------------------------------

    def _refuse(self, sheet: str, row: Row, column: str, message: str) -> None:
        self.errors.append(SheetError(sheet, row.error(column, message)))

    def _refuse_all(self, sheet: str, row: Row, error: "ValidationError | CellError") -> None:
        for name, messages in messages_by_field(error).items():
            column = _HEADERS.get(name, _header(name))
            for message in messages:
                self._refuse(sheet, row, column if column in COLUMNS[sheet] else "", message)

    def _step(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)


_COLUMNS = {"public": "is_public", "sign_ups": "takes_sign_ups"}  # a header that is called otherwise than what it fills
_HEADERS = {column: header for header, column in _COLUMNS.items()}


def _assign(instance: models.Model, values: dict[str, Any]) -> bool:
    """Set what differs; returns whether anything did."""
    different = {name: value for name, value in values.items() if (getattr(instance, name) or "") != (value or "")}
    for name, value in different.items():
        setattr(instance, name, value)
    return bool(different)


def _header(column: str) -> str:
    """``name_zh`` for the column ``name_zh_hans`` of the table."""
    return column.replace("_zh_hans", "_zh")
