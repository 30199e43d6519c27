"""Releases: what organisers arranged in the draft becomes the programme that everybody sees."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.models import User
from conferences.domain import delegates
from conferences.models import Session


@transaction.atomic
def release_programme(*, conference_id: int, by: User | None, now: datetime) -> int:
    """Show everybody the draft as it stands. Returns how many sessions have another place than before, or are new."""
    delegates.lock(conference_id)
    return unreleased(conference_id).update(room=F("draft_room"), starts_at=F("draft_starts_at"), ends_at=F("draft_ends_at"))


def unreleased(conference_id: int) -> QuerySet[Session]:
    """Sessions whose place in the draft is not the one that was released."""
    other_room = ~Q(room=F("draft_room")) | Q(room=None, draft_room__isnull=False) | Q(room__isnull=False, draft_room=None)
    other_time = (
        ~Q(starts_at=F("draft_starts_at"), ends_at=F("draft_ends_at"))
        | Q(starts_at=None, draft_starts_at__isnull=False)
        | Q(starts_at__isnull=False, draft_starts_at=None)
    )
    return Session.objects.filter(other_room | other_time, conference=conference_id)
