"""What of this app, and of the outbox below it, a fair's next edition gets (see cloning.py)."""

from collections.abc import Sequence

from django.db.models import Q

from fairs.cloning import Copied, Edition, Wish
from fairs.models import (
    Building,
    Deadline,
    Hall,
    OpeningHours,
    PublicRevision,
    QuietDays,
    Rung,
    Site,
    StaffMembership,
    Stand,
    TradeFigure,
    Zone,
)
from notifications.models import Letter, LetterAttachment, LetterTemplate, Suppression


def _by_whom(texts: Sequence[LetterTemplate], edition: Edition) -> None:
    """A text of no use stays marked: its reason holds here too, and nobody is told of it once more."""
    for text in texts:
        text.changed_at, text.changed_by = edition.now, edition.by


COPIED = [
    Copied(Site, days=("starts_on", "ends_on")),
    Copied(OpeningHours, "site__fair", days=("day",)),
    Copied(Building, "site__fair"),
    Copied(Hall),
    Copied(Zone, "hall__fair"),
    Copied(Stand, "hall__fair", days=("first_day", "last_day")),
    Copied(Deadline, moments=("due_at",)),
    Copied(Rung, "deadline__fair"),
    Copied(TradeFigure),
    Copied(StaffMembership, only=Q(user__is_active=True), wish=Wish.STAFF),
    Copied(LetterTemplate, prepare=_by_whom),
]

# Quiet days belong to the calendar, not to a fair's days: domain/cloning.py gives those of the new year. The database makes the revision.
LEFT = [QuietDays, PublicRevision, Letter, LetterAttachment, Suppression]
