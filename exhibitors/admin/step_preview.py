"""The letters that a step would write, shown before anybody takes it: written as they would be, and rolled back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.safestring import SafeString

from exhibitors.models import Application
from notifications.admin.letter_frame import letter_frame
from notifications.models import Letter
from notifications.occasions import title_of


@dataclass
class PreviewedLetter:
    """One letter as its first reader would get it; ``others`` get the same in the same language."""

    title: str
    subject: str
    reader: str
    frame: SafeString | str
    others: int = 0


def previewed(application: Application, take: Callable[[], object]) -> list[PreviewedLetter]:
    """What ``take`` writes about this application, one of each kind and language; nothing of what it does stays. Raises Refused."""
    with transaction.atomic():
        newest = Letter.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        take()
        letters = list(Letter.objects.filter(pk__gt=newest, about=f"application:{application.pk}").order_by("pk"))
        transaction.set_rollback(True)
    found: dict[tuple[str, str], PreviewedLetter] = {}
    for letter in letters:
        key = (letter.occasion, letter.language)
        if key in found:
            found[key].others += 1
        else:
            reader = letter.recipient_name or letter.recipient_email
            found[key] = PreviewedLetter(str(title_of(letter.occasion)), letter.subject, reader, letter_frame(letter))
    return list(found.values())
