"""What became of a letter, in one word: its status, and what the status alone does not say."""

from datetime import datetime
from enum import nonmember

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.enums import LetterStatus
from notifications.models import Letter


class Outcome(models.TextChoices):
    """The states of a letter as somebody at the desk asks for them."""

    HELD = "held", pgettext_lazy("letter", "held back")
    LATER = "later", pgettext_lazy("letter", "goes later")
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    WAITING = "waiting", _("waiting to be tried again")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", pgettext_lazy("letter", "delivered")
    BOUNCED = "bounced", pgettext_lazy("letter", "came back")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", pgettext_lazy("letter", "expired")

    colours = nonmember(
        {
            "held": "warning",
            "later": "info",
            "queued": "info",
            "sending": "info",
            "waiting": "warning",
            "sent": "success",
            "delivered": "success",
            "bounced": "danger",
            "failed": "danger",
            "cancelled": None,
            "expired": None,
        }
    )


def outcome_of(letter: Letter, *, now: datetime) -> Outcome:
    """The outcome of ``letter`` at ``now`` (real time)."""
    if letter.is_held:
        return Outcome.HELD
    if letter.status == LetterStatus.QUEUED and letter.due_at > now:
        return Outcome.LATER
    if letter.bounced_at is not None:
        return Outcome.BOUNCED
    if letter.delivered_at is not None:
        return Outcome.DELIVERED
    return Outcome(letter.status)


def with_outcome(outcome: Outcome, *, now: datetime) -> Q:
    """The same as a condition on letters."""
    match outcome:
        case Outcome.HELD:
            return Q(is_held=True)
        case Outcome.LATER:
            return Q(status=LetterStatus.QUEUED, is_held=False, due_at__gt=now)
        case Outcome.QUEUED:
            return Q(status=LetterStatus.QUEUED, is_held=False, due_at__lte=now)
        case Outcome.BOUNCED:
            return Q(bounced_at__isnull=False)
        case Outcome.DELIVERED:
            return Q(delivered_at__isnull=False, bounced_at=None)
        case Outcome.SENT:
            return Q(status=LetterStatus.SENT, bounced_at=None, delivered_at=None)
        case _:
            return Q(status=outcome.value)
