from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications import sweep, tasks
from notifications.enums import LetterStatus
from notifications.models import LEASE, Letter


def test_what_the_broker_lost_is_sent_by_the_sweep(write):
    letter = write()
    Letter.objects.update(next_attempt_at=timezone.now())
    tasks.sweep_letters()
    letter.refresh_from_db()
    assert (letter.status, len(mail.outbox)) == (LetterStatus.SENT, 1)


def test_a_fresh_letter_is_left_to_its_own_hint(write):
    write()
    assert sweep.take_due(now=timezone.now()) == []


def test_two_schedulers_hand_a_letter_out_once(write):
    letter = write()
    now = letter.next_attempt_at
    assert sweep.take_due(now=now) == [[letter.pk]]
    assert sweep.take_due(now=now) == []
    assert sweep.take_due(now=now + sweep.HINT_LASTS) == [[letter.pk]]


def test_a_waiting_letter_can_be_claimed_once_handed_out(write):
    letter = write()
    now = timezone.now()
    Letter.objects.update(status=LetterStatus.WAITING, next_attempt_at=now)
    assert sweep.take_due(now=now) == [[letter.pk]]
    assert Letter.objects.claim([letter.pk], now=now) == [letter]


def test_batches_are_bounded(write, monkeypatch):
    monkeypatch.setattr(sweep, "LETTERS_A_BATCH", 2)
    monkeypatch.setattr(sweep, "MOST_LETTERS_A_RUN", 3)
    pks = [write(key=f"code:{number}").pk for number in range(4)]
    assert sweep.take_due(now=timezone.now() + timedelta(minutes=1)) == [pks[:2], pks[2:3]]


def test_who_waits_for_a_code_comes_before_a_mailing(write):
    mailing = [write(key=f"mailing:{number}").pk for number in range(2)]
    code = write(secret=True)
    Letter.objects.filter(pk=code.pk).update(next_attempt_at=code.next_attempt_at + timedelta(seconds=5))
    assert sweep.take_due(now=timezone.now() + timedelta(minutes=1)) == [[code.pk, *mailing]]


def test_a_living_workers_letter_is_left_alone(write):
    letter = write()
    now = timezone.now()
    Letter.objects.claim([letter.pk], now=now)
    assert sweep.release_abandoned(now=now + LEASE - timedelta(seconds=1)) == 0


def test_a_letter_that_kills_its_worker_is_parked_after_five_attempts(write):
    letter, other = write(secret=True), write(key="code:2")
    now = timezone.now()
    for attempt in range(1, 6):
        assert Letter.objects.claim([letter.pk], now=now) == [letter]
        now += LEASE + timedelta(seconds=1)
        assert sweep.release_abandoned(now=now) == (1 if attempt < 5 else 0)
    letter.refresh_from_db()
    other.refresh_from_db()
    assert (letter.status, letter.attempts, letter.lost_attempts, letter.sealed) == (LetterStatus.FAILED, 5, 5, "")
    assert other.status == LetterStatus.QUEUED


def test_a_secret_that_found_no_way_out_for_a_day_is_erased(write):
    secret, plain = write(secret=True), write(key="code:2")
    assert sweep.drop_stale_secrets(now=timezone.now() + timedelta(hours=23)) == 0
    assert sweep.drop_stale_secrets(now=timezone.now() + timedelta(hours=25)) == 1
    secret.refresh_from_db()
    plain.refresh_from_db()
    assert (secret.status, secret.sealed, plain.status) == (LetterStatus.FAILED, "", LetterStatus.QUEUED)


@pytest.mark.parametrize("secret", [False, True])
def test_a_letter_whose_moment_has_passed_expires(write, secret, mailoutbox):
    letter = write(secret=secret, expires_at=timezone.now() + timedelta(minutes=15))
    later = letter.expires_at
    assert sweep.expire(now=later - timedelta(seconds=1)) == 0
    assert Letter.objects.claim([letter.pk], now=later) == []
    assert sweep.take_due(now=later) == []
    assert sweep.expire(now=later) == 1
    letter.refresh_from_db()
    assert (letter.status, letter.sealed) == (LetterStatus.EXPIRED, "")
    assert sweep.oldest_due_letter_age(later + timedelta(hours=1)) is None
    assert mailoutbox == []


def test_the_scheduler_was_down_for_two_hours(write, mailoutbox):
    """Late letters leave once, outdated ones expire."""
    late, outdated = write(), write(key="code:2", expires_at=timezone.now() - timedelta(minutes=1))
    Letter.objects.update(due_at=timezone.now() - timedelta(hours=2), next_attempt_at=timezone.now() - timedelta(hours=2))
    for _beat in range(2):
        tasks.sweep_letters()
    late.refresh_from_db()
    outdated.refresh_from_db()
    assert (late.status, outdated.status, len(mailoutbox)) == (LetterStatus.SENT, LetterStatus.EXPIRED, 1)


def test_a_held_letter_stays(write, mailoutbox):
    letter = write(held=True)
    Letter.objects.update(next_attempt_at=timezone.now())
    tasks.sweep_letters()
    assert Letter.objects.claim([letter.pk], now=timezone.now()) == []
    assert mailoutbox == []


@pytest.mark.parametrize("status", LetterStatus.ended)
def test_ended_letters_do_not_count_as_late(write, status):
    letter = write()
    later = letter.due_at + timedelta(minutes=7)
    assert sweep.oldest_due_letter_age(later) == timedelta(minutes=7)
    Letter.objects.update(status=status, sent_at=timezone.now() if status == "sent" else None)
    assert sweep.oldest_due_letter_age(later) is None
