"""What staff may be written about at once. A leaf."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.TextChoices):
    """What may come as a letter of its own, or wait for the daily digest: each person chooses."""

    APPLICATIONS = "applications", _("new applications")
    DOCUMENTS = "documents", _("documents to review")
    OFFERS = "offers", _("answers to offers, and offers that nobody has answered in time")
    WITHDRAWALS = "withdrawals", _("withdrawals and cancelled participations")
    REQUESTS = "requests", _("what asks for a decision: another stand, a co-exhibitor, who acts for a company")
    DECISIONS = "decisions", _("decisions on applications of the own region")
    ESCALATIONS = "escalations", _("deadlines that exhibitors of yours, or of your region, have missed")
    LETTERS = "letters", _("letters that failed or came back")


def every_notice() -> list[str]:
    """What a person gets at once who has not chosen."""
    return list(Notice.values)


def in_order(chosen: Any) -> list[str]:
    """The choice as it is stored: in the order of :class:`Notice`, each once."""
    return [value for value in Notice.values if value in chosen]
