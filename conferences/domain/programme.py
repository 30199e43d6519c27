"""The programme that organisers work on: sessions with their place in the draft and their people. Everybody sees it once it is released."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Conflict
from conferences.domain import delegates, releases
from conferences.domain.clashes import refuse_clashes
from conferences.enums import ChangeKind
from conferences.models import Conference, Participation, Room, Session, SessionHost, SessionMove, Speaker, Track
from exhibitors.models import Application
from fairs import triggers
from fairs.units import day_text

LONGEST_SESSION = timedelta(hours=24)
LANGUAGES = ("ru", "zh-hans", "en")
PLAIN = ("code", "kind", "language", "track", "is_public", "capacity")  # what a session and SessionValues call alike


class CancelledAlready(Conflict):
    """The session was cancelled before."""

    code = "cancelled_already"
    message = gettext_lazy("This session is cancelled already.")


class NotCancelled(Conflict):
    """The session takes place: there is nothing to bring back."""

    code = "not_cancelled"
    message = gettext_lazy("This session is not cancelled.")


class MovedMeanwhile(Conflict):
    """The session is elsewhere in the draft than its mover saw it; ``place`` says where."""

    code = "moved_meanwhile"
    message = gettext_lazy("Somebody else has moved this session meanwhile. Look where it is now, then move it again.")


@dataclass(frozen=True)
class Place:
    """Where a session is in the draft; all empty: among those without a place."""

    room_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def place_of(session: Session) -> Place:
    return Place(session.draft_room_id, session.draft_starts_at, session.draft_ends_at)


@dataclass(frozen=True)
class SessionValues:
    """All of a session; room and times are those of the draft. Texts are by language (ru, zh-hans, en); ``people`` are pairs of a
    speaker and a SessionRole, ``hosts`` applications of exhibitors; None: as they are. ``minutes`` is for one without a time."""

    code: str
    kind: str
    title: dict[str, str]
    language: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    minutes: int = 60
    abstract: dict[str, str] = field(default_factory=dict)
    track: Track | None = None
    room: Room | None = None
    interpretation: tuple[str, ...] = ()
    further_languages: tuple[str, ...] = ()
    is_public: bool = True
    capacity: int | None = None
    takes_sign_ups: bool | None = None  # None: as it is
    people: tuple[tuple[Speaker, str], ...] | None = ()
    hosts: tuple[Application, ...] | None = ()


def values_of(session: Session) -> SessionValues:
    """The session as it is, its people and hosts left out: who writes these values changes nothing."""
    texts: dict[str, Any] = {
        name: {language: getattr(session, f"{name}_{language.replace('-', '_')}") or "" for language in LANGUAGES}
        for name in ("title", "abstract")
    }
    kept: dict[str, Any] = {name: getattr(session, name) for name in (*PLAIN, "takes_sign_ups", "minutes")}
    languages: dict[str, Any] = {name: tuple(getattr(session, name)) for name in ("interpretation", "further_languages")}
    return SessionValues(**kept, **texts, **languages, **_place_values(session), people=None, hosts=None)


def _place_values(session: Session) -> dict[str, Any]:
    return {"room": session.draft_room, "starts_at": session.draft_starts_at, "ends_at": session.draft_ends_at}


@transaction.atomic
def place_session(
    *,
    session_id: int,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime | None = None,
    minutes: int | None = None,
    seen: Place | None = None,
    by: User | None,
    now: datetime,
) -> Session:
    """Give a session this place in the draft, until ``ends_at`` or for so many ``minutes``; without either it keeps its length.

    ``seen`` is the place from which its mover took it. Raises ValidationError by field, ProgrammeClash for a room or a person that
    is taken, MovedMeanwhile for a session that is elsewhere than seen, and CancelledAlready.
    """
    with _moving(session_id, seen) as session:
        if ends_at is None:
            ends_at = _end_after(starts_at, session.minutes if minutes is None else minutes)
        check_session(conference=session.conference, starts_at=starts_at, ends_at=ends_at, room=room)
        before = place_of(session)
        _put(session, room, starts_at, ends_at)
        refuse_clashes(session)
        record_move(session, before=before, by=by, now=now)
    return session


@transaction.atomic
def take_off(*, session_id: int, seen: Place | None = None, by: User | None, now: datetime) -> Session:
    """Put a session back among those without a place in the draft; it keeps its length.

    Raises MovedMeanwhile for a session that is elsewhere than ``seen``, and CancelledAlready.
    """
    with _moving(session_id, seen) as session:
        before = place_of(session)
        _put(session, None, None, None)
        record_move(session, before=before, by=by, now=now)
    return session


def record_move(session: Session, *, before: Place, by: User | None, now: datetime) -> None:
    """Note who gave ``session`` the place that it has, if that is another one than ``before``."""
    after = place_of(session)
    if after == before:
        return
    places = {f"from_{name}": value for name, value in asdict(before).items()} | {
        f"to_{name}": value for name, value in asdict(after).items()
    }
    SessionMove.objects.create(session=session, by=by, at=now, **places)


@contextmanager
def _moving(session_id: int, seen: Place | None) -> Iterator[Session]:
    """The session, under the lock of its conference, if it is where its mover saw it."""
    conference = Conference.objects.select_related("fair").get(sessions=session_id)
    with swapping(conference):
        session = Session.objects.select_for_update(of=("self",)).select_related("draft_room").get(pk=session_id)
        session.conference = conference
        if session.cancelled_at is not None:
            raise CancelledAlready(_("This session is cancelled: put it back on the programme first."))
        if seen is not None and seen != place_of(session):
            raise MovedMeanwhile(place=_for_programs(session))
        yield session


def _for_programs(session: Session) -> dict[str, str | None]:
    """Its place in the draft: the room by its code, times in the fair's zone."""
    zone = session.conference.fair.zone
    begins, ends = (moment.astimezone(zone).isoformat() for moment in session.draft_times) if session.draft_times else (None, None)
    return {"room": session.draft_room.code if session.draft_room else None, "starts_at": begins, "ends_at": ends}


def _put(session: Session, room: Room | None, starts_at: datetime | None, ends_at: datetime | None) -> None:
    session.draft_room, session.draft_starts_at, session.draft_ends_at = room, starts_at, ends_at
    if starts_at is not None and ends_at is not None:
        session.minutes = whole_minutes(starts_at, ends_at)
    session.save(update_fields=["draft_room", "draft_starts_at", "draft_ends_at", "minutes"])


def _end_after(starts_at: datetime, minutes: int) -> datetime:
    _check_length(minutes)
    try:
        return starts_at.astimezone(UTC) + timedelta(minutes=minutes)
    except OverflowError:  # the last day of the calendar: refused as no day of the conference
        return starts_at


def _check_length(minutes: int) -> None:
    if not 1 <= minutes <= LONGEST_SESSION.total_seconds() // 60:
        raise ValidationError({"minutes": _("A session lasts from 1 minute to 24 hours.")})


def whole_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """How long that is, also over a night in which the clock is put forward or back."""
    return max(1, int((ends_at.astimezone(UTC) - starts_at.astimezone(UTC)).total_seconds()) // 60)


def write_session(*, conference: Conference, session: Session | None, values: SessionValues, now: datetime) -> str:
    """Write a session as one of many that may swap their places, within :func:`swapping`: ``new``, ``changed`` or ``same``.

    Raises ValidationError by field. Who calls it looks for clashes when all are written.
    """
    if session is None:
        _write(Session(conference=conference), values)
        return "new"
    before = place_of(session)
    is_changed = _write(session, values)
    record_move(session, before=before, by=None, now=now)
    return "changed" if is_changed else "same"


def placing_freely() -> AbstractContextManager[None]:
    """The database compares rooms and people at the end of this block, within a transaction."""
    return triggers.put_off("room_one_session_at_a_time", "person_one_session_at_a_time")


@contextmanager
def swapping(conference: Conference) -> Iterator[None]:
    """Sessions may trade places in here: the database compares rooms and people at the end. Holds the conference's lock."""
    with transaction.atomic(), placing_freely():
        delegates.lock(conference.pk)
        yield


@transaction.atomic
def cancel_session(*, session_id: int, by: User | None, now: datetime) -> Session:
    """Take a session off the programme. If it was released, everybody sees that at once and its people are told.

    Raises CancelledAlready.
    """
    conference = delegates.lock(Session.objects.values_list("conference", flat=True).get(pk=session_id))
    session = Session.objects.select_for_update(of=("self",)).get(pk=session_id)
    if session.cancelled_at is not None:
        raise CancelledAlready
    session.cancelled_at = now
    session.save(update_fields=["cancelled_at"])
    if session.released_times:
        releases.record(conference, [releases.change_to(session, ChangeKind.CANCELLED)], by=by, now=now)
    return session


@transaction.atomic
def restore_session(*, session_id: int, by: User | None, now: datetime) -> Session:
    """Put a cancelled session back on the programme, as it was; its people are told as of its end.

    Raises NotCancelled, and ProgrammeClash where its place is taken now.
    """
    conference = Conference.objects.get(sessions=session_id)
    with swapping(conference):
        session = Session.objects.select_for_update(of=("self",)).get(pk=session_id)
        if session.cancelled_at is None:
            raise NotCancelled
        session.cancelled_at = None
        session.save(update_fields=["cancelled_at"])
        refuse_clashes(session)
        if session.released_times:
            releases.record(conference, [releases.change_to(session, ChangeKind.RESTORED)], by=by, now=now)
    return session


def check_session(
    *,
    conference: Conference,
    starts_at: datetime | None,
    ends_at: datetime | None,
    room: Room | None = None,
    track: Track | None = None,
) -> None:
    """What a session keeps to: the conference's days (in the fair's zone) and rooms, more than no time, at most 24 hours.

    One that has no time yet has neither a beginning nor an end. Raises ValidationError by field.
    """
    errors = _wrong_times(conference, starts_at, ends_at)
    if room is not None and room.conference_id != conference.pk:
        errors["room"] = _("This is a room of another conference.")
    if track is not None and track.conference_id != conference.pk:
        errors["track"] = _("This is a track of another conference.")
    if errors:
        raise ValidationError(errors)


def _wrong_times(conference: Conference, starts_at: datetime | None, ends_at: datetime | None) -> dict[str, str]:
    if starts_at is None or ends_at is None:
        missing = {"starts_at": starts_at, "ends_at": ends_at}
        return {name: _("This value is missing.") for name, moment in missing.items() if moment is None} if starts_at or ends_at else {}
    # Within one zone Python compares what the clocks show, not moments.
    starts_at, ends_at, zone = starts_at.astimezone(UTC), ends_at.astimezone(UTC), conference.fair.zone
    opens = datetime.combine(conference.starts_on, time(), zone)
    closes = datetime.combine(conference.ends_on + timedelta(days=1), time(), zone)
    days = {"first": day_text(conference.starts_on), "last": day_text(conference.ends_on)}
    if not opens <= starts_at < closes:
        return {"starts_at": _("The conference is held from %(first)s to %(last)s.") % days}
    if ends_at <= starts_at:
        return {"ends_at": _("It ends before it starts.")}
    if ends_at - starts_at > LONGEST_SESSION:
        return {"ends_at": _("A session lasts 24 hours at most.")}
    if ends_at > closes:
        return {"ends_at": _("The conference is held from %(first)s to %(last)s.") % days}
    return {}


def _write(session: Session, values: SessionValues) -> bool:
    """Save the session as ``values`` say; returns whether anything was different."""
    before = _columns(session)
    _fill(session, values)
    is_changed = session.pk is None or _columns(session) != before
    if is_changed:
        session.save()
    other_people, other_hosts = _write_people(session, values), _write_hosts(session, values)
    return is_changed or other_people or other_hosts


def _fill(session: Session, values: SessionValues) -> None:
    check_session(conference=session.conference, starts_at=values.starts_at, ends_at=values.ends_at, room=values.room, track=values.track)
    for name in PLAIN:
        setattr(session, name, getattr(values, name))
    if values.takes_sign_ups is not None:
        session.takes_sign_ups = values.takes_sign_ups
    session.draft_room, session.draft_starts_at, session.draft_ends_at = values.room, values.starts_at, values.ends_at
    session.minutes = whole_minutes(values.starts_at, values.ends_at) if values.starts_at and values.ends_at else values.minutes
    _check_length(session.minutes)
    session.interpretation, session.further_languages = list(values.interpretation), list(values.further_languages)
    for language in LANGUAGES:
        column = language.replace("-", "_")
        setattr(session, f"title_{column}", values.title.get(language, ""))
        setattr(session, f"abstract_{column}", values.abstract.get(language, ""))
    session.clean_fields(exclude=["conference", "draft_room", "track"])
    if any(speaker.conference_id != session.conference_id for speaker, _role in values.people or ()):
        raise ValidationError({"people": _("These people are not all of this conference.")})
    if any(host.fair_id != session.conference.fair_id for host in values.hosts or ()):
        raise ValidationError({"hosts": _("These companies are not all exhibitors of this fair.")})


def _columns(session: Session) -> dict[str, object]:
    """What a save would write. "" and NULL are the same text; ``title`` and ``abstract`` themselves mirror their languages."""
    columns = [column.attname for column in Session._meta.concrete_fields if column.attname not in ("title", "abstract")]
    return {name: "" if session.__dict__.get(name) is None else session.__dict__[name] for name in columns}


def _write_people(session: Session, values: SessionValues) -> bool:
    """Make the participations those of ``values``, in their order; returns whether they were others."""
    if values.people is None:
        return False
    wanted = [(speaker.pk, role) for speaker, role in values.people]
    present = list(session.participations.order_by("pk").values_list("speaker", "role"))
    if present == wanted:
        return False
    session.participations.all().delete()
    Participation.objects.bulk_create(Participation(session=session, speaker_id=speaker_id, role=role) for speaker_id, role in wanted)
    return True


def _write_hosts(session: Session, values: SessionValues) -> bool:
    """Make the host companies those of ``values``, in their order; returns whether they were others."""
    if values.hosts is None:
        return False
    wanted = [host.pk for host in values.hosts]
    if list(session.hostings.order_by("pk").values_list("application", flat=True)) == wanted:
        return False
    session.hostings.all().delete()
    SessionHost.objects.bulk_create(SessionHost(session=session, application_id=host_id) for host_id in wanted)
    return True
