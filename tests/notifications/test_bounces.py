"""What a delivery report may change, and what it may not."""

import io
import os
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from accounts.api.examples import DELIVERY_REPORT
from accounts.models import User
from notifications import bounces, delivery, delivery_reports, suppressions
from notifications.bounces import Outcome
from notifications.delivery_reports import MOST_BYTES, NotAReport
from notifications.enums import LetterStatus
from notifications.models import Letter, Suppression
from tests.notifications.reports import report

NOW = timezone.now()


@pytest.fixture
def letter(write) -> Letter:
    """That has left."""
    written = write()
    delivery.deliver([written.pk])
    written.refresh_from_db()
    return written


def rows():
    return list(Letter.objects.order_by("pk").values()), list(Suppression.objects.values())


def take(raw):
    return bounces.take(raw, now=NOW)


def again(letter):
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_mailbox_that_does_not_exist_gets_no_further_mail(letter, write, headers_only):
    waiting, other = write(key="code:2", to="Anna@Example.org"), write(key="code:3", to="boris@example.org")
    assert take(report(letter.message_id, headers_only=headers_only)) is Outcome.RECORDED
    assert again(letter).bounced_at == NOW
    assert letter.report == "failed 5.1.1 550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown"
    assert Suppression.objects.values_list("address", "reason", "letter").get() == ("anna@example.org", "reported", letter.pk)
    assert (again(waiting).status, again(other).status) == (LetterStatus.FAILED, LetterStatus.QUEUED)


def test_a_report_that_names_the_envelope_alone_is_enough(letter):
    raw = report(address="someone-else@forwarded.example", envelope_id=letter.message_id.strip("<>"), original="Anna@Example.org")
    assert take(raw) is Outcome.RECORDED
    assert again(letter).bounced_at == NOW


def test_an_address_in_xtext_is_read(write):
    tagged = write(to="anna+fair@example.org")
    delivery.deliver([tagged.pk])
    raw = report(tagged.message_id, address="elsewhere@example.org", original="anna+2Bfair@example.org")
    assert take(raw) is Outcome.RECORDED


@pytest.mark.parametrize(
    ("status", "diagnostic", "is_suppressed"),
    [
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full", False),
        ("5.7.1", "smtp; 550 5.7.1 Message rejected as spam", False),
        ("4.4.7", "smtp; 450 4.2.0 greylisted", False),  # given up after days
        ("5.1.10", "smtp; 556 5.1.10 null MX", True),
        ("5.0.0", "smtp; 550 5.1.1 no such user", True),
        ("5.0.0", "smtp; 550 No such user", True),
        ("5.0.0", "smtp; 550 Refused", False),
        ("5.0.0", "x-unix; user unknown", False),
        ("5.7.1", "smtp; 550 5.1.1 unknown", False),  # the report's own code counts
    ],
)
def test_every_failure_is_written_down_and_only_an_unknown_mailbox_suppresses(letter, status, diagnostic, is_suppressed):
    assert take(report(letter.message_id, status=status, diagnostic=diagnostic)) is Outcome.RECORDED
    assert again(letter).bounced_at == NOW
    assert Suppression.objects.exists() == is_suppressed


def test_a_delay_and_a_delivery_are_written_down(letter):
    delay = report(letter.message_id, action="delayed", status="4.4.1", diagnostic="smtp; 421 busy")
    assert take(delay) is Outcome.RECORDED
    assert (again(letter).report, letter.bounced_at, letter.delivered_at) == ("delayed 4.4.1 421 busy", None, None)
    assert take(delay) is Outcome.KNOWN
    delivered = report(letter.message_id, action="delivered", status="2.0.0", diagnostic="smtp; 250 OK")
    assert take(delivered) is Outcome.RECORDED
    assert (again(letter).delivered_at, letter.status) == (NOW, LetterStatus.SENT)
    assert take(delay) is Outcome.KNOWN
    assert not Suppression.objects.exists()


def test_handed_in_again_it_changes_nothing_even_once_the_suppression_is_lifted(letter):
    raw = report(letter.message_id)
    take(raw)
    suppressions.lift(suppression_id=Suppression.objects.get().pk, by=User.objects.create_user("staff@example.org"), now=NOW)
    before = rows()
    assert bounces.take(raw, now=NOW + timedelta(days=1)) is Outcome.KNOWN
    assert rows() == before


@pytest.mark.parametrize(
    "made",
    [
        lambda mine, theirs: report("<0123456789abcdef@yarmarka.example>"),  # no letter of ours
        lambda mine, theirs: report(theirs, "anna@example.org"),  # went to somebody else
        lambda mine, theirs: report(mine, "boris@example.org"),
        lambda mine, theirs: report(mine, envelope_id=theirs.strip("<>")),  # of two letters at once
        lambda mine, theirs: report(mine, original="boris@example.org", address="carl@example.org"),
    ],
)
def test_what_is_about_no_letter_of_ours_to_that_address_changes_nothing(letter, write, made):
    theirs = write(key="code:2", to="boris@example.org")
    delivery.deliver([theirs.pk])
    before = rows()
    assert take(made(letter.message_id, theirs.message_id)) is Outcome.UNKNOWN
    assert rows() == before


BROKEN = [
    b"",
    b"\x00\xff\xfe",
    b"Subject: hello\r\n\r\nno report",
    report("<a@b>").replace(b"report-type=delivery-status", b"report-type=disposition-notification"),
    report("<a@b>").replace(b"message/delivery-status", b"text/plain"),
    report("<a@b>").replace(b"Action: failed", b"Action: exploded"),
    report("<a@b>").replace(b"Status: 5.1.1", b"Status: five"),
    report("<a@b>").replace(b"Final-Recipient: rfc822;", b"Final-Recipient: x400;"),
    report(""),
    report("<a@b>\r\nMessage-ID: <c@d>"),
    report("not an id"),
    report("<a@b>")[:400],
    report("<a@b>") + b"x" * MOST_BYTES,
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
    + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 5000,
]


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_report_changes_nothing(letter, raw):
    before = rows()
    with pytest.raises(NotAReport):
        take(raw.replace(b"<a@b>", letter.message_id.encode()))
    assert rows() == before


@pytest.mark.parametrize("status", LetterStatus.unsent)
def test_a_letter_that_is_not_marked_as_sent_yet_is_asked_for_later(letter, status):
    Letter.objects.update(status=status, sent_at=None, claimed_until=NOW if status == "sending" else None)
    before = rows()
    assert take(report(letter.message_id)) is Outcome.NOT_YET
    assert rows() == before


class TestCommand:
    def run(self, raw: bytes) -> tuple[int, str]:
        said = io.StringIO()
        with patch("sys.stdin", io.TextIOWrapper(io.BytesIO(raw))):
            try:
                call_command("take_bounce", stderr=said)
            except SystemExit as end:
                return int(end.code or 0), said.getvalue()
        return 0, said.getvalue()

    def test_what_is_recorded_ends_well(self, letter):
        assert self.run(report(letter.message_id)) == (0, "")
        assert self.run(report(letter.message_id)) == (0, "")
        assert again(letter).bounced_at

    def test_what_is_no_report_is_not_tried_again(self, letter):
        code, said = self.run(b"hello")
        assert code == os.EX_DATAERR
        assert "no delivery report" in said

    def test_what_is_about_no_letter_of_ours_is_not_tried_again(self, letter):
        assert self.run(report("<unknown@yarmarka.example>"))[0] == os.EX_DATAERR

    def test_what_comes_too_early_is_tried_again(self, write):
        assert self.run(report(write().message_id))[0] == os.EX_TEMPFAIL

    def test_a_database_that_is_away_is_tried_again(self, letter):
        with patch("notifications.bounces._take", side_effect=OperationalError):
            assert self.run(report(letter.message_id))[0] == os.EX_TEMPFAIL


def test_the_example_of_the_description_can_be_read():
    (fate,) = delivery_reports.read(DELIVERY_REPORT.encode()).fates
    assert fate.is_unknown_mailbox
