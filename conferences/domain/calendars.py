"""A delegate's own calendar: the link to it, and what is in it."""

import secrets

from django.conf import settings
from django.urls import reverse

from conferences.domain.own import calendar_hash_of, owner_of
from conferences.enums import DelegateStatus, SignUpStatus
from conferences.exports.published import Entry, Programme
from conferences.models import Conference, Delegate, Session, SignUp

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
    """What the delegate may go to: each public session, of those with sign-ups the ones that the delegate has a place in. One query."""
    with_sign_ups = Session.objects.filter(conference=delegate.conference_id, takes_sign_ups=True)
    own = SignUp.objects.filter(delegate=delegate, status=SignUpStatus.RESERVED)
    closed = set(with_sign_ups.exclude(pk__in=own.values("session")).values_list("pk", flat=True))
    return [entry for entry in programme.entries if entry.id not in closed]
