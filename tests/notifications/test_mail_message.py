"""Subjects as they stand in the bytes that leave."""

import email
import email.policy

import pytest
from django.core.mail import get_connection

from notifications import delivery
from notifications.mail_message import MailMessage

SUBJECTS = [
    "Напоминание: бейджи, окончательный список — до 17 января 2024 г. (Фестиваль-ярмарка «Сделано в России»)",
    "截止提醒：参展证最终名单（截至2024年1月17日）——首届俄罗斯食品文化节（俄罗斯制造）参展申请已收到编号",
    "Decision on application No. 17 – Made in Russia Festival Fair 2024, the fair that has a rather long name",
    "A plain subject that has many ordinary words in it and therefore does not fit on one line of a mail",
    "x" * 120,
    "Short",
    "=?utf-8?q?Paid=0D=0ABcc:_victim@example.org?=",
    "",
]


def check(raw: bytes, subject: str) -> None:
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    (start,) = [number for number, line in enumerate(lines) if line.lower().startswith(b"subject:")]
    if subject:
        assert lines[start].removeprefix(b"Subject: ").strip(), "the first word stands behind the name"
    assert all(len(line) <= 78 for line in lines[start:])
    for policy in (email.policy.default, email.policy.SMTP):
        assert email.message_from_bytes(raw, policy=policy)["Subject"] == subject


@pytest.mark.parametrize("subject", SUBJECTS)
def test_in_a_file(tmp_path, subject):
    get_connection("notifications.eml_backend.EmlFileBackend", file_path=tmp_path).send_messages(
        [MailMessage(subject, "你好", "fair@example.org", ["anna@example.org"])]
    )
    (path,) = tmp_path.glob("*.eml")
    check(path.read_bytes(), subject)


@pytest.mark.parametrize("subject", SUBJECTS[:2])
def test_over_smtp(sink, write, subject):
    letter = write(language="ru")
    letter.subject = subject
    letter.save()
    delivery.deliver([letter.pk])
    check(sink.taken[0], subject)


def test_the_boundary_is_drawn_anew_for_every_mail():
    made = [MailMessage("S", "你好", "fair@example.org", ["anna@example.org"]) for _number in range(2)]
    for one in made:
        one.attach_alternative("<p>你好</p>", "text/html")
    first, second = (email.message_from_bytes(one.message().as_bytes(), policy=email.policy.default) for one in made)
    assert first.get_boundary() != second.get_boundary()
    assert [part.get_content().strip() for part in first.iter_parts()] == ["你好", "<p>你好</p>"]
