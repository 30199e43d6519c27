"""How fast letters leave: rows, claimed, sent and recorded by two worker processes, against bare smtplib with the same texts.

Both talk to one mail server in a process of its own, in turns; the median of the rounds counts. A row that says sent is on the disk before
the next letter leaves, which the mail server of the measurement does for none: ``…_without_disk`` is the same where PostgreSQL does not
wait for the disk either.
"""

import smtplib
import tempfile
import time
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from unittest.mock import patch

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from benchmarks.figures import Figures
from benchmarks.redis import running_redis
from benchmarks.sink import Sink, running_sink
from benchmarks.workers import running_worker
from config.celery import app
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import NewLetter, write_letters
from notifications.sweep import LETTERS_A_BATCH
from notifications.tasks import deliver_letters

ROUNDS = 5
LETTERS = 400  # a round
LONGEST_SECONDS = 60


def measure(figures: Figures, environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="yarmarka-bench-") as name, running_sink(Path(name)) as sink, running_redis() as redis:
        with running_worker({**environment, "REDIS_URL": redis.url, "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}):
            _deliver(_write("warm", 100), redis.url)
            _compare("", figures, sink, redis.url)
            _wait_for_disk(False)
            _compare("_without_disk", figures, sink, redis.url)
            _wait_for_disk(True)
        assert sink.count() == 100 + 2 * 2 * ROUNDS * LETTERS, "each letter came once from either"


def _compare(suffix: str, figures: Figures, sink: Sink, broker: str) -> None:
    ours, bare = [], []
    for number in range(ROUNDS):
        letters = _write(f"round{number}{suffix}", LETTERS)
        bare.append(_send_bare(letters, sink))
        ours.append(_deliver(letters, broker))
    figures.add(f"letters_smtp_ratio{suffix}", median(one / other for one, other in zip(ours, bare, strict=True)))
    figures.add(f"letters_per_second{suffix}", median(ours))
    figures.add(f"letters_bare_per_second{suffix}", median(bare))


def _wait_for_disk(is_on: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM SET fsync = {'on' if is_on else 'off'}")
        cursor.execute("SELECT pg_reload_conf()")


def _write(name: str, count: int) -> list[Letter]:
    """Queued rows that no worker has heard of yet."""
    with patch("notifications.outbox._hint"):
        write_letters(
            [
                NewLetter(
                    key=f"{name}:{number}",
                    to=f"{name}-{number}@bench.example",
                    name="Анна 王",
                    occasion="accounts.already_registered",
                    language=("ru", "zh-hans", "en")[number % 3],
                )
                for number in range(count)
            ],
            are_new=True,
        )
    return list(Letter.objects.filter(key__startswith=f"{name}:").order_by("pk"))


def _deliver(letters: list[Letter], broker: str) -> float:
    """Letters a second, from the moment at which workers are told to the last row that says sent."""
    pks = [letter.pk for letter in letters]
    began = timezone.now()
    with app.connection(broker) as channel:
        for start in range(0, len(pks), LETTERS_A_BATCH):
            deliver_letters.apply_async(kwargs={"letter_ids": pks[start : start + LETTERS_A_BATCH]}, connection=channel)
    sent = Letter.objects.filter(pk__in=pks, status=LetterStatus.SENT)
    end = time.monotonic() + LONGEST_SECONDS
    while sent.count() < len(pks):
        if time.monotonic() > end:
            raise SystemExit("The workers under measurement did not send all letters.")
        time.sleep(0.1)
    last = sent.aggregate(last=Max("sent_at"))["last"]
    connection.close()
    return len(pks) / (last - began).total_seconds()


def _send_bare(letters: list[Letter], sink: Sink) -> float:
    """Letters a second, built and sent on one connection by nothing but the standard library."""
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", sink.port) as session:
        for letter in letters:
            session.send_message(_built(letter))
    return len(letters) / (time.monotonic() - began)


def _built(letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = letter.subject, "Bench <fair@bench.example>", letter.recipient_email
    message["Message-ID"] = letter.message_id.replace("<", "<bare.")
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
