"""Letters that failed or came back, once more: to whoever would read them today."""

from typing import Any

from django.utils import timezone
from django.utils.html import escape

from notifications.concerns import Present, present_of
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import hint_on_commit, new_message_id
from notifications.suppressions import is_suppressed
from notifications.sweep import HINT_LASTS


def send_again(*, letter_id: int) -> bool:
    """Queue once more a letter that failed or came back; the 24 hours in which it is tried begin now.

    What failed keeps its Message-ID. What came back gets a new one: a late report about the first sending says nothing of the second.
    It goes to the address that its kind would be written to today (:mod:`notifications.concerns`).
    False when it did neither, when no mail goes to its address, or when it has no text: that of a secret one is gone, and that of
    another could not be written.
    """
    now = timezone.now()
    values: dict[str, Any] = {"status": LetterStatus.QUEUED, "lost_attempts": 0, "due_at": now, "next_attempt_at": now + HINT_LASTS}
    again = {"sent_at": None, "bounced_at": None, "delivered_at": None, "report": "", "message_id": new_message_id()}
    letter = Letter.objects.repeatable().filter(pk=letter_id)
    found = letter.select_related("user").first()
    if found is None:
        return False
    present = present_of(found)
    if is_suppressed(present.email if present else found.recipient_email):
        return False
    if present is not None:
        values |= _addressed(found, present)
    changed = letter.filter(status=LetterStatus.FAILED).update(failure_told_at=None, **values)
    changed = changed or letter.filter(bounced_at__isnull=False).update(failure_told_at=None, **values, **again)
    if changed:
        hint_on_commit(letter_id)
    return bool(changed)


def _addressed(letter: Letter, present: Present) -> dict[str, Any]:
    """The letter to its present reader: the address stands in its text as well, and the name in its greeting."""

    def renamed(text: str) -> str:
        first, line, rest = text.partition("\n")
        if letter.recipient_name and present.name:
            first = first.replace(letter.recipient_name, present.name)
        return f"{first}{line}{rest}".replace(letter.recipient_email, present.email)

    html = letter.html.replace(escape(letter.recipient_email), escape(present.email))
    if letter.recipient_name and present.name:
        html = html.replace(escape(letter.recipient_name), escape(present.name), 1)
    return {
        "recipient_email": present.email,
        "recipient_name": present.name,
        "user_id": present.user_id,
        "text": renamed(letter.text),
        "html": html,
    }
