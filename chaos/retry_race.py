"""A client that repeats itself: fifty posts with one Idempotency-Key, and a request that is killed in the middle."""

import os
import signal
import threading
import time

import psutil
from django.db import connection, transaction

from benchmarks.processes import Server
from chaos.figures import Figures
from chaos.volley import Call, ask, fire
from chaos.world import World
from exhibitors.models import Company, Region

POSTS = 50
PATH = "/api/v1/companies/"


def _body(name: str) -> dict:
    return {"legal_name": name, "country": "RU", "region": "RU-PRI", "tax_ids": {}}


def measure(server: Server, world: World, figures: Figures) -> None:
    headers = {"X-Session-Token": world.exhibitor, "Idempotency-Key": "fifty-times"}
    answers = fire(server.port, [Call("POST", PATH, _body("ООО «Повтор»"), headers)] * POSTS)
    figures.add("idempotency_race_rows", Company.objects.filter(legal_name="ООО «Повтор»").count())
    figures.add("idempotency_race_answers", len({(answer.status, answer.body) for answer in answers}))
    other = fire(server.port, [Call("POST", PATH, _body("ООО «Другой»"), headers)])[0]
    figures.add("idempotency_other_body_status", other.status)
    fire(server.port, [Call("POST", PATH, _body("ООО «Чужой»"), {**headers, "X-Session-Token": world.stranger})])
    figures.add(
        "idempotency_other_person_rows",
        Company.objects.filter(legal_name="ООО «Чужой»", members__user__email__startswith="stranger").count(),
    )


def measure_killed(server: Server, world: World, figures: Figures) -> None:
    """Seconds from the kill of the worker until the same request, sent again and again, is done."""
    headers = {"X-Session-Token": world.exhibitor, "Idempotency-Key": "killed"}
    call = Call("POST", PATH, _body("ООО «Убитый»"), headers)
    with transaction.atomic():
        Region.objects.select_for_update().get()  # the new company's foreign key waits for it
        sent = threading.Thread(target=fire, args=(server.port, [call]))
        sent.start()
        _wait_for_the_lock()
        for worker in psutil.Process(server.process.pid).children():
            os.kill(worker.pid, signal.SIGKILL)
        sent.join()
    began = time.monotonic()
    while fire(server.port, [call])[0].status != 201:
        time.sleep(1)
    figures.add("idempotency_killed_request_seconds", time.monotonic() - began)
    assert Company.objects.filter(legal_name="ООО «Убитый»").count() == 1
    assert ask(server.port, "GET", "/api/v1/").status == 200


def _wait_for_the_lock() -> None:
    for _attempt in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise SystemExit("The request that was to be killed did not get as far as the lock.")
