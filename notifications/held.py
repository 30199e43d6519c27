"""Letters that have not left and need not: hold them back, change them, let them go. One verb a function, for the desk and for apps."""

import hashlib
from datetime import datetime

from notifications import cleaning, rendering
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import hint_on_commit
from notifications.sweep import HINT_LASTS


def hold(*, letter_id: int) -> bool:
    """Keep a letter from leaving until it is released. False when it has left, is just leaving, or has ended."""
    resting = Letter.objects.filter(pk=letter_id, status__in=LetterStatus.resting, is_held=False)
    return bool(resting.update(status=LetterStatus.QUEUED, is_held=True))


def release(*, letter_id: int, now: datetime) -> bool:
    """Let a held letter leave: now, or at its ``due_at`` where that is later. False when it is not held."""
    held = Letter.objects.filter(pk=letter_id, is_held=True)
    if held.filter(due_at__gt=now).update(is_held=False):
        return True
    # The 24 hours in which it is tried begin now.
    released = held.update(is_held=False, due_at=now, next_attempt_at=now + HINT_LASTS)
    if released:
        hint_on_commit(letter_id)
    return bool(released)


def wording_of(letter: Letter) -> str:
    """A digest of what a letter says: a page that edits it tells by it whether a colleague was first."""
    return hashlib.sha256(f"{letter.subject}\n{letter.text}".encode()).hexdigest()[:32]


def edit(*, letter_id: int, subject: str, text: str, now: datetime, seen: str = "") -> bool:
    """Change what a letter says, in both of its forms.

    False when it may not be edited (any more), see ``LetterQuerySet.editable``, or no longer says what ``seen`` is the digest of.
    """
    editable = Letter.objects.editable(now=now).filter(pk=letter_id)
    letter = editable.first()
    if letter is None or (seen and seen != wording_of(letter)):
        return False
    written = rendering.rewrite(subject=cleaning.one_line(subject), text=text, language=letter.language)
    unchanged = editable.filter(subject=letter.subject, text=letter.text)
    return bool(unchanged.update(subject=written.subject, text=written.text, html=written.html))
