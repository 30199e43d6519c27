"""Files in letters: their bytes and names as they arrive."""

import email
import email.policy

import pytest
from django.db import IntegrityError, connection, transaction

from notifications import attachments, delivery
from notifications.attachments import Attachment
from notifications.models import Letter, LetterAttachment

CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Срок — 截止\r\nEND:VCALENDAR\r\n".encode()
NAMES = ["срок подачи.ics", "截止日期.ics", "deadline.ics", 'a "b".ics']


def file(name: str = "deadline.ics", content: bytes = CALENDAR, kind: str = "text/calendar; charset=utf-8; method=PUBLISH") -> Attachment:
    return Attachment(name, kind, content)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_arrives_byte_for_byte_under_its_name(sink, write, name):
    letter = write(attachments=(file(name), Attachment("plan.pdf", "application/pdf", bytes(range(256)))))
    delivery.deliver([letter.pk])
    message = email.message_from_bytes(sink.taken[0], policy=email.policy.default)
    calendar, plan = message.iter_attachments()
    assert calendar.get_filename() == name.replace('"', "-")
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params["method"] == "PUBLISH"
    assert calendar.get_payload(decode=True) == CALENDAR
    assert plan.get_payload(decode=True) == bytes(range(256))
    assert "ABCD-EFGH" in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a\r\nBcc: spy@example.org\r\n.ics", "a Bcc- spy@example.org .ics"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "file"),
        ("名" * 300 + ".pdf", "名" * 96 + ".pdf"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_name_is_made_harmless(name, kept):
    assert attachments.file_name(name) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        file(kind="text/html\r\nBcc: spy@example.org"),
        file(kind="calendar"),
        file(kind="multipart/mixed"),
        file(kind="message/rfc822"),
        file(content=b"x" * (attachments.MOST_BYTES + 1)),
    ],
)
def test_what_no_letter_can_carry_is_refused(write, wrong):
    with pytest.raises(ValueError, match=r"content type|bytes"):
        write(attachments=(wrong,))
    assert not Letter.objects.exists()


def test_the_same_key_adds_no_file(write):
    for _time in range(2):
        write(attachments=(file(),))
    assert LetterAttachment.objects.count() == 1


def test_a_secret_letter_carries_no_file(write):
    with pytest.raises(ValueError, match="in clear"):
        write(secret=True, attachments=(file(),))


def test_the_database_refuses_a_file_to_a_secret_letter(write):
    secret, plain = write(secret=True), write(key="plain", attachments=(file(),))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_letterattachment (letter_id, name, content_type, content) VALUES (%s, 'x', 'x/x', %s)",
            [secret.pk, b"x"],
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_letterattachment SET letter_id = %s", [secret.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=plain.pk).update(is_secret=True, text="", html="", sealed="x")


@pytest.mark.parametrize("count", [1, 3])
def test_a_letter_more_in_a_batch_costs_one_query(write, django_assert_num_queries, count):
    letters = [write(key=f"code:{number}").pk for number in range(count)]
    # the pause, the suppressed, the rows, the limits; the claim, which is a transaction; the files; then a record each
    with django_assert_num_queries(4 + 4 + 1 + count):
        delivery.deliver(letters)
