"""What reading costs: CPU time of web server and PostgreSQL per request, as a multiple of the trivial view's in the same round."""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

from benchmarks.figures import Figures
from benchmarks.generate import SLUG
from benchmarks.processes import Server

ROUNDS = 7
TRIVIAL = "trivial"
BARE = "bare"


@dataclass
class Target:
    """A kind of request: addresses in turn, and how many make a round."""

    name: str
    server: Server
    paths: Iterator[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    requests: int = 100
    status: int = 200


def targets(server: Server, bare: Server, *, token: str) -> list[Target]:
    exhibitors = f"/api/v1/fairs/{SLUG}/exhibitors/"
    status, body, headers = server.get(exhibitors)
    assert status == 200, body
    first = _first_id(body)
    pages = [f"{exhibitors}?page={page}" for page in range(1, 41)]
    signed_in = {"X-Session-Token": token}
    return [
        Target(BARE, bare, itertools.cycle(["/api/v1/"]), requests=600),
        Target(TRIVIAL, server, itertools.cycle(["/api/v1/"]), requests=600),
        Target("exhibitors_list_50", server, itertools.cycle(pages)),
        Target("exhibitors_list_50_not_modified", server, itertools.cycle([exhibitors]), {"If-None-Match": headers["ETag"]}, 300, 304),
        Target("exhibitor_detail", server, itertools.cycle(f"{exhibitors}{first + step}/" for step in range(0, 4000, 37))),
        Target(
            "applications_list_50",
            server,
            itertools.cycle(f"/api/v1/fairs/{SLUG}/applications/?page={page}" for page in range(1, 41)),
            signed_in,
        ),
    ]


def measure(found: list[Target], figures: Figures) -> None:
    """The trivial view over the bare one, and all others over the trivial view."""
    cpu = measure_over_trivial(found, figures)
    figures.add("trivial_view_cost", _ratio(cpu[TRIVIAL], cpu[BARE]))


def measure_over_trivial(found: list[Target], figures: Figures) -> dict[str, list[float]]:
    """Rounds interleaved; each round's cost is over that round's trivial view; the median of the rounds counts.

    Returns the seconds of each target, by round.
    """
    cpu: dict[str, list[float]] = {target.name: [] for target in found}
    rate: dict[str, list[float]] = {target.name: [] for target in found}
    for target in found:
        ask(target, 10)  # the first requests of a worker import and connect
    for _round in range(ROUNDS):
        for target in found:
            used, lasted = timed(target.server, lambda target=target: ask(target, target.requests))
            cpu[target.name].append(used / target.requests)
            rate[target.name].append(target.requests / lasted)
    for name in cpu:
        if name not in (TRIVIAL, BARE):
            figures.add(f"{name}_cost", _ratio(cpu[name], cpu[TRIVIAL]))
            figures.add(f"{name}_rate_over_trivial", _ratio(rate[name], rate[TRIVIAL]))
    return cpu


def _ratio(values: list[float], over: list[float]) -> float:
    return median(value / base for value, base in zip(values, over, strict=True))


def timed(server: Server, work: Callable[[], None]) -> tuple[float, float]:
    cpu, began = server.cpu_seconds(), time.monotonic()
    work()
    return server.cpu_seconds() - cpu, time.monotonic() - began


def ask(target: Target, times: int) -> None:
    for path in itertools.islice(target.paths, times):
        status, body, _headers = target.server.get(path, target.headers)
        assert status == target.status, f"{path}: {status} {body[:300]!r}"


def _first_id(body: bytes) -> int:
    return min(row["id"] for row in json.loads(body)["results"])
