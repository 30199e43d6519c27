"""The outbox in figures, for whoever watches over it."""

from datetime import datetime, timedelta

from django.db.models import Count, Q

from notifications import pauses
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.sweep import oldest_due_letter_age

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def figures(*, now: datetime) -> dict[str, int]:
    """Numbers of letters, and ages in whole seconds; ``now`` in real time. Held letters and those for later are not due."""
    due = Q(due_at__lte=now, is_held=False)
    unsent = Letter.objects.unsent().aggregate(
        due=Count("pk", filter=due & Q(status__in=LetterStatus.resting)),
        sending=Count("pk", filter=Q(status=LetterStatus.SENDING)),
        waiting=Count("pk", filter=Q(status=LetterStatus.WAITING)),
        held=Count("pk", filter=Q(is_held=True)),
        later=Count("pk", filter=Q(due_at__gt=now, is_held=False)),
    )
    sent = Letter.objects.filter(sent_at__gt=now - HOUR).aggregate(minute=Count("pk", filter=Q(sent_at__gt=now - MINUTE)), hour=Count("pk"))
    age = oldest_due_letter_age(now)
    return {
        "oldest_due_seconds": int(age.total_seconds()) if age else 0,
        "due": unsent["due"],
        "sending": unsent["sending"],
        "waiting_to_be_tried_again": unsent["waiting"],
        "held": unsent["held"],
        "for_later": unsent["later"],
        "sent_last_minute": sent["minute"],
        "sent_last_hour": sent["hour"],
        "failed_of_last_day": Letter.objects.filter(status=LetterStatus.FAILED, due_at__gt=now - DAY).count(),
        "came_back_last_day": Letter.objects.filter(bounced_at__gt=now - DAY).count(),
        "is_paused": int(pauses.current() is not None),
    }
