"""The whole draft of a conference as plain values in the active language: what warnings and proposed places are made of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count

from api.languages import COLUMNS, FALLBACKS, active_language
from conferences.enums import SessionRole, SpeakerAnswer
from conferences.models import Availability, Conference, ConferenceDay, Participation, Room, Session, SessionHost, SignUp
from exhibitors.enums import ApplicationStatus

Span = tuple[datetime, datetime]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DraftRoom:
    """A room with its site, be it the conference's own or another."""

    id: int
    code: str
    name: str
    seats: int
    booths: int
    site_id: int
    site: str


@dataclass(frozen=True, slots=True)
class DraftSession:
    """What a session needs, wherever it is put. ``people`` and ``hosts`` are names by id.

    ``wanted`` are places for delegates: its own, or as many as have signed up or wait where that is more. ``released_at`` is when
    it begins for everybody else.
    """

    id: int | None
    code: str
    title: str
    minutes: int = 60
    is_break: bool = False
    language: str = ""
    interpretation: tuple[str, ...] = ()
    wanted: int = 0
    people: tuple[tuple[int, str], ...] = ()
    has_interpreter: bool = False
    hosts: tuple[tuple[int, str], ...] = ()
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A session with a place, which it has or might have."""

    session: DraftSession
    starts_at: datetime
    ends_at: datetime
    room: DraftRoom | None = None

    @property
    def code(self) -> str:
        return self.session.code


@dataclass(frozen=True, slots=True)
class OpenDay:
    """When the doors are open on a day; without hours of its own it is open from midnight to midnight."""

    date: date
    opens_at: datetime
    closes_at: datetime
    is_all_day: bool = False


@dataclass(frozen=True)
class Draft:
    """``available`` has the times of those who cannot always come. Names by id: ``unreachable`` are people without an address,
    ``declined`` those who do not come, ``gone_hosts`` companies that do not take part in the fair, or not any more."""

    zone: ZoneInfo
    days: tuple[OpenDay, ...]
    rooms: tuple[DraftRoom, ...] = ()
    unplaced: tuple[DraftSession, ...] = ()
    placed: tuple[Placed, ...] = ()
    available: dict[int, list[Span]] = field(default_factory=dict)
    unreachable: dict[int, str] = field(default_factory=dict)
    declined: dict[int, str] = field(default_factory=dict)
    gone_hosts: dict[int, str] = field(default_factory=dict)
    minutes_between_rooms: int = 5
    minutes_between_sites: int = 240

    @cached_property
    def open_times(self) -> list[Span]:
        """A night that is open from one day to the next is one time."""
        return merged((day.opens_at, day.closes_at) for day in self.days)


def draft_of(conference: Conference) -> Draft:
    """Seven queries, however long the programme, where ``conference`` has its ``fair`` and ``site`` read already."""
    rooms = {room.id: room for room in _rooms(conference)}
    people, interpreted, unreachable, declined = _people(conference)
    (hosts, gone_hosts), signed_up = _hosts(conference), _signed_up(conference)
    unplaced: list[DraftSession] = []
    placed: list[Placed] = []
    rows = Session.objects.drafted().filter(conference=conference).order_by("draft_starts_at", "code")
    columns = ("pk", "code", "minutes", "kind", "language", "interpretation", "capacity", "starts_at")
    place = ("draft_room", "draft_starts_at", "draft_ends_at")
    for pk, code, minutes, kind, language, interpretation, capacity, released_at, room_id, starts_at, ends_at, *titles in rows.values_list(
        *columns, *place, *_in_languages("title")
    ):
        session = DraftSession(
            id=pk,
            code=code,
            title=_first(titles),
            minutes=minutes,
            is_break=kind == "break",
            language=language,
            interpretation=tuple(interpretation),
            wanted=max(capacity or 0, signed_up.get(pk, 0)),
            people=tuple(people[pk].items()),
            has_interpreter=pk in interpreted,
            hosts=tuple(hosts[pk].items()),
            released_at=released_at,
        )
        if starts_at is None:
            unplaced.append(session)
        else:
            placed.append(Placed(session, starts_at, ends_at, rooms.get(room_id)))
    return Draft(
        zone=conference.fair.zone,
        days=draft_days(conference),
        rooms=tuple(rooms.values()),
        unplaced=tuple(unplaced),
        placed=tuple(placed),
        available=_available(conference),
        unreachable=unreachable,
        declined=declined,
        gone_hosts=gone_hosts,
        minutes_between_rooms=conference.minutes_between_rooms,
        minutes_between_sites=conference.minutes_between_sites,
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same times, with what overlaps or touches in one."""
    found: list[Span] = []
    for starts_at, ends_at in sorted(spans):
        if found and starts_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends_at, found[-1][1]))
        else:
            found.append((starts_at, ends_at))
    return found


def holds(spans: Iterable[Span], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether one of these merged times has room for it."""
    return any(begins <= starts_at and ends_at <= ends for begins, ends in spans)


def _in_languages(column: str) -> list[str]:
    """The columns of a text, that of the active language first."""
    return [f"{column}_{COLUMNS[language]}" for language in dict.fromkeys((active_language(), *FALLBACKS))]


def _first(texts: Iterable[str | None]) -> str:
    return next(filter(None, texts), "")


def _rooms(conference: Conference) -> list[DraftRoom]:
    own = str(conference.site)
    rooms = Room.objects.filter(conference=conference).select_related("site").order_by("code")
    return [
        DraftRoom(
            id=room.pk,
            code=room.code,
            name=str(room),
            seats=room.capacity,
            booths=room.interpretation_booths,
            site_id=room.site_id or conference.site_id,
            site=str(room.site) if room.site else own,
        )
        for room in rooms
    ]


def _people(conference: Conference) -> tuple[dict[int, dict[int, str]], set[int], dict[int, str], dict[int, str]]:
    """Names by session, the sessions with an interpreter, who has no address, and who has declined."""
    people: dict[int, dict[int, str]] = defaultdict(dict)
    interpreted: set[int] = set()
    unreachable: dict[int, str] = {}
    declined: dict[int, str] = {}
    columns = ("session", "speaker", "role", "speaker__email", "speaker__answer", *_in_languages("speaker__name"))
    parts = Participation.objects.filter(session__conference=conference, session__cancelled_at=None).order_by("pk")
    for session_id, speaker_id, role, email, answer, *names in parts.values_list(*columns):
        people[session_id][speaker_id] = _first(names)
        if role == SessionRole.INTERPRETER:
            interpreted.add(session_id)
        if not email:
            unreachable[speaker_id] = _first(names)
        if answer == SpeakerAnswer.DECLINED:
            declined[speaker_id] = _first(names)
    return people, interpreted, unreachable, declined


def _hosts(conference: Conference) -> tuple[dict[int, dict[int, str]], dict[int, str]]:
    """Names by session, and of those whose application is over or was never sent."""
    hosts: dict[int, dict[int, str]] = defaultdict(dict)
    gone: dict[int, str] = {}
    rows = SessionHost.objects.filter(session__conference=conference, session__cancelled_at=None).order_by("pk")
    company = "application__company"
    for session_id, application_id, status, *names in rows.values_list(
        "session", "application", "application__status", *_in_languages(f"{company}__name"), f"{company}__legal_name"
    ):
        hosts[session_id][application_id] = _first(names)
        if status not in ApplicationStatus.live:
            gone[application_id] = _first(names)
    return hosts, gone


def _signed_up(conference: Conference) -> dict[int, int]:
    """How many have a place in each session, or wait for one."""
    rows = SignUp.objects.filter(session__conference=conference, session__cancelled_at=None).order_by()
    return dict(rows.values_list("session").annotate(Count("pk")))


def _available(conference: Conference) -> dict[int, list[Span]]:
    spans: dict[int, list[Span]] = defaultdict(list)
    rows = Availability.objects.filter(speaker__conference=conference).order_by("starts_at")
    for speaker_id, starts_at, ends_at in rows.values_list("speaker", "starts_at", "ends_at"):
        spans[speaker_id].append((starts_at, ends_at))
    return {speaker_id: merged(each) for speaker_id, each in spans.items()}


def draft_days(conference: Conference) -> tuple[OpenDay, ...]:
    hours = {day.date: day for day in ConferenceDay.objects.filter(conference=conference)}
    number = (conference.ends_on - conference.starts_on).days + 1
    return tuple(_open_day(conference, day, hours.get(day)) for n in range(number) for day in [conference.starts_on + n * ONE_DAY])


def _open_day(conference: Conference, day: date, hours: ConferenceDay | None) -> OpenDay:
    opens, closes = (hours.opens_at, hours.closes_at) if hours else (time(), time())
    until = day if closes > opens else day + ONE_DAY
    zone = conference.fair.zone
    begins, ends = (datetime.combine(date_, at, zone).astimezone(UTC) for date_, at in ((day, opens), (until, closes)))
    return OpenDay(day, begins, ends, is_all_day=hours is None)
