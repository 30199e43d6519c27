"""The word by which delegates act for themselves: it is in links that only their letters hold, and good while the registration lasts."""

import hashlib
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.problems import Conflict, Refused
from conferences.models import Conference, Delegate

_SIGNER = signing.Signer(salt="conferences.delegate", sep=".")


class WordUnknown(Refused):
    """Nobody is registered under this word: mistyped, or the registration has ended."""

    code = "word_unknown"
    message = _("This link is not valid, or no longer. Register with your address again: the letter brings a new one.")


class NoDelegate(Conflict):
    """Whoever is signed in has no registration under a verified address."""

    code = "no_delegate"
    message = _("Nobody is registered for this conference under an address that you have verified.")


def word_of(delegate: Delegate) -> str:
    """Signed, not stored: every letter may hold it, and nobody can make one up."""
    return _SIGNER.sign(str(delegate.pk))


def page_url(delegate: Delegate) -> str:
    """Where the delegate sees the registration and answers, with the word in it."""
    return settings.SITE_URL + reverse("delegate-page", args=[delegate.conference.slug, word_of(delegate)])


def calendar_hash_of(word: str) -> str:
    """What is stored of the random words that links to calendars held before words were signed."""
    # A plain hash will do: what it hides is random, not a password.
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()


def delegate_with(word: str, *, conference: Conference) -> Delegate:
    """Whose word it is, if the registration has not ended. Raises WordUnknown."""
    found = Delegate.objects.filter(owner_of(word), conference=conference).living().first()
    if found is None:
        raise WordUnknown
    return found


def owner_of(word: str) -> Q:
    """The filter that finds whose word it is."""
    by_hash = Q(calendar_hash=calendar_hash_of(word))
    try:
        return by_hash | Q(pk=int(_SIGNER.unsign(word)))
    except signing.BadSignature:
        return by_hash


def delegate_who_signed_in(user: Any, *, conference: Conference) -> Delegate:
    """The registration of the user's verified address. Raises NoDelegate."""
    addresses = [address.lower() for address in user.emailaddress_set.filter(verified=True).values_list("email", flat=True)]
    found = next(
        (one for one in Delegate.objects.filter(conference=conference).living().order_by("pk") if one.email.lower() in addresses), None
    )
    if found is None:
        raise NoDelegate
    return found
