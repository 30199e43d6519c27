"""Thousands of letters, and the workers' process group is killed again and again at moments drawn at random."""

import random
import time
from collections.abc import Mapping
from pathlib import Path

from django.db import connection

from benchmarks.sink import Sink, running_sink
from benchmarks.workers import Group, running_beats, start_worker
from chaos import post
from chaos.figures import Figures

LETTERS, KILLS = 5000, 30
SHORT_LETTERS, SHORT_KILLS = 250, 2
UNGUARDED_LETTERS, UNGUARDED_KILLS = 600, 5
SEED = 20240127
LONGEST_SECONDS = 0.6  # between the first letter of a worker and its end


def measure(redis, figures: Figures, folder: Path, *, is_short: bool) -> None:
    letters, kills = (SHORT_LETTERS, SHORT_KILLS) if is_short else (LETTERS, KILLS)
    environment = {"CHAOS_SECONDS_A_MINUTE": "5"} if is_short else {}
    with running_sink(folder) as sink:
        seconds, idle, ids = _run("killed", redis, sink, folder, letters=letters, kills=kills, environment=environment)
        copies, off_wire, renamed = post.doubled(ids, sink)
        figures.add("letters_kills_idle", idle)
        figures.add("letters_lost", post.lost(ids, sink))
        figures.add("letters_doubled_off_wire", off_wire)
        figures.add("letters_doubled", copies)
        figures.add("letters_doubled_new_id", renamed)
        figures.add("recovery_seconds", seconds)


def measure_unguarded(redis, figures: Figures, folder: Path) -> None:
    """The same with workers that write down too early, and too late (tests/chaos/unguarded_worker.py): shows that the kills hit."""
    minute = {"CHAOS_SECONDS_A_MINUTE": "5"}
    counted = {"letters": UNGUARDED_LETTERS, "kills": UNGUARDED_KILLS, "application": "tests.chaos.unguarded_worker"}
    with running_sink(folder) as sink:
        _seconds, _idle, ids = _run("early", redis, sink, folder, environment={**minute, "UNGUARDED": "early"}, **counted)
        figures.add("letters_lost_unguarded", post.lost(ids, sink))
    with running_sink(folder) as sink:
        _seconds, _idle, ids = _run("late", redis, sink, folder, environment={**minute, "UNGUARDED": "late"}, **counted)
        figures.add("letters_doubled_off_wire_unguarded", post.doubled(ids, sink)[1])


def _run(
    name: str,
    redis,
    sink: Sink,
    folder: Path,
    *,
    letters: int,
    kills: int,
    environment: Mapping[str, str],
    application: str = "config",
) -> tuple[float, int, dict[str, str]]:
    """Seconds from the last kill until everything has left, how many kills came when it had already, and the letters."""
    post.clear(redis)
    ids = post.write(name, letters)
    connection.close()
    environment = {**environment, "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
    drawn, idle = random.Random(SEED), 0
    with running_beats(environment, folder):
        worker = start_worker(environment, application=application)
        try:
            for _kill in range(kills):
                _wait_for_letters(worker, sink, drawn, most=letters // kills)
                worker.kill()
                idle += post.none_unsent()
                worker = start_worker(environment, application=application)
            seconds = post.wait(post.none_unsent, seconds=300, what="All letters have left")
        finally:
            worker.kill()
    time.sleep(0.5)  # what the mail server hears last is written down as well
    return seconds, idle, ids


def _wait_for_letters(worker: Group, sink: Sink, drawn: random.Random, *, most: int) -> None:
    """Until letters come, and then for a moment or for so many letters, whichever ends first: a quick machine has letters left too."""
    before = sink.count()
    post.wait(lambda: sink.count() > before or not worker.is_running() or post.none_unsent(), seconds=120, what="A letter comes")
    enough, ends = before + drawn.randint(1, most), time.monotonic() + drawn.uniform(0, LONGEST_SECONDS)
    while time.monotonic() < ends and sink.count() < enough:
        time.sleep(0.005)
