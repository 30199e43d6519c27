"""What /readyz says about letters."""

from datetime import timedelta

from django.utils import timezone

from notifications.sweep import oldest_due_letter_age

LATE_AFTER = timedelta(minutes=5)


def letters() -> str:
    """'' or, when the oldest unsent letter has been due for more than five minutes, for how long."""
    age = oldest_due_letter_age(timezone.now())
    if age is None or age <= LATE_AFTER:
        return ""
    return f"the oldest unsent letter has been due for {age // timedelta(minutes=1)} minutes"
