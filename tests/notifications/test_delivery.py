"""Against a real SMTP conversation on loopback."""

import smtplib
import socket
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from django.utils import timezone

from notifications import delivery, lease, pauses, readiness, records, sweep
from notifications.enums import LetterStatus
from notifications.models import LEASE, Letter, SendingPause
from tests.notifications.smtp_sink import Sink, SinkController, read


@contextmanager
def auth_refusing_server(settings):
    """A server that knows our password no more; yields the list of who tried."""
    tries: list[str] = []

    class Refusing(SinkController):
        def factory(self) -> SMTP:
            def authenticate(server, session, envelope, mechanism, data):
                tries.append(mechanism)
                return AuthResult(success=False, handled=False)

            return SMTP(self.handler, hostname="sink.example", authenticator=authenticate, auth_require_tls=False)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Refusing(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "notifications.smtp_backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "robot@example.org", "changed"
    try:
        yield tries
    finally:
        controller.stop()


def test_accepted(sink, write):
    letter = write(name="王芳")
    delivery.deliver([letter.pk])
    sent = read(letter)
    assert (sent.status, sent.claimed_until, sent.last_error) == (LetterStatus.SENT, None, "")
    assert sent.sent_at is not None
    assert sink.recipients == [["anna@example.org"]]
    assert f"Message-ID: {letter.message_id}".encode() in sink.taken[0]


def test_a_batch_goes_through_one_connection(sink, write, monkeypatch):
    connections = []
    original = smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda self, *given, **named: connections.append(1) or original(self, *given, **named))
    delivery.deliver([write(key=f"code:{number}").pk for number in range(3)])
    assert (len(sink.taken), len(connections)) == (3, 1)


def test_a_second_delivery_sends_nothing(sink, write):
    letter = write()
    delivery.deliver([letter.pk, letter.pk])
    delivery.deliver([letter.pk])
    assert len(sink.taken) == 1


def test_only_one_of_two_workers_gets_the_letter(write):
    letter = write()
    now = timezone.now()
    assert Letter.objects.claim([letter.pk], now=now) == [letter]
    assert Letter.objects.claim([letter.pk], now=now) == []
    assert read(letter).claimed_until == now + LEASE


@pytest.mark.parametrize(
    "trouble",
    [{"answer_to_data": "450 try later"}, {"answer_to_data": "451 greylisted"}, {"answer_to_rcpt": "450 busy"}, {"hangs_up": True}],
)
def test_what_may_pass_waits_and_is_sent_under_the_same_message_id(sink, write, trouble):
    letter = write()
    for name, value in trouble.items():
        setattr(sink, name, value)
    before = timezone.now()
    delivery.deliver([letter.pk])
    waiting = read(letter)
    assert waiting.status == LetterStatus.WAITING
    assert waiting.last_error
    assert before + records.PAUSES[0] <= waiting.next_attempt_at <= timezone.now() + records.PAUSES[0]

    for name in trouble:
        setattr(sink, name, "")
    delivery.deliver([letter.pk])
    assert sink.taken == []  # not before its time
    Letter.objects.update(next_attempt_at=timezone.now())
    delivery.deliver([letter.pk])
    assert read(letter).status == LetterStatus.SENT
    assert f"Message-ID: {letter.message_id}".encode() in sink.taken[0]


@pytest.mark.parametrize("trouble", [{"answer_to_rcpt": "550 no such mailbox"}, {"answer_to_data": "554 refused"}])
def test_what_is_final_fails_at_once_and_stops_nobody_else(sink, write, trouble):
    letter, other = write(), write(key="code:2", to="boris@example.org")
    for name, value in trouble.items():
        setattr(sink, name, value)
    delivery.deliver([letter.pk])
    failed = read(letter)
    assert failed.status == LetterStatus.FAILED
    assert failed.last_error == next(iter(trouble.values()))
    for name in trouble:
        setattr(sink, name, "")
    delivery.deliver([letter.pk, other.pk])
    assert sink.recipients == [["boris@example.org"]]


def test_a_refused_sender_pauses_the_queue(sink, write, caplog):
    letter, other = write(), write(key="code:2")
    sink.answer_to_mail = "530 authentication required"
    delivery.deliver([letter.pk, other.pk])
    assert (read(letter).status, read(other).status, read(other).attempts) == (LetterStatus.WAITING, LetterStatus.QUEUED, 0)
    assert "queue pauses" in caplog.text
    assert "anna@example.org" not in caplog.text
    sink.answer_to_mail = ""
    delivery.deliver([other.pk])
    assert read(other).status == LetterStatus.QUEUED  # a minute has not passed
    SendingPause.objects.update(until=timezone.now())
    delivery.deliver([other.pk])
    assert read(other).status == LetterStatus.SENT
    assert pauses.current() is None


@pytest.mark.parametrize("letters", [1, 4])
def test_a_changed_password_is_tried_once_a_minute_and_alarms(settings, write, letters, caplog):
    with auth_refusing_server(settings) as tries:
        written = [write(key=f"code:{number}") for number in range(letters)]
        for _minute in range(3):
            delivery.deliver([letter.pk for letter in written])
            delivery.deliver([letter.pk for letter in written])
            SendingPause.objects.update(until=timezone.now())
            Letter.objects.update(next_attempt_at=timezone.now())
    assert tries.count("PLAIN") == 3
    pause = SendingPause.objects.get()  # one pause that goes on
    assert pause.is_refusal
    assert pause.reason.startswith("535 5.7.8")
    assert "refuses our letters" in readiness.letters()
    assert "robot" not in caplog.text


def test_trouble_of_the_queue_neither_ages_a_letter_nor_gives_it_up(sink, write):
    letter = write()
    Letter.objects.update(due_at=timezone.now() - timedelta(hours=30))
    sink.answer_to_mail = "550 5.7.1 sender rejected"
    delivery.deliver([letter.pk])
    waiting = read(letter)
    assert (waiting.status, waiting.attempts) == (LetterStatus.WAITING, 0)
    assert waiting.next_attempt_at <= timezone.now() + pauses.PAUSE


def test_a_letter_too_large_for_the_server_pauses_nobody(sink, write):
    letter, other = write(), write(key="code:2")
    sink.answer_to_mail = "552 5.3.4 message size exceeds fixed maximum"
    delivery.deliver([letter.pk])
    sink.answer_to_mail = ""
    delivery.deliver([other.pk])
    assert (read(letter).status, read(other).status) == (LetterStatus.FAILED, LetterStatus.SENT)


def test_a_server_that_takes_a_few_letters_a_connection_pauses_nothing(sink, write):
    letter, other = write(), write(key="code:2")
    sink.answer_to_mail = "421 too many messages in this connection"
    delivery.deliver([letter.pk])
    sink.answer_to_mail = ""
    delivery.deliver([other.pk])
    assert (read(letter).status, read(other).status) == (LetterStatus.WAITING, LetterStatus.SENT)


def test_no_server_pauses_the_queue(settings, write):
    settings.EMAIL_BACKEND = "notifications.smtp_backend.EmailBackend"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        letter, other = write(), write(key="code:2")
        delivery.deliver([letter.pk, other.pk])
    assert (read(letter).status, read(other).status) == (LetterStatus.WAITING, LetterStatus.QUEUED)


def test_a_conversation_without_end_is_cut(sink, write, monkeypatch):
    monkeypatch.setattr(lease, "LONGEST_CONVERSATION_SECONDS", 0.2)

    async def never_answer(server, session, envelope):
        import asyncio

        await asyncio.sleep(3)
        return "250 OK"

    monkeypatch.setattr(sink, "handle_DATA", never_answer)
    letter = write()
    began = time.monotonic()
    delivery.deliver([letter.pk])
    assert time.monotonic() - began < 2
    assert read(letter).status == LetterStatus.WAITING


def test_pauses_grow_until_24_hours_have_passed(write):
    letter = write()
    now = letter.due_at
    pauses = []
    while (row := read(letter)).status != LetterStatus.FAILED:
        now = max(now, row.next_attempt_at)
        Letter.objects.filter(pk=letter.pk).update(status=LetterStatus.QUEUED, due_at=letter.due_at)
        (claimed,) = Letter.objects.claim([letter.pk], now=now)
        records.put_back(claimed, error=smtplib.SMTPDataError(450, b"later"), final=False, now=now)
        pauses.append(read(letter).next_attempt_at - now)
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5)]
    assert pauses[:-2] == sorted(pauses[:-2])
    assert now == letter.due_at + timedelta(hours=24)
    assert 10 < len(pauses) < 25


def test_a_crash_between_send_and_record_sends_again_under_the_same_message_id(sink, write, monkeypatch):
    letter = write()

    def crash(*_given, **_named):
        raise SystemExit

    monkeypatch.setattr(records, "record_sent", crash)
    with pytest.raises(SystemExit):
        delivery.deliver([letter.pk])
    assert read(letter).status == LetterStatus.SENDING
    monkeypatch.undo()
    later = timezone.now() + LEASE + timedelta(seconds=1)
    assert sweep.release_abandoned(now=later) == 1
    delivery.deliver([letter.pk])
    ids = [line for content in sink.taken for line in content.splitlines() if line.lower().startswith(b"message-id")]
    assert ids == [f"Message-ID: {letter.message_id}".encode()] * 2


def test_a_worker_that_lost_its_claim_does_not_undo_what_the_next_one_did(write):
    letter = write()
    now = timezone.now()
    (slow,) = Letter.objects.claim([letter.pk], now=now)
    sweep.release_abandoned(now=now + LEASE + timedelta(seconds=1))
    Letter.objects.claim([letter.pk], now=now + timedelta(minutes=2))
    records.put_back(slow, error=OSError("timed out"), final=True, now=now + timedelta(minutes=2))
    assert read(letter).status == LetterStatus.SENDING


def test_a_secret_body_is_erased_once_sent(sink, write):
    letter = write(secret=True, context={"code": "SECR-ET99"})
    assert "SECR-ET99" not in "".join(str(value) for value in Letter.objects.values_list().get())
    delivery.deliver([letter.pk])
    assert b"SECR-ET99" in sink.taken[0]
    sent = read(letter)
    assert (sent.status, sent.sealed, sent.text, sent.html) == (LetterStatus.SENT, "", "", "")


def test_a_secret_body_is_erased_once_failed(sink, write):
    letter = write(secret=True)
    sink.answer_to_rcpt = "550 no such mailbox"
    delivery.deliver([letter.pk])
    assert (read(letter).status, read(letter).sealed) == (LetterStatus.FAILED, "")


def test_a_letter_that_cannot_be_built_stops_nobody_else(sink, write, settings, caplog):
    sealed = write(secret=True)
    settings.SECRET_KEY = "another secret key, fifty characters long or more, since a restore"
    plain = write(key="code:2")
    delivery.deliver([sealed.pk, plain.pk])
    assert (read(sealed).status, read(plain).status) == (LetterStatus.FAILED, LetterStatus.SENT)


def test_a_former_secret_key_still_opens(sink, write, settings):
    letter = write(secret=True)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next secret key, fifty characters long or more, rotated"
    delivery.deliver([letter.pk])
    assert read(letter).status == LetterStatus.SENT
