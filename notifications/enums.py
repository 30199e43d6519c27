"""The states of a letter."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterStatus(models.TextChoices):
    """queued → sending → sent; a refusal that may pass leads to waiting, a final one to failed."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    WAITING = "waiting", _("waiting to be tried again")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")

    unsent = nonmember(("queued", "sending", "waiting"))
    ended = nonmember(("sent", "failed", "cancelled"))
