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
from chaos.world import World
from exhibitors.enums import ApplicationStatus
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import write_letter

DRAFTS = 60
LETTERS = 200
SECONDS_A_MINUTE = 2.0
MINUTES = 10
AWAY = timedelta(hours=2)


def measure(world: World, redis, figures: Figures, folder: Path) -> None:
    _down(redis, figures, folder)
    _two(world, redis, figures, folder)


def _two(world: World, redis, figures: Figures, folder: Path) -> None:
    """Ten of the schedulers' minutes, in which the business clock goes on by two and by four days: drafts are reminded of once."""
    post.clear(redis)
    drafts = world.applications(DRAFTS, ApplicationStatus.DRAFT)
    later = [_letter_for_later(number, seconds=number % (MINUTES * SECONDS_A_MINUTE)) for number in range(LETTERS)]
    write_letter(key="killer", to=f"{KILLER}@chaos.example", occasion="accounts.already_registered", language="en")
    connection.close()
    with running_sink(folder) as sink:
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}", "CHAOS_SECONDS_A_MINUTE": str(SECONDS_A_MINUTE)}
        with running_worker(environment), running_beats(environment, folder, count=2):
            try:
                for days in (2, 4):
                    clock.set_now(timezone.now() + timedelta(days=days))
                    time.sleep(MINUTES * SECONDS_A_MINUTE / 2)
                post.wait(_nothing_but_the_killer, seconds=120, what="All letters have left")
                post.wait(lambda: Letter.objects.filter(key="killer", status=LetterStatus.FAILED).exists(), seconds=400, what="Parked")
            finally:
                clock.set_now(timezone.now())
        ids = {letter.recipient_email: letter.message_id for letter in later}
        reminded = set(
            Letter.objects.filter(about__in=[f"application:{draft.pk}" for draft in drafts]).values_list("message_id", flat=True)
        )
        figures.add("two_beats_doubled", _doubled(sink))
        figures.add("two_beats_lost", post.lost(ids, sink) + max(0, DRAFTS - len(reminded)))
        figures.add("killer_attempts", Letter.objects.get(key="killer").attempts)
        figures.add("killer_others_lost", post.lost(ids, sink))


def _letter_for_later(number: int, *, seconds: float) -> Letter:
    return write_letter(
        key=f"later:{number}",
        to=f"later{number}@chaos.example",
        occasion="accounts.already_registered",
        language="en",
        due_at=timezone.now() + timedelta(seconds=5 + seconds),
    )


def _nothing_but_the_killer() -> bool:
    return not Letter.objects.unsent().exclude(key="killer").exists()


def _doubled(sink: Sink) -> int:
    """Letters that came twice, or two letters that say the same to the same reader."""
    mails = [(mail.to, mail.subject) for mail in sink.mails()]
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
