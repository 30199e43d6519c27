"""Many workers, many writers, one letter. On PostgreSQL only: SQLite lets one writer in at a time."""

import pytest
from django.core import mail
from django.core.cache import cache

from notifications import delivery, sweep
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import NewLetter, write_letter
from tests.racing import by_many

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]
WORKERS = 8


def write(key, monkeypatch):
    monkeypatch.setattr("notifications.outbox.deliver_letter.delay", lambda **_given: None)
    return write_letter(NewLetter(key=key, to="anna@example.org", occasion="accounts.already_registered", language="en"))


def test_eight_workers_send_each_letter_once(monkeypatch):
    cache.clear()
    letters = [write(f"k:{number}", monkeypatch).pk for number in range(20)]
    by_many(lambda _number: delivery.deliver(letters), times=WORKERS)
    assert len(mail.outbox) == 20
    assert set(Letter.objects.values_list("status", "attempts")) == {(LetterStatus.SENT, 1)}


def test_eight_writers_of_one_key_make_one_letter(monkeypatch):
    written = by_many(lambda _number: write("k", monkeypatch).pk, times=WORKERS)
    assert len(set(written)) == Letter.objects.count() == 1


def test_eight_sweeps_hand_each_letter_out_once(monkeypatch):
    letters = [write(f"k:{number}", monkeypatch) for number in range(100)]
    now = letters[-1].next_attempt_at
    handed = [pk for batches in by_many(lambda _number: sweep.take_due(now=now), times=WORKERS) for batch in batches for pk in batch]
    assert sorted(handed) == [letter.pk for letter in letters]
