"""A delegate's own calendar: the link to it, and what is in it."""

import secrets

from django.conf import settings
from django.urls import reverse

from conferences.domain.own import calendar_hash_of, owner_of
from conferences.enums import DelegateStatus
from conferences.exports.published import Entry, Programme
from conferences.models import Conference, Delegate

_LENGTH = 32  # bytes: 256 bits


def new_word() -> tuple[str, str]:
    """The word of a new link, which only the letter holds, and the hash of it that is stored."""
    word = secrets.token_urlsafe(_LENGTH)
    return word, calendar_hash_of(word)


def calendar_url(conference: Conference, word: str) -> str:
    return settings.SITE_URL + reverse("delegate-calendar", args=[conference.slug, word])


def delegate_of(word: str, *, conference: str) -> Delegate | None:
    """Whose link it is, with conference, site and fair; None for an unknown one, and while the registration is not confirmed or is over."""
    return (
        Delegate.objects.filter(owner_of(word), conference__slug=conference, status=DelegateStatus.RESERVED)
        .exclude(confirmed_at=None)
        .filter(conference__in=Conference.objects.public())
        .select_related("conference__site", "conference__fair__public_revision")
        .first()
    )


def sessions_for(delegate: Delegate, programme: Programme) -> list[Entry]:
    """What the delegate may go to. A place at the conference is one at each public session; sessions with places of their own ask here."""
    return programme.entries
