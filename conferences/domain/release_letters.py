"""Who hears of a release, and what they read: one letter a person, with all that has changed for them and files for the calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import normalise_address
from api.languages import COLUMNS, active_language, text_in
from conferences.enums import ChangeKind, DelegateStatus, SignUpStatus
from conferences.exports.calendar import invitation_of
from conferences.exports.published import Gone, Programme, programme_of
from conferences.models import Conference, Participation, ProgrammeRelease, ReleaseChange, Room, SessionRevision, SignUp, Speaker
from notifications import moments
from notifications.attachments import Attachment
from notifications.outbox import NewLetter, draw, write_drawn


@dataclass
class Reader:
    """Somebody in sessions that changed, or signed up for them. ``waits_for``: those of the ``changes`` in which there is no place yet."""

    name: str
    email: str
    language: str
    time_zone: str
    changes: list[ReleaseChange] = field(default_factory=list)
    waits_for: list[ReleaseChange] = field(default_factory=list)
    is_delegate: bool = False
    spellings: set[str] = field(default_factory=set)  # of those named, in every script that is known

    def add(self, name: str, change: ReleaseChange) -> None:
        """Somebody of this address has the change too: an office may answer for several people. '' is somebody named already."""
        if name and name not in self.name.split(", "):
            self.name = f"{self.name}, {name}"
        if change not in self.changes:
            self.changes.append(change)


@dataclass(frozen=True)
class Readers:
    """Who gets a letter, and who cannot be reached."""

    reached: list[Reader]
    without_address: list[Speaker]

    @property
    def delegates(self) -> int:
        """How many of those reached signed up for a session."""
        return sum(reader.is_delegate for reader in self.reached)


def readers_of(changes: Iterable[ReleaseChange], *, time_zone: str) -> Readers:
    """The people of the sessions that changed and who signed up for them: one entry an address. Two queries.

    ``time_zone`` is for those who have named none.
    """
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
        reader = reached.setdefault(normalise_address(person.email), reader)
        reader.add(name, change)
        reader.spellings.update(spelt for column in COLUMNS.values() if (spelt := getattr(person, f"name_{column}")))
    _add_delegates(reached, by_session, time_zone=time_zone)
    return Readers(list(reached.values()), list(without.values()))


def _add_delegates(reached: dict[str, Reader], by_session: dict[int, ReleaseChange], *, time_zone: str) -> None:
    """Who has a place in a public session that changed, or waits for one. Whoever is on the programme too gets one letter of both."""
    told = {pk: change for pk, change in by_session.items() if change.is_public}
    sign_ups = SignUp.objects.filter(session__in=told, delegate__status=DelegateStatus.RESERVED, delegate__confirmed_at__isnull=False)
    sign_ups = sign_ups.filter(delegate__conference__in=Conference.objects.public())
    for sign_up in sign_ups.select_related("delegate").order_by("status", "delegate__name", "pk"):
        person, change = sign_up.delegate, told[sign_up.session_id]
        new = Reader(person.name, person.email, person.language, person.time_zone or time_zone, spellings={person.name})
        reader = reached.setdefault(normalise_address(person.email), new)
        reader.is_delegate = True
        if sign_up.status == SignUpStatus.WAITING and change not in reader.changes:
            reader.waits_for.append(change)
        reader.add("" if person.name in reader.spellings else person.name, change)
        reader.spellings.add(person.name)


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
        placed = [change for change in reader.changes if change not in reader.waits_for]  # nobody's calendar has what they wait for
        files = tuple(_file(change, reader, programme, numbers[change.guid]) for change in placed)
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
            "changes": ChangeLines(reader.changes, fair_zone=fair.time_zone, reader_zone=reader.time_zone, waits_for=reader.waits_for),
            "has_files": bool(files),
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
    """What changed, a line a session, in whatever language is active when it is read. ``waits_for``: where there is no place yet."""

    def __init__(self, changes: list[ReleaseChange], *, fair_zone: str, reader_zone: str, waits_for: Iterable[ReleaseChange] = ()) -> None:
        self._changes, self._fair_zone, self._reader_zone = changes, fair_zone, reader_zone
        self._waits_for = {change.guid for change in waits_for if change.after}

    def __len__(self) -> int:
        return len(self._changes)

    def __iter__(self) -> Iterator[str]:
        return (self._line(change) for change in self._changes)

    def _line(self, change: ReleaseChange) -> str:
        sentence = sentence_of(change, fair_zone=self._fair_zone, reader_zone=self._reader_zone)
        if change.guid not in self._waits_for:
            return sentence
        return _("%(sentence)s You are still on the waiting list for it.") % {"sentence": sentence}


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
