"""Two schedulers that know nothing of each other, a letter that kills every worker, and a scheduler that was away for two hours."""

import time
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

import clock
from benchmarks.sink import KILLER, Sink, running_sink
from benchmarks.workers import running_beats, running_worker
from chaos import post
from chaos.figures import Figures
from chaos.reminded import Reminded
from chaos.world import World
from exhibitors.enums import ApplicationStatus
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import NewLetter, write_letter

DRAFTS = 60
LETTERS = 200
SECONDS_A_MINUTE = 2.0
MINUTES = 10
DAYS = (2, 4)  # by which the business clock goes on
AWAY = timedelta(hours=2)


def measure(world: World, redis, figures: Figures, folder: Path) -> None:
    _down(redis, figures, folder)
    _two(world, redis, figures, folder)


def _two(world: World, redis, figures: Figures, folder: Path) -> None:
    """Ten of the schedulers' minutes, in which the business clock goes on by two and by four days.

    Drafts are reminded of once, and deadlines once a day by the steps of their ladder, although every scheduler looks at every minute.
    """
    post.clear(redis)
    exhibitors = Reminded(world, start=timezone.now(), days=DAYS, control_day=DAYS[-1] + 2)
    drafts = world.applications(DRAFTS, ApplicationStatus.DRAFT)
    later = [_letter_for_later(number, seconds=number % (MINUTES * SECONDS_A_MINUTE)) for number in range(LETTERS)]
    write_letter(NewLetter(key="killer", to=f"{KILLER}@chaos.example", occasion="accounts.already_registered", language="en"))
    connection.close()
    with running_sink(folder) as sink:
        environment = {
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "CHAOS_SECONDS_A_MINUTE": str(SECONDS_A_MINUTE),
            "CHAOS_FORGETS_LOOKS": "1",
        }
        with running_worker(environment), running_beats(environment, folder, count=2):
            try:
                for days in DAYS:
                    clock.set_now(exhibitors.day(days))
                    time.sleep(MINUTES * SECONDS_A_MINUTE / 2)
                post.wait(_nothing_but_the_killer, seconds=120, what="All letters have left")
                post.wait(lambda: Letter.objects.filter(key="killer", status=LetterStatus.FAILED).exists(), seconds=400, what="Parked")
            finally:
                clock.set_now(timezone.now())
        ids = {letter.recipient_email: letter.message_id for letter in later}
        reminded = set(
            Letter.objects.filter(about__in=[f"application:{draft.pk}" for draft in drafts]).values_list("message_id", flat=True)
        )
        doubled, missed = exhibitors.doubled_and_lost(sink)
        figures.add("two_beats_doubled", _doubled(sink, but=exhibitors.addresses) + doubled)
        figures.add("two_beats_lost", post.lost(ids, sink) + max(0, DRAFTS - len(reminded)) + missed)
        figures.add("two_beats_doubled_unguarded", exhibitors.doubled_unguarded())
        figures.add("killer_attempts", Letter.objects.get(key="killer").attempts)
        figures.add("killer_others_lost", post.lost(ids, sink))


def _letter_for_later(number: int, *, seconds: float) -> Letter:
    return write_letter(
        NewLetter(
            key=f"later:{number}",
            to=f"later{number}@chaos.example",
            occasion="accounts.already_registered",
            language="en",
        ),
        due_at=timezone.now() + timedelta(seconds=5 + seconds),
    )


def _nothing_but_the_killer() -> bool:
    return not Letter.objects.unsent().exclude(key="killer").exists()


def _doubled(sink: Sink, *, but: set[str]) -> int:
    """Letters that came twice, or two letters that say the same to the same reader; ``but``: who is counted otherwise."""
    mails = [(mail.to, mail.subject) for mail in sink.mails() if mail.to not in but]
    return len(mails) - len(set(mails))


def _down(redis, figures: Figures, folder: Path) -> None:
    """Nothing was handed out for two hours: what was due is late, and some of it is of no use any more."""
    post.clear(redis)
    late, outdated = post.write("slept", LETTERS), post.write("outdated", LETTERS)
    moment = timezone.now() - AWAY
    Letter.objects.filter(key__regex="^(slept|outdated):").update(due_at=moment, next_attempt_at=moment)
    Letter.objects.filter(key__startswith="outdated:").update(expires_at=timezone.now() - timedelta(minutes=1))
    redis.flush()
    connection.close()
    with running_sink(folder) as sink:
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", "CHAOS_SECONDS_A_MINUTE": str(SECONDS_A_MINUTE)}
        with running_worker(environment), running_beats(environment, folder):
            post.wait(post.none_unsent, seconds=120, what="Late letters have left")
            time.sleep(3 * SECONDS_A_MINUTE)
        figures.add("beat_down_late_lost", post.lost(late, sink))
        figures.add("beat_down_late_doubled", post.doubled(late, sink)[0])
        expired = Letter.objects.filter(key__startswith="outdated:", status=LetterStatus.EXPIRED).count()
        figures.add("beat_down_outdated_sent", sum(mail.to in outdated for mail in sink.mails()) + LETTERS - expired)
