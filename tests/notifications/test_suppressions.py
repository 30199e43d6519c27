"""Mailboxes that do not exist get one letter, and no more."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from notifications import delivery, suppressions
from notifications.enums import LetterStatus, SuppressionReason
from notifications.models import Letter, Suppression
from tests.notifications.smtp_sink import read


def test_an_unknown_mailbox_gets_no_further_mail(sink, write):
    first, secret, other = write(), write(key="code:2", to="ANNA@example.org", secret=True), write(key="code:3", to="boris@example.org")
    sink.answer_to_rcpt = "550 5.1.1 unknown"
    delivery.deliver([first.pk])
    sink.answer_to_rcpt = ""
    assert Suppression.objects.get().address == "anna@example.org"
    assert (read(secret).status, read(secret).sealed) == (LetterStatus.FAILED, "")
    late = write(key="code:4", to="Anna@Example.org")
    delivery.deliver([first.pk, late.pk, other.pk])
    assert sink.recipients == [["boris@example.org"]]
    assert (read(late).status, read(late).last_error, read(late).attempts) == (LetterStatus.FAILED, suppressions.FAILED_BECAUSE, 0)
    assert read(first).last_error == "550 5.1.1 unknown"


@pytest.mark.parametrize("answer", ["550 5.7.1 spam", "552 5.2.2 full", "450 4.1.1 later", "554 no"])
def test_other_refusals_suppress_nobody(sink, write, answer):
    sink.answer_to_rcpt = answer
    delivery.deliver([write().pk])
    assert not Suppression.objects.exists()


def test_once_lifted_mail_goes_again_and_may_be_suppressed_anew(sink, write):
    letter = write()
    now = timezone.now()
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    suppress = {"letter": letter, "reason": SuppressionReason.UNKNOWN_MAILBOX, "answer": "550", "now": now}
    assert suppressions.suppress(**suppress)
    assert not suppressions.suppress(**suppress)
    (row,) = Suppression.objects.all()
    assert suppressions.lift(suppression_id=row.pk, by=staff, now=now)
    assert not suppressions.lift(suppression_id=row.pk, by=staff, now=now)
    delivery.deliver([write(key="code:2").pk])
    assert len(sink.taken) == 1
    assert suppressions.suppress(**suppress)
    assert Suppression.objects.count() == 2


def test_the_table_holds_one_suppression_in_force(db):
    Suppression.objects.create(address="anna@example.org", reason=SuppressionReason.REPORTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.create(address="anna@example.org", reason=SuppressionReason.UNKNOWN_MAILBOX)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.update(reason="dislike")


def test_addresses_and_domains_are_kept_in_small_letters(write):
    letter = write(to="Anna@QQ.com")
    assert list(Letter.objects.filter(pk=letter.pk).values_list("address", "domain")) == [("anna@qq.com", "qq.com")]
