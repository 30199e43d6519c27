"""What /readyz says about letters."""

from datetime import timedelta

from django.utils import timezone

from notifications import pauses
from notifications.sweep import oldest_due_letter_age

LATE_AFTER = timedelta(minutes=5)


def letters() -> str:
    """'' or what is wrong: the mail server refuses us, or the oldest unsent letter has been due for more than five minutes."""
    pause = pauses.current()
    if pause and pause.is_refusal:
        return "the mail server refuses our letters: look at its answer on the desk"
    age = oldest_due_letter_age(timezone.now())
    if age is None or age <= LATE_AFTER:
        return ""
    return f"the oldest unsent letter has been due for {age // timedelta(minutes=1)} minutes"
