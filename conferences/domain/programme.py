"""The programme: sessions with their room, times and people."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Conflict
from conferences.models import Conference, Participation, Room, Session, Speaker, Track

LONGEST_SESSION = timedelta(hours=24)


class CancelledAlready(Conflict):
    """The session was cancelled before."""

    code = "cancelled_already"
    message = gettext_lazy("This session is cancelled already.")


class NotCancelled(Conflict):
    """The session takes place: there is nothing to bring back."""

    code = "not_cancelled"
    message = gettext_lazy("This session is not cancelled.")


@dataclass(frozen=True)
class SessionValues:
    """All of a session. Texts are by language (ru, zh-hans, en); ``people`` are pairs of a speaker and a SessionRole."""

    code: str
    kind: str
    title: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    language: str
    abstract: dict[str, str] = field(default_factory=dict)
    track: Track | None = None
    room: Room | None = None
    interpretation: tuple[str, ...] = ()
    is_public: bool = True
    capacity: int | None = None
    people: tuple[tuple[Speaker, str], ...] = ()


@transaction.atomic
def create_session(*, conference: Conference, values: SessionValues) -> Session:
    """Put a session on the programme. Raises ValidationError by field."""
    session = Session(conference=conference)
    _fill(session, values)
    session.save()
    _write_people(session, values)
    return session


@transaction.atomic
def update_session(*, session: Session, values: SessionValues) -> bool:
    """Make the session what ``values`` say; returns whether anything was different. Raises ValidationError by field."""
    before = _columns(session)
    _fill(session, values)
    is_changed = _columns(session) != before
    if is_changed:
        session.save()
    return _write_people(session, values) or is_changed


@transaction.atomic
def cancel_session(*, session_id: int, by: User | None, now: datetime) -> Session:
    """Take a session off the programme; calendars that have it are told (conferences/exports/calendar.py). Raises CancelledAlready."""
    session = Session.objects.select_for_update(of=("self",)).get(pk=session_id)
    if session.cancelled_at is not None:
        raise CancelledAlready
    session.cancelled_at = now
    session.save(update_fields=["cancelled_at"])
    return session


@transaction.atomic
def restore_session(*, session_id: int, by: User | None) -> Session:
    """Put a cancelled session back on the programme, as it was. Raises NotCancelled."""
    session = Session.objects.select_for_update(of=("self",)).get(pk=session_id)
    if session.cancelled_at is None:
        raise NotCancelled
    session.cancelled_at = None
    session.save(update_fields=["cancelled_at"])
    return session


def check_session(
    *, conference: Conference, starts_at: datetime, ends_at: datetime, room: Room | None = None, track: Track | None = None
) -> None:
    """What a session keeps to: the conference's days (in the fair's zone) and rooms, more than no time, at most 24 hours.

    Raises ValidationError by field.
    """
    errors: dict[str, str] = {}
    zone = conference.fair.zone
    opens = datetime.combine(conference.starts_on, time(), zone)
    closes = datetime.combine(conference.ends_on + timedelta(days=1), time(), zone)
    days = {"first": conference.starts_on.isoformat(), "last": conference.ends_on.isoformat()}
    if not opens <= starts_at < closes:
        errors["starts_at"] = _("The conference is held from %(first)s to %(last)s.") % days
    elif ends_at <= starts_at:
        errors["ends_at"] = _("It ends before it starts.")
    elif ends_at - starts_at > LONGEST_SESSION:
        errors["ends_at"] = _("A session lasts 24 hours at most.")
    elif ends_at > closes:
        errors["ends_at"] = _("The conference is held from %(first)s to %(last)s.") % days
    if room is not None and room.conference_id != conference.pk:
        errors["room"] = _("This is a room of another conference.")
    if track is not None and track.conference_id != conference.pk:
        errors["track"] = _("This is a track of another conference.")
    if errors:
        raise ValidationError(errors)


def _fill(session: Session, values: SessionValues) -> None:
    check_session(conference=session.conference, starts_at=values.starts_at, ends_at=values.ends_at, room=values.room, track=values.track)
    plain = ("code", "kind", "starts_at", "ends_at", "language", "track", "room", "is_public", "capacity")
    for name in plain:
        setattr(session, name, getattr(values, name))
    session.interpretation = list(values.interpretation)
    for language in ("ru", "zh-hans", "en"):
        column = language.replace("-", "_")
        setattr(session, f"title_{column}", values.title.get(language, ""))
        setattr(session, f"abstract_{column}", values.abstract.get(language, ""))
    session.clean_fields(exclude=["conference", "room", "track"])
    if any(speaker.conference_id != session.conference_id for speaker, _role in values.people):
        raise ValidationError({"people": _("These people are not all of this conference.")})


def _columns(session: Session) -> dict[str, object]:
    """What a save would write. "" and NULL are the same text; ``title`` and ``abstract`` themselves mirror their languages."""
    columns = [column.attname for column in Session._meta.concrete_fields if column.attname not in ("title", "abstract")]
    return {name: "" if session.__dict__.get(name) is None else session.__dict__[name] for name in columns}


def _write_people(session: Session, values: SessionValues) -> bool:
    """Make the participations those of ``values``, in their order; returns whether they were others."""
    wanted = [(speaker.pk, role) for speaker, role in values.people]
    present = list(session.participations.order_by("pk").values_list("speaker", "role"))
    if present == wanted:
        return False
    session.participations.all().delete()
    Participation.objects.bulk_create(Participation(session=session, speaker_id=speaker_id, role=role) for speaker_id, role in wanted)
    return True


def overlaps(sessions: list[SessionValues]) -> list[str]:
    """What cannot all happen: one room, or one person, in two of these sessions at the same time. One sentence each."""
    found = []
    in_order = sorted(sessions, key=lambda values: (values.starts_at, values.code))
    for number, first in enumerate(in_order):
        for second in in_order[number + 1 :]:
            if second.starts_at >= first.ends_at:
                break
            codes = {"first": first.code, "second": second.code}
            if first.room is not None and first.room == second.room:
                found.append(_("Room %(room)s has two sessions at once: %(first)s and %(second)s.") % {**codes, "room": first.room.code})
            shared = {speaker.code for speaker, _role in first.people} & {speaker.code for speaker, _role in second.people}
            found.extend(
                _("%(person)s is in two sessions at once: %(first)s and %(second)s.") % {**codes, "person": code} for code in sorted(shared)
            )
    return found
