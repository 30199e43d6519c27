"""Letters are claimed some at a time; what is lost, given back or left to others then is as if each had been alone."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import delivery, lease, records, sweep
from notifications.enums import LetterStatus
from notifications.models import LEASE, Letter
from tests.notifications.smtp_sink import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(write):
    return [write(key=f"code:{number}", to=f"reader{number}@example.org") for number in range(4)]


def pks(letters):
    return [letter.pk for letter in letters]


def die_at(number, monkeypatch):
    """The worker is killed while the letter with that number is on the wire."""
    original, seen = delivery._send_claimed, []

    def send(letter, *given):
        seen.append(letter.pk)
        if len(seen) == number + 1:
            raise SystemExit
        return original(letter, *given)

    monkeypatch.setattr(delivery, "_send_claimed", send)


def test_a_killed_worker_leaves_one_letter_in_doubt(sink, letters, monkeypatch):
    die_at(1, monkeypatch)
    with pytest.raises(SystemExit):
        delivery.deliver(pks(letters))
    monkeypatch.undo()
    assert [read(letter).status for letter in letters] == [LetterStatus.SENT, *[LetterStatus.SENDING] * 3]
    assert sweep.release_abandoned(now=timezone.now() + LEASE + timedelta(seconds=1)) == 3
    delivery.deliver(pks(letters))
    assert len(sink.taken) == 4
    assert {read(letter).status for letter in letters} == {LetterStatus.SENT}


def test_what_was_lost_once_is_claimed_alone(letters, monkeypatch):
    claimed = []
    original = type(Letter.objects.all()).claim
    monkeypatch.setattr(
        type(Letter.objects.all()), "claim", lambda self, pks, *, now: claimed.append(list(pks)) or original(self, pks, now=now)
    )
    Letter.objects.filter(pk=letters[1].pk).update(lost_attempts=1)
    delivery.deliver(pks(letters))
    assert claimed == [[letters[0].pk, letters[2].pk, letters[3].pk], [letters[1].pk]]


def test_what_is_not_come_to_is_given_back_as_it_was(sink, letters):
    sink.answer_to_mail = "535 changed"
    delivery.deliver(pks(letters))
    assert [(read(letter).status, read(letter).attempts) for letter in letters] == [
        (LetterStatus.WAITING, 0),
        *[(LetterStatus.QUEUED, 0)] * 3,
    ]


def test_a_frozen_worker_leaves_its_letters_to_others(sink, letters, monkeypatch):
    original = delivery._send_claimed

    def send_and_freeze(letter, *given):
        verdict = original(letter, *given)
        monkeypatch.setattr(lease, "MARGIN_SECONDS", 1000.0)  # more than a lease has
        return verdict

    monkeypatch.setattr(delivery, "_send_claimed", send_and_freeze)
    delivery.deliver(pks(letters))
    assert len(sink.taken) == 1
    assert [read(letter).status for letter in letters[1:]] == [LetterStatus.SENDING] * 3  # the sweep's, and nobody else's


def test_the_lease_is_renewed_for_all_that_are_left(letters, monkeypatch):
    claimed = Letter.objects.claim(pks(letters), now=timezone.now())
    held = lease.Lease(claimed, None, since=time.monotonic())
    held.end_conversation(claimed[0])
    Letter.objects.update(claimed_until=timezone.now())
    held._renew()
    ends = [read(letter).claimed_until for letter in letters]
    assert ends[0] < timezone.now()
    assert all(end > timezone.now() + LEASE - timedelta(seconds=5) for end in ends[1:])


def test_a_lease_that_others_have_is_not_renewed(letters):
    claimed = Letter.objects.claim(pks(letters), now=timezone.now())
    held = lease.Lease(claimed, None, since=time.monotonic() - LEASE.total_seconds())
    sweep.release_abandoned(now=timezone.now() + LEASE + timedelta(seconds=1))
    Letter.objects.claim(pks(letters), now=timezone.now())
    held._renew()
    assert not held.holds()


def test_others_to_an_address_that_does_not_exist_are_not_sent(sink, write):
    first, second, other = write(), write(key="code:2", to="ANNA@example.org"), write(key="code:3", to="boris@example.org")
    asked = []

    async def refuse_anna(server, session, envelope, address, options):
        asked.append(address)
        if address.lower().startswith("anna"):
            return "550 5.1.1 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    sink.handle_RCPT = refuse_anna
    delivery.deliver(pks([first, second, other]))
    assert asked == ["anna@example.org", "boris@example.org"]
    assert [read(letter).status for letter in (first, second, other)] == [LetterStatus.FAILED, LetterStatus.FAILED, LetterStatus.SENT]


def test_giving_back_touches_no_letter_that_somebody_else_has(letters):
    claimed = Letter.objects.claim(pks(letters), now=timezone.now())
    sweep.release_abandoned(now=timezone.now() + LEASE + timedelta(seconds=1))
    (theirs,) = Letter.objects.claim([letters[0].pk], now=timezone.now())
    records.release(claimed, until=timezone.now())
    assert (read(theirs).status, read(theirs).attempts) == (LetterStatus.SENDING, 2)
