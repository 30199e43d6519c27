"""What the scheduler starts for conferences."""

from celery import shared_task

import clock
from conferences.domain import delegates, invitations, sign_ups


@shared_task
def release_unconfirmed_places(**_future: object) -> None:
    """Let unconfirmed places lapse and give them to those who wait. May run any number of times."""
    delegates.release_unconfirmed_places(now=clock.now())


@shared_task
def fill_sessions(**_future: object) -> None:
    """Let unanswered offers of places in sessions lapse and give free places to those who wait. May run any number of times."""
    sign_ups.fill_sessions(now=clock.now())


@shared_task
def erase_passports(**_future: object) -> None:
    """Erase passport data of fairs that have been over for 30 days. May run any number of times."""
    invitations.erase_passports(now=clock.now())
