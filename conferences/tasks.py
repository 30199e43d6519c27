"""What the scheduler starts for conferences."""

from celery import shared_task

import clock
from conferences.domain import delegates


@shared_task
def release_unconfirmed_places(**_future: object) -> None:
    """Let unconfirmed places lapse and give them to those who wait. May run any number of times."""
    delegates.release_unconfirmed_places(now=clock.now())
