"""The floor plan of a hall of 500 stands: what a reader costs who has it already, and how many queries drawing it takes."""

import itertools
from statistics import median
from typing import Any

from benchmarks import queries, reads
from benchmarks.figures import Figures
from benchmarks.generate import SLUG
from benchmarks.processes import Server

HALL = "plan"
STANDS, TAKEN = 500, 450
_PATH = f"/api/v1/fairs/{SLUG}/halls/{HALL}/floor-plan.svg"


def build() -> None:
    """A site of its own with the hall: rows of stands back to back, nine of ten taken by exhibitors of the fair."""
    from exhibitors.enums import PlacementStatus
    from exhibitors.models import Application, Placement
    from fairs.models import Fair, Hall, Site, Stand

    fair = Fair.objects.get(slug=SLUG)
    site = Site.objects.create(
        fair=fair, slug="site-plan", name_en="Plan", city_en="City", province="CN-LN", country="CN",
        kind=fair.sites.first().kind, starts_on=fair.starts_on, ends_on=fair.ends_on,
    )  # fmt: skip
    hall = Hall.objects.create(site=site, slug=HALL, name_en="Plan", outline=[[0, 0], [160, 0], [160, 100], [0, 100]])
    stands = Stand.objects.bulk_create(_stand(Stand, hall, number) for number in range(STANDS))
    applications = Application.objects.filter(fair=fair).order_by("pk")[:TAKEN]
    Placement.objects.bulk_create(
        Placement(
            application=application,
            site=site,
            stand=stand,
            first_day=site.starts_on,
            last_day=site.ends_on,
            status=PlacementStatus.ACCEPTED,
        )
        for application, stand in zip(applications, stands, strict=False)
    )


def _stand(model: Any, hall: Any, number: int) -> Any:
    row, place = divmod(number, 50)
    left, bottom = 5 + 3 * place, 4 + 3 * row + 6 * (row // 2)
    outline = [[left, bottom], [left + 3, bottom], [left + 3, bottom + 3], [left, bottom + 3]]
    return model(hall=hall, number=f"{row + 1:02}-{place + 1:02}", outline=outline, area_m2=9, open_sides=1)


def measure_queries(figures: Figures) -> None:
    figures.add("floor_plan_queries", queries.count(_PATH, {"host": "127.0.0.1"}))


def measure(server: Server, figures: Figures) -> None:
    """Rounds interleaved with the trivial view's; the median of the rounds counts."""
    status, body, headers = server.get(_PATH)
    assert status == 200, body
    targets = [
        reads.Target(reads.TRIVIAL, server, itertools.cycle(["/api/v1/"]), requests=600),
        reads.Target("known", server, itertools.cycle([_PATH]), {"If-None-Match": headers["ETag"]}, 300, 304),
        reads.Target("drawn", server, itertools.cycle([_PATH]), requests=10),
    ]
    cpu: dict[str, list[float]] = {target.name: [] for target in targets}
    for target in targets:
        reads.ask(target, 10)
    for _round in range(reads.ROUNDS):
        for target in targets:
            used, _lasted = reads.timed(server, lambda target=target: reads.ask(target, target.requests))
            cpu[target.name].append(used / target.requests)
    for name, figure in (("known", "floor_plan_not_modified_cost"), ("drawn", "floor_plan_cost")):
        figures.add(figure, median(one / trivial for one, trivial in zip(cpu[name], cpu[reads.TRIVIAL], strict=True)))
