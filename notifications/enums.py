"""The states of a letter."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LetterStatus(models.TextChoices):
    """queued → sending → sent; a refusal that may pass leads to waiting, a final one to failed. Expired: its moment has passed unsent."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    WAITING = "waiting", _("waiting to be tried again")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", pgettext_lazy("letter", "expired")

    resting = nonmember(("queued", "waiting"))  # in nobody's hands
    unsent = nonmember(("queued", "sending", "waiting"))
    ended = nonmember(("sent", "failed", "cancelled", "expired"))


class SuppressionReason(models.TextChoices):
    """Why no mail goes to an address."""

    UNKNOWN_MAILBOX = "unknown_mailbox", _("the mailbox does not exist")
    REPORTED = "reported", _("a delivery report says that the mailbox does not exist")
