"""Links to the own page of somebody on the programme: each out of one letter, good until a month after the conference or until revoked."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.problems import Conflict, Refused
from conferences.models import Conference, Speaker, SpeakerLink

_LENGTH = 32  # bytes: 256 bits
GOOD_FOR = timedelta(days=31)  # after the conference's last day


class LinkUnknown(Refused):
    """Nobody has this link: mistyped, too old or revoked. The answer does not tell which."""

    code = "link_unknown"
    message = _("This link is not valid, or no longer. Ask the organisers for a new one.")


class NoSpeaker(Conflict):
    """Whoever is signed in is nobody on the programme under a verified address."""

    code = "no_speaker"
    message = _("Nobody on this programme has an address that you have verified.")


def good_until(conference: Conference) -> datetime:
    """Until when links of this conference hold: midnight in the fair's zone."""
    return datetime.combine(conference.ends_on + GOOD_FOR, time(), conference.fair.zone)


def new_link(speaker: Speaker, *, now: datetime) -> tuple[str, int]:
    """The word of a new link, which only its letter holds, and the link's number."""
    word, until = secrets.token_urlsafe(_LENGTH), good_until(speaker.conference)
    link = SpeakerLink.objects.create(speaker=speaker, word_hash=_hash_of(word), made_at=now, expires_at=until)
    return word, link.pk


def page_url(conference: Conference, word: str) -> str:
    return settings.SITE_URL + reverse("speaker-page", args=[conference.slug, word])


def speaker_with(word: str, *, conference: Conference, now: datetime) -> Speaker:
    """Whose link it is. One query. Raises LinkUnknown."""
    link = (
        SpeakerLink.objects.filter(word_hash=_hash_of(word), expires_at__gt=now, speaker__conference=conference)
        .select_related("speaker")
        .first()
    )
    if link is None:
        raise LinkUnknown
    link.speaker.conference = conference
    return link.speaker


def speaker_who_signed_in(user: Any, *, conference: Conference) -> Speaker:
    """Who has one of the user's verified addresses. Raises NoSpeaker."""
    addresses = {address.lower() for address in user.emailaddress_set.filter(verified=True).values_list("email", flat=True)}
    people = Speaker.objects.filter(conference=conference).exclude(email="").order_by("pk")
    found = next((one for one in people if one.email.lower() in addresses), None)
    if found is None:
        raise NoSpeaker
    found.conference = conference
    return found


def revoke(speakers: Iterable[int]) -> int:
    """No letter that was sent so far opens the pages of these people any more. Returns how many links that were."""
    return SpeakerLink.objects.filter(speaker__in=list(speakers)).delete()[0]


def _hash_of(word: str) -> str:
    # A plain hash will do: what it hides is random, not a password.
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()
