"""Who hears of a release, and what they read: one letter a person, with all that has changed for them and files for the calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import normalise_address
from api.languages import active_language, text_in
from conferences.enums import ChangeKind
from conferences.exports.calendar import invitation_of
from conferences.exports.published import Gone, Programme, programme_of
from conferences.models import Conference, Participation, ProgrammeRelease, ReleaseChange, Room, SessionRevision, Speaker
from notifications import moments
from notifications.attachments import Attachment
from notifications.outbox import NewLetter, draw, write_drawn


@dataclass
class Reader:
    """Somebody in sessions that changed."""

    name: str
    email: str
    language: str
    time_zone: str
    changes: list[ReleaseChange] = field(default_factory=list)

    def add(self, name: str, change: ReleaseChange) -> None:
        """Somebody of this address has the change too: an office may answer for several people."""
        if name not in self.name.split(", "):
            self.name = f"{self.name}, {name}"
        if change not in self.changes:
            self.changes.append(change)


@dataclass(frozen=True)
class Readers:
    """Who gets a letter, and who cannot be reached."""

    reached: list[Reader]
    without_address: list[Speaker]


def readers_of(changes: Iterable[ReleaseChange], *, time_zone: str) -> Readers:
    """The people of the sessions that changed: one entry an address. ``time_zone`` is for those who have named none. One query."""
    by_session = {change.session_id: change for change in changes if change.session_id}
    parts = Participation.objects.filter(session__in=by_session).select_related("speaker").order_by("speaker__name", "pk")
    reached: dict[str, Reader] = {}
    without: dict[int, Speaker] = {}
    for part in parts:
        person, change = part.speaker, by_session[part.session_id]
        with override(person.language):
            name = str(person)
        if not person.email:
            without[person.pk] = person
            continue
        reader = Reader(name, person.email, person.language, person.time_zone or time_zone)
        reached.setdefault(normalise_address(person.email), reader).add(name, change)
    return Readers(list(reached.values()), list(without.values()))


def tell_people(release: ProgrammeRelease, changes: list[ReleaseChange]) -> int:
    """Write the letters of a release that has just been recorded, in the transaction that records it. Returns how many."""
    conference = Conference.objects.select_related("site", "fair__public_revision").get(pk=release.conference_id)
    readers = readers_of(changes, time_zone=conference.fair.time_zone).reached
    if not readers:
        return 0
    programmes = {language: _programme(conference, language) for language in {reader.language for reader in readers}}
    numbers = {row.guid: row for row in SessionRevision.objects.filter(guid__in=[change.guid for change in changes])}
    letters = [_letter(release, conference, reader, programmes[reader.language], numbers) for reader in readers]
    return write_drawn([draw(letter) for letter in letters])


def _programme(conference: Conference, language: str) -> Programme:
    with override(language):
        return programme_of(conference, language=language, with_confidential=True)


def _letter(
    release: ProgrammeRelease, conference: Conference, reader: Reader, programme: Programme, numbers: dict[UUID, SessionRevision]
) -> NewLetter:
    fair = conference.fair
    with override(reader.language):
        names = {"conference_name": str(conference.name), "site_name": str(conference.site), "note": str(release.note or "")}
        files = tuple(_file(change, reader, programme, numbers[change.guid]) for change in reader.changes)
    return NewLetter(
        key=f"release:{release.pk}:{normalise_address(reader.email)}",
        to=reader.email,
        name=reader.name,
        occasion="conferences.programme_changed",
        language=reader.language,
        time_zone=reader.time_zone,
        fair_id=fair.pk,
        about=f"conference:{conference.pk}",
        reply_to=fair.reply_to,
        attachments=files,
        context={
            **names,
            "fair": fair,
            "fair_zone": fair.time_zone,
            "starts_on": conference.starts_on,
            "ends_on": conference.ends_on,
            "version": release.number,
            "changes": ChangeLines(reader.changes, fair_zone=fair.time_zone, reader_zone=reader.time_zone),
        },
    )


def _file(change: ReleaseChange, reader: Reader, programme: Programme, revision: SessionRevision) -> Attachment:
    """The session for the reader's calendar, or its end there."""
    session = next((entry for entry in programme.entries if entry.guid == change.guid), None)
    place = change.after or change.before
    gone = (
        Gone(change.guid, revision.number, revision.changed_at, *(moment.astimezone(programme.zone) for moment in place[:2]))
        if place
        else None
    )
    found = session or gone
    if found is None:
        raise ValueError("A change has a place before or after it.")
    content_type, content = invitation_of(
        programme, found, title=title_of(change), name=reader.name, email=reader.email, is_off=change.after is None
    )
    return Attachment(f"{change.code}.ics", content_type, content)


class ChangeLines:
    """What changed, a sentence a session, in whatever language is active when it is read."""

    def __init__(self, changes: list[ReleaseChange], *, fair_zone: str, reader_zone: str) -> None:
        self._changes, self._fair_zone, self._reader_zone = changes, fair_zone, reader_zone

    def __len__(self) -> int:
        return len(self._changes)

    def __iter__(self) -> Iterator[str]:
        return (sentence_of(change, fair_zone=self._fair_zone, reader_zone=self._reader_zone) for change in self._changes)


def sentence_of(change: ReleaseChange, *, fair_zone: str, reader_zone: str) -> str:
    """The change in the active language; times in the fair's zone and, where it differs, the reader's."""

    def when(moment: datetime | None) -> str:
        language = get_language() or "en"
        return moments.moment_in_zones(moment, fair_zone=fair_zone, reader_zone=reader_zone, language=language) if moment else ""

    facts = {
        "title": title_of(change),
        "before": when(change.starts_before),
        "after": when(change.starts_after),
        "old_room": _room(change.room_before),
        "room": _room(change.room_after),
    }
    if change.kind == ChangeKind.MOVED and (change.starts_before, change.room_before) == (change.starts_after, change.room_after):
        ends = {"until": when(change.ends_after), "old_until": when(change.ends_before)}
        return _("“%(title)s” ends at another time: now %(until)s, before %(old_until)s. It begins as before, in %(room)s.") % {
            **facts,
            **ends,
        }
    sentences = {
        ChangeKind.NEW: _("“%(title)s” is on the programme: %(after)s, %(room)s."),
        ChangeKind.MOVED: _("“%(title)s” has moved: now %(after)s, %(room)s; before it was %(before)s, %(old_room)s."),
        ChangeKind.ROOM: _("“%(title)s” is in another room: now %(room)s, before %(old_room)s. The time stays: %(after)s."),
        ChangeKind.TAKEN_OFF: _("“%(title)s” is off the programme for now; it was to begin %(before)s, %(old_room)s."),
        ChangeKind.CANCELLED: _("“%(title)s” is cancelled; it was to begin %(before)s, %(old_room)s."),
        ChangeKind.RESTORED: _("“%(title)s” takes place after all: %(after)s, %(room)s."),
    }
    return sentences[ChangeKind(change.kind)] % facts


def title_of(change: ReleaseChange) -> str:
    return str(text_in(change, "title", {"language": active_language()}) or change.code)


def _room(room: Room | None) -> str:
    return str(room) if room else _("room not fixed yet")
