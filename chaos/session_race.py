"""300 delegates sign up at once for a session with 100 places: 100 have one, 200 wait in the order in which they were written."""

from datetime import UTC, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from benchmarks.processes import Server
from chaos.figures import Figures
from chaos.volley import Answer, Call, fire
from chaos.world import CONFERENCE, PLACES
from conferences.domain import own
from conferences.enums import DelegateKind, DelegateStatus, SessionKind, SignUpStatus
from conferences.models import Conference, Delegate, Session, SignUp

RACERS = 300


def measure(server: Server, figures: Figures) -> None:
    session, answers = _race(server, "guarded")
    figures.add("session_race_5xx", sum(answer.status >= 500 or answer.status == 0 for answer in answers))
    rows = _in_order_of_commit(session)
    statuses = [status for _pk, status in rows]
    told = [answer.json()["sign_ups"][0]["status"] for answer in answers if answer.status == 200]
    assert sorted(told) == sorted(statuses), "what was answered is not what is written"
    reserved = statuses.count(SignUpStatus.RESERVED)
    figures.add("session_race_reserved", reserved)
    figures.add("session_race_waiting", len(statuses) - reserved)
    ahead = [number for number, status in enumerate(statuses) if (status == SignUpStatus.RESERVED) != (number < reserved)]
    ids = [pk for pk, _status in rows]
    figures.add("session_race_out_of_order", len(ahead) + sum(one != other for one, other in zip(ids, sorted(ids), strict=True)))


def measure_unguarded(server: Server, figures: Figures) -> None:
    """Without the lock on the session more than 100 get a place."""
    session, _answers = _race(server, "unguarded")
    reserved = SignUp.objects.filter(session=session, status=SignUpStatus.RESERVED).count()
    figures.add("session_race_reserved_unguarded", reserved)


def _race(server: Server, code: str) -> tuple[Session, list[Answer]]:
    conference = Conference.objects.get(slug=CONFERENCE)
    start = datetime.combine(conference.starts_on, time(9), UTC)
    session = Session.objects.create(
        conference=conference, code=code, kind=SessionKind.WORKSHOP, title_en="Race", starts_at=start, ends_at=start + timedelta(hours=1),
        language="en", capacity=PLACES, takes_sign_ups=True,
    )  # fmt: skip
    now = timezone.now()
    known = {"kind": DelegateKind.GUEST, "status": DelegateStatus.RESERVED, "registered_at": now, "confirmed_at": now}
    racers = Delegate.objects.bulk_create(
        Delegate(conference=conference, name=f"Racer {n}", email=f"{code}{n}@chaos.example", **known) for n in range(RACERS)
    )
    path = f"/api/v1/conferences/{CONFERENCE}/sign-ups/"
    calls = [Call("POST", path, {"sessions": [code]}, {"Delegate-Word": own.word_of(racer)}) for racer in racers]
    return session, fire(server.port, calls)


def _in_order_of_commit(session: Session) -> list[tuple[int, str]]:
    """As PostgreSQL committed them (track_commit_timestamp)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, status FROM conferences_signup WHERE session_id = %s ORDER BY pg_xact_commit_timestamp(xmin), id", [session.pk]
        )
        return list(cursor.fetchall())
