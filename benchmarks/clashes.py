"""What a look at a whole draft costs: 500 sessions of a long conference with three people each, every other one with a host company."""

import random
import statistics
import time
from datetime import datetime, timedelta
from datetime import time as clock_time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.figures import Figures
from benchmarks.generate import SLUG, START
from conferences.domain.draft_warnings import warnings_of
from conferences.models import Availability, Conference, ConferenceDay, Participation, Room, Session, SessionHost, Speaker
from exhibitors.models import Application
from fairs.models import Fair

CONFERENCE = "bench-draft"
SESSIONS, ROOMS, PEOPLE, A_DAY = 500, 20, 400, 5
_SEED = 20240128
_RUNS = 15


def generate() -> Conference:
    """Five sessions a day in each of twenty rooms, five days long; the database has no two at once in one room or with one person."""
    rng = random.Random(_SEED)
    fair = Fair.objects.get(slug=SLUG)
    conference = Conference.objects.create(
        fair=fair, site=fair.sites.first(), slug=CONFERENCE, starts_on=START, ends_on=START + timedelta(days=4), name_en="Draft"
    )
    rooms = [Room.objects.create(conference=conference, code=f"r{n}", capacity=20 + 5 * n, name_en=f"Room {n}") for n in range(ROOMS)]
    for number in range(5):
        ConferenceDay.objects.create(
            conference=conference, date=START + timedelta(days=number), opens_at=clock_time(9), closes_at=clock_time(18)
        )
    people = Speaker.objects.bulk_create(
        Speaker(conference=conference, code=f"s{n}", name_en=f"Person {n}", email="" if n % 9 == 0 else f"s{n}@bench.example")
        for n in range(PEOPLE)
    )
    hosts = list(Application.objects.filter(fair=fair).order_by("pk")[:60])
    for slot in range(SESSIONS // ROOMS):
        day, turn = divmod(slot, A_DAY)
        starts_at = datetime.combine(START + timedelta(days=day), clock_time(9), fair.zone) + timedelta(hours=2 * turn)
        busy = rng.sample(people, 3 * ROOMS)
        for number, room in enumerate(rooms):
            session = Session.objects.create(
                conference=conference, code=f"d{slot}-{number}", kind="panel", title_en=f"Session {slot}-{number}", language="ru",
                interpretation=["zh-hans"], capacity=rng.randrange(10, 100), minutes=118, draft_room=room,
                draft_starts_at=starts_at, draft_ends_at=starts_at + timedelta(minutes=118),
            )  # fmt: skip
            Participation.objects.bulk_create(Participation(session=session, speaker=one) for one in busy[3 * number : 3 * number + 3])
            if number % 2 and hosts:
                SessionHost.objects.create(session=session, application=rng.choice(hosts))
    Availability.objects.bulk_create(
        Availability(speaker=one, starts_at=_morning(fair, 0), ends_at=_morning(fair, 3)) for one in people[::10]
    )
    return conference


def _morning(fair: Fair, day: int) -> datetime:
    return datetime.combine(START + timedelta(days=day), clock_time(9), fair.zone)


def measure(figures: Figures) -> None:
    """All that the board and a release show of a draft: every pair that cannot be, and all that should be looked at."""
    conference = Conference.objects.select_related("fair", "site").get(pk=generate().pk)
    with CaptureQueriesContext(connection) as asked:
        found = warnings_of(conference)
    assert len(found) > SESSIONS, "the programme gives nothing to look at"
    assert Session.objects.placed().filter(conference=conference).count() == SESSIONS
    lasted = []
    for _run in range(_RUNS):
        began = time.perf_counter()
        texts = [str(warning) for warning in warnings_of(conference)]
        lasted.append(1000 * (time.perf_counter() - began))
    assert len(texts) == len(found)
    figures.add("clash_check_500_ms", statistics.median(lasted))
    figures.add("clash_check_500_queries", len(asked))
