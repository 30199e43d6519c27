"""300 people register at once for 100 places: 100 have one, 200 wait in the order in which they were written."""

from django.db import connection

from benchmarks.processes import Server
from chaos.figures import Figures
from chaos.volley import Call, fire
from chaos.world import CONFERENCE, World
from conferences.enums import DelegateStatus
from conferences.models import Delegate

RACERS = 300


def measure(server: Server, world: World, figures: Figures) -> None:
    path = f"/api/v1/conferences/{CONFERENCE}/delegates/"
    calls = [Call("POST", path, {"name": f"Delegate {n}", "email": f"delegate{n}@chaos.example"}) for n in range(RACERS)]
    answers = fire(server.port, calls)
    figures.add("capacity_race_5xx", sum(answer.status >= 500 or answer.status == 0 for answer in answers))
    statuses = _in_order_of_commit()
    told = [answer.json()["status"] for answer in answers if answer.status == 201]
    assert sorted(told) == sorted(statuses), "what was answered is not what is written"
    reserved = [status for status in statuses if status == DelegateStatus.RESERVED]
    figures.add("capacity_race_reserved", len(reserved))
    figures.add("capacity_race_waiting", len(statuses) - len(reserved))
    ahead = [number for number, status in enumerate(statuses) if (status == DelegateStatus.RESERVED) != (number < len(reserved))]
    ids = list(Delegate.objects.order_by("pk").values_list("pk", flat=True))
    figures.add("capacity_race_out_of_order", len(ahead) + sum(one != other for one, other in zip(ids, _ids_in_order(), strict=True)))


def _in_order_of_commit() -> list[str]:
    by_id = dict(Delegate.objects.values_list("pk", "status"))
    return [by_id[pk] for pk in _ids_in_order()]


def _ids_in_order() -> list[int]:
    """As PostgreSQL committed them (track_commit_timestamp)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM conferences_delegate ORDER BY pg_xact_commit_timestamp(xmin), id")
        return [row[0] for row in cursor.fetchall()]
