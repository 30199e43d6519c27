import io
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from notifications import delivery, pauses, status
from notifications.models import Letter


def test_every_letter_is_counted_where_it_is(write):
    now = timezone.now()
    sent, old, held, later, sending, failed, back = (write(key=f"code:{number}") for number in range(7))
    delivery.deliver([sent.pk, back.pk])
    Letter.objects.filter(pk=back.pk).update(bounced_at=now, sent_at=now - timedelta(minutes=10))
    Letter.objects.filter(pk=old.pk).update(due_at=now - timedelta(minutes=7), status="waiting")
    Letter.objects.filter(pk=held.pk).update(is_held=True)
    Letter.objects.filter(pk=later.pk).update(due_at=now + timedelta(days=1))
    Letter.objects.filter(pk=sending.pk).update(status="sending", claimed_until=now)
    Letter.objects.filter(pk=failed.pk).update(status="failed")
    pauses.begin(error=OSError(), reason="away", is_refusal=False, now=now)
    assert status.figures(now=timezone.now()) == {
        "oldest_due_seconds": 420,
        "due": 1,
        "sending": 1,
        "waiting_to_be_tried_again": 1,
        "held": 1,
        "for_later": 1,
        "sent_last_minute": 1,
        "sent_last_hour": 2,
        "failed_of_last_day": 1,
        "came_back_last_day": 1,
        "is_paused": 1,
    }


def test_the_command_prints_them(write):
    write()
    said = io.StringIO()
    call_command("outbox_status", stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[:2] == ["oldest_due_seconds 0", "due 1"]


def test_an_empty_outbox_asks_as_often(write, django_assert_num_queries):
    for _time in range(2):
        with django_assert_num_queries(6):
            status.figures(now=timezone.now())
        write()
