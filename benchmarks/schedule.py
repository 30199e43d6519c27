"""What the programme's exports cost: 100 sessions of 90 minutes in five rooms, with three people each, beside the trivial view."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from benchmarks import queries
from benchmarks.figures import Figures
from benchmarks.generate import SLUG, START, WORDS
from benchmarks.processes import Server
from benchmarks.reads import TRIVIAL, Target, measure_over_trivial
from conferences.models import Conference, Participation, Room, Session, Speaker, Track
from fairs.models import Fair

CONFERENCE = "bench-conference"
FOLDER = f"/api/v1/conferences/{CONFERENCE}/"
SESSIONS = 100
_SEED = 20240128


def generate() -> None:
    """Write the conference beside the fair of ``benchmarks.generate``."""
    rng = random.Random(_SEED)
    fair = Fair.objects.get(slug=SLUG)
    conference = Conference.objects.create(
        fair=fair, site=fair.sites.first(), slug=CONFERENCE, starts_on=START, ends_on=START + timedelta(days=3), **_texts(rng, "name", 4)
    )
    rooms = [Room.objects.create(conference=conference, code=f"r{n}", capacity=100, **_texts(rng, "name", 2)) for n in range(5)]
    tracks = [Track.objects.create(conference=conference, code=f"t{n}", **_texts(rng, "name", 2)) for n in range(5)]
    people = [
        Speaker.objects.create(
            conference=conference, code=f"s{n}", **_texts(rng, "name", 2), **_texts(rng, "title", 3), **_texts(rng, "organisation", 3)
        )
        for n in range(80)
    ]
    for number in range(SESSIONS):
        day, slot = divmod(number // len(rooms), 5)
        starts_at = datetime.combine(START + timedelta(days=day), time(8), fair.zone) + timedelta(hours=2 * slot)
        session = Session.objects.create(
            conference=conference, code=f"c{number}", kind="panel", room=rooms[number % len(rooms)], track=rng.choice(tracks),
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90), language="ru", interpretation=["zh-hans"],
            **_texts(rng, "title", 6), **_texts(rng, "abstract", 60),
        )  # fmt: skip
        Participation.objects.bulk_create(Participation(session=session, speaker=speaker) for speaker in rng.sample(people, 3))


def _texts(rng: random.Random, field: str, words: int) -> dict[str, str]:
    return {f"{field}_{language}": " ".join(rng.choices(known.split(), k=words)) for language, known in WORDS.items()}


def targets(server: Server) -> Iterator[Target]:
    yield Target(TRIVIAL, server, itertools.cycle(["/api/v1/"]), requests=600)
    for form in ("json", "xml"):
        yield Target(f"schedule_{form}", server, itertools.cycle([f"{FOLDER}schedule.{form}"]))
    _status, _body, headers = server.get(f"{FOLDER}schedule.json")
    known = {"If-None-Match": headers["ETag"]}
    yield Target("schedule_not_modified", server, itertools.cycle([f"{FOLDER}schedule.json"]), known, 300, 304)


def measure(server: Server, figures: Figures) -> None:
    measure_over_trivial(list(targets(server)), figures)


def measure_queries(figures: Figures) -> None:
    for form in ("json", "xml"):
        figures.add(f"schedule_{form}_queries", queries.count(f"{FOLDER}schedule.{form}", {"host": "127.0.0.1"}))
