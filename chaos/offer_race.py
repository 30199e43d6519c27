"""One open offer, and everything that may happen to it at once: accepted, declined, withdrawn with the application, taken back, lapsed."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise

from django.db import connection
from django.utils import timezone

from benchmarks.processes import Server
from chaos.figures import Figures
from chaos.volley import Answer, Call, fire
from chaos.world import World
from exhibitors.domain import lapses, placements
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, ApplicationStep, Exhibitor, Placement, PlacementDay

TIMES = 4  # of each kind in a round
LAPSED = "lapse"
ANSWERS = ("accept-offer", "decline-offer", "withdraw-offer", LAPSED)  # one offer gets one of them


def measure(server: Server, world: World, figures: Figures, *, rounds: int) -> None:
    broken: list[str] = []
    failed = 0
    first: Counter[str] = Counter()
    for number, application in enumerate(world.applications(rounds)):
        answers = _race(server, world, application, with_withdrawal=number % 2 == 0)  # which always comes last, and would hide the rest
        failed += sum(answer.status >= 500 or answer.status == 0 for answer in answers)
        broken += [f"{application.pk}: {text}" for text in complaints(application.pk, taken=sum(a.status == 200 for a in answers))]
        first[_first_step(application.pk)] += 1
    for text in broken[:10]:
        print(f"  {text}")
    print(f"  first came {', '.join(f'{step} {count} times' for step, count in first.most_common())}")
    figures.add("offer_race_invariants_broken", len(broken))
    figures.add("offer_race_5xx", failed)
    figures.add("offer_race_first_to_come", len(first))


def _race(server: Server, world: World, application: Application, *, with_withdrawal: bool) -> list[Answer]:
    offer = placements.offer_stand(application_id=application.pk, stand_id=world.stand().pk, by=None, now=timezone.now(), tell=False)
    exhibitor, organiser = {"X-Session-Token": world.exhibitor}, {"X-Session-Token": world.organiser}
    calls = [
        Call("POST", world.path(application, "accept-offer/"), {}, exhibitor),
        Call("POST", world.path(application, "decline-offer/"), {}, exhibitor),
        Call("POST", world.path(application, "withdraw-offer/"), {}, organiser),
        *([Call("POST", world.path(application, "withdraw/"), {}, exhibitor)] if with_withdrawal else []),
    ]
    drawn = random.Random(application.pk)
    drawn.shuffle(calls)  # who comes first wins often
    pause = drawn.choice((0.0, 0.05, 0.2, 0.5))
    clocks = [threading.Thread(target=_lapse, args=(offer.pk, pause)) for _worker in range(2)]
    for clock in clocks:
        clock.start()
    answers = fire(server.port, [call for _time in range(TIMES) for call in calls])
    for clock in clocks:
        clock.join()
    return answers


def _lapse(placement_id: int, pause: float) -> None:
    """What a worker does when the days to answer are over; ``pause`` in seconds, so that it does not always come first."""
    time.sleep(pause)
    try:
        lapses.lapse(placement_id=placement_id, now=timezone.now() + timedelta(days=15))
    finally:
        connection.close()


def _first_step(pk: int) -> str:
    """The step that came first after the offer."""
    steps = ApplicationStep.objects.filter(application=pk).exclude(step="offer-stand").order_by("pk")
    return steps.values_list("step", flat=True).first() or "nobody"


def complaints(pk: int, *, taken: int) -> list[str]:
    """What may never be, of one application, read from the tables."""
    application = Application.objects.get(pk=pk)
    live = list(Placement.objects.filter(application=pk, status__in=PlacementStatus.live))
    steps = list(ApplicationStep.objects.filter(application=pk).order_by("pk"))
    by_hand = [step for step in steps if step.step not in ("offer-stand", LAPSED)]
    statuses = {placement.status for placement in live}
    expected = "accepted" if PlacementStatus.ACCEPTED in statuses else "stand_offered" if statuses else "admitted"
    found = {
        "an application that has ended keeps a stand": application.status in ApplicationStatus.ended and bool(live),
        "the status is not that of its stands": application.status not in (*ApplicationStatus.ended, expected),
        "occupied days without a live placement": PlacementDay.objects.filter(placement__application=pk)
        .exclude(placement__in=live)
        .exists(),
        "a live placement without its days": any(placement.days.count() != 10 for placement in live),
        "the catalogue is wrong": Exhibitor.objects.filter(application=pk).exists() != (application.status == "accepted"),
        "the history has a gap": any(one.to_status != other.from_status for one, other in pairwise(steps)),
        "the last step led elsewhere": bool(steps) and steps[-1].to_status != application.status,
        "more or fewer answers than steps": len(by_hand) != taken,
        "one offer was answered twice": sum(step.step in ANSWERS for step in steps) > 1,
        "the exhibitor has been told something else": application.told_status != application.status,
    }
    return [text for text, is_so in found.items() if is_so]
