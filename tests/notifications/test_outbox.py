from datetime import timedelta

import pytest
from celery.exceptions import OperationalError as BrokerError
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications import outbox, repeats
from notifications.delivery import build_message
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import NewLetter, counted, draw, write_drawn, write_letter, write_letters
from tests.factories.fairs import FairFactory


def test_a_letter_leaves_on_commit_to_one_address(write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = write(name="Анна Петрова")
        assert mail.outbox == []
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SENT
    assert letter.attempts == 1
    assert [message.to for message in mail.outbox] == [['"Анна Петрова" <anna@example.org>']]
    assert mail.outbox[0].extra_headers["Message-ID"] == letter.message_id


def test_nothing_leaves_when_the_work_is_undone(write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert Letter.objects.count() == 0


def test_the_same_key_is_written_and_sent_once(write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = write(), write(to="other@example.org")
    assert first == second
    assert Letter.objects.get().recipient_email == "anna@example.org"
    assert len(mail.outbox) == 1


def test_two_writers_at_once_make_one_letter(write, monkeypatch):
    first = write()
    # the second writer looked before the first one committed: only the unique key stands between them
    monkeypatch.setattr(outbox.Letter.objects, "filter", lambda **_kwargs: Letter.objects.none())
    assert write() == first
    assert Letter.objects.count() == 1


def test_a_dead_broker_does_not_break_the_request(write, monkeypatch, django_capture_on_commit_callbacks):
    tries = []

    def no_broker(**_given: object) -> None:
        tries.append(1)
        raise BrokerError("connection refused")

    monkeypatch.setattr(outbox, "_no_hints_before", 0.0)
    monkeypatch.setattr(outbox.deliver_letter, "delay", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            write(key=f"code:{number}")
    assert set(Letter.objects.values_list("status", flat=True)) == {LetterStatus.QUEUED}
    assert len(tries) == 1  # a request with many letters waits for the broker once


def test_a_letter_for_later_waits(write, django_capture_on_commit_callbacks):
    tomorrow = timezone.now() + timedelta(days=1)
    with django_capture_on_commit_callbacks(execute=True):
        letter = write(due_at=tomorrow)
    letter.refresh_from_db()
    assert (letter.status, letter.next_attempt_at, mail.outbox) == (LetterStatus.QUEUED, tomorrow, [])
    assert Letter.objects.claim([letter.pk], now=timezone.now()) == []
    assert Letter.objects.claim([letter.pk], now=tomorrow) == [letter]


@pytest.mark.parametrize("address", ["", "nobody", "a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org"])
def test_only_one_plain_address_is_taken(write, address):
    with pytest.raises(ValidationError):
        write(to=address)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    "breaker",
    [
        "\r\nBcc: spy@example.org",
        "\nBcc: spy@example.org",
        "\u2028Bcc: spy@example.org",
        "\x85Bcc: x",
        "\x00",
        "\u202e",
        "Я" * 1000,
        "名" * 1000,
    ],
)
def test_a_name_makes_no_header(write, django_capture_on_commit_callbacks, breaker):
    with django_capture_on_commit_callbacks(execute=True):
        write(name=f'Anna "A" {breaker}', context={"code": f"x{breaker}"})
    message = mail.outbox[0].message()
    assert sorted(message.keys()) == sorted(
        [
            "Content-Type",
            "MIME-Version",
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "Content-Language",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
        ]
    )
    head = message.as_bytes().split(b"\n\n")[0]
    assert b"\nBcc" not in head
    assert all(len(line) < 998 for line in head.split(b"\n"))
    assert len(Letter.objects.get().recipient_name) <= 150


def test_the_language_falls_back_to_english(write):
    assert write(language="de").language == "en"


def test_cancelled_letters_do_not_leave(write):
    letter = write()
    assert outbox.cancel_letter(letter_id=letter.pk)
    assert Letter.objects.claim([letter.pk], now=timezone.now()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "lost"},
        {"status": "sending"},
        {"status": "sent"},
        {"claimed_until": timezone.now()},
        {"is_secret": True},
        {"sealed": "x"},
        {"is_secret": True, "sealed": "x"},
        {"message_id": None},
    ],
)
def test_the_table_cannot_lie(write, changes):
    letter = write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**changes)


def test_only_failed_letters_without_secret_are_sent_again(write):
    failed, secret, queued = write(key="1"), write(key="2", secret=True), write(key="3")
    Letter.objects.filter(pk__in=[failed.pk, secret.pk]).update(status=LetterStatus.FAILED, sealed="")
    assert [repeats.send_again(letter_id=letter.pk) for letter in (failed, secret, queued)] == [True, False, False]
    failed.refresh_from_db()
    assert failed.status == LetterStatus.QUEUED


def test_a_letter_that_came_back_goes_again_as_a_new_mail_and_its_failure_would_be_told_anew(write):
    moment, letter = timezone.now(), write()
    Letter.objects.update(status=LetterStatus.SENT, sent_at=moment)
    assert not repeats.send_again(letter_id=letter.pk), "it has arrived, as far as anybody knows"
    Letter.objects.update(bounced_at=moment, report="failed 4.4.1", failure_told_at=moment)
    assert repeats.send_again(letter_id=letter.pk)
    again = Letter.objects.get()
    assert (again.status, again.sent_at, again.bounced_at, again.report) == (LetterStatus.QUEUED, None, None, "")
    assert (again.failure_told_at, again.message_id != letter.message_id) == (None, True)
    assert not repeats.send_again(letter_id=letter.pk), "once"


def new_letters(count: int, **fields: object) -> list[NewLetter]:
    return [
        NewLetter(
            **{
                "key": f"many:{number}",
                "to": f"person-{number}@example.org",
                "occasion": "accounts.verification_code",
                "language": "en",
                "context": {"code": "ABCD"},
                **fields,
            }
        )
        for number in range(count)
    ]


@pytest.mark.django_db
def test_many_letters_are_written_in_as_many_queries_as_few(django_assert_num_queries):
    for count in (1, 20):
        Letter.objects.all().delete()
        with django_assert_num_queries(3):  # the known keys, the new rows, their ids
            assert write_letters(new_letters(count)) == count


@pytest.mark.django_db
def test_many_letters_keep_to_their_keys():
    assert write_letters(new_letters(2)) == 2
    assert write_letters(new_letters(3)) == 1
    write_letter(new_letters(1, to="somebody-else@example.org")[0])
    assert Letter.objects.count() == 3


@pytest.mark.django_db
def test_what_is_written_is_counted_where_somebody_counts():
    write_letters(new_letters(1))
    with counted() as count:
        write_letter(new_letters(1, key="one")[0])
        write_letter(new_letters(1, key="one")[0])
        write_letters(new_letters(3))
        write_drawn([draw(letter) for letter in new_letters(2, key="drawn")[:1]])
    write_letters(new_letters(4))
    assert count.letters == 4
    assert Letter.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_many_letters_leave_on_commit(mailoutbox):
    write_letters(new_letters(60))
    assert len(mailoutbox) == 60
    assert Letter.objects.filter(status=LetterStatus.SENT).count() == 60


@pytest.mark.django_db
def test_one_wrong_address_among_many_stops_them_all():
    with pytest.raises(ValidationError):
        write_letters([*new_letters(2), *new_letters(1, key="wrong", to="nobody")])
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_a_key_too_long_for_its_column_still_tells_letters_apart():
    ends = ["a", "b"]
    assert write_letters(new_letters(1, key="k" * 300 + ends[0]) + new_letters(1, key="k" * 300 + ends[1])) == 2
    assert write_letters(new_letters(1, key="k" * 300 + ends[0])) == 0


@pytest.mark.django_db
def test_many_letters_wait_for_a_dead_broker_once(write, monkeypatch, django_capture_on_commit_callbacks):
    tries = []

    def no_broker(**_given: object) -> None:
        tries.append(1)
        raise BrokerError("connection refused")

    monkeypatch.setattr(outbox, "_no_hints_before", 0.0)
    for task in (outbox.deliver_letter, outbox.deliver_letters):
        monkeypatch.setattr(task, "delay", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        write_letters(new_letters(120))  # three batches
        write()  # by the other door: the brake is the same
    assert Letter.objects.filter(status=LetterStatus.QUEUED).count() == 121
    assert len(tries) == 1


@pytest.mark.parametrize(
    ("language", "without", "with_one"),
    [
        ("en", "Please do not reply to it.", "If you reply, your message goes to the organisers of the fair: desk@example.org."),
        ("ru", "Отвечать на него не нужно.", "ответ получат организаторы ярмарки: desk@example.org."),
        ("zh-hans", "，请勿直接回复。", "。如直接回复，您的邮件将发送至展会主办方：desk@example.org。"),
    ],
)
@pytest.mark.parametrize("at_once", [False, True])
def test_a_letter_says_where_answers_go(write, django_capture_on_commit_callbacks, language, without, with_one, at_once):
    with django_capture_on_commit_callbacks(execute=True):
        for number, reply_to in enumerate(["desk@example.org", ""]):
            if at_once:
                write_letters(new_letters(1, key=f"code:{number}", language=language, reply_to=reply_to))
            else:
                write(key=f"code:{number}", language=language, reply_to=reply_to)
    answered, silent = mail.outbox
    assert answered.message()["Reply-To"] == "desk@example.org"
    assert "Reply-To" not in silent.message()
    for body in (answered.body, answered.alternatives[0].content):
        assert with_one in body
        assert without not in body
    assert without in silent.body
    assert "desk@example.org" not in silent.body


@pytest.mark.parametrize(
    "address",
    [
        "desk@example.org\r\nBcc: spy@example.org",
        "desk@example.org\nBcc: spy@example.org",
        "desk@example.org, spy@example.org",
        "desk@example.org\u2028Bcc: spy@example.org",
        "Desk <desk@example.org>",
        "desk",
        f"{'d' * 60}@{'example.' * 30}org",
    ],
)
def test_a_letter_with_an_unusable_reply_address_leaves_without_it(write, django_capture_on_commit_callbacks, address):
    with django_capture_on_commit_callbacks(execute=True):
        letter = write(reply_to=address)
    assert letter.reply_to == ""
    message = mail.outbox[0].message()
    assert not {"Reply-To", "Bcc"} & set(message.keys())
    assert "Please do not reply to it." in mail.outbox[0].body


def test_a_reply_address_changed_in_the_row_makes_no_header(write):
    letter = write(reply_to="desk@example.org")
    letter.reply_to = "desk@example.org\r\nBcc: spy@example.org"
    assert b"\nBcc" not in build_message(letter).message().as_bytes().split(b"\n\n")[0]


def test_a_letter_keeps_the_reply_address_it_was_written_with(write, django_capture_on_commit_callbacks):
    fair = FairFactory(reply_to="desk@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        write(fair_id=fair.pk, reply_to=fair.reply_to)
        type(fair).objects.update(reply_to="other@example.org")
    assert mail.outbox[0].reply_to == ["desk@example.org"]
