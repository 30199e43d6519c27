"""Which own texts a fair has, as a process remembers them, and what happens when one cannot be used.

A fair carries a number (``letters_version``) that grows with every change of its own texts; 0 is a fair that never had any. Whoever writes
a letter has read the fair in the same request, and what this process remembers holds for that number only: it can be old by no moment
longer than the fair itself. Without the fair at hand the texts are read.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from notifications.models import LetterTemplate
from notifications.wording import Wording

logger = logging.getLogger(__name__)

Texts = dict[tuple[str, str], tuple[int, Wording]]  # by occasion and language: the row's id, and what it says
_remembered: dict[int, tuple[int, Texts]] = {}
_tellers: list[Callable[[LetterTemplate], Any]] = []


def texts_of(fair_id: int | None, *, version: int | None = None) -> Texts:
    """The own texts of a fair; no query when ``version``, the fair's number, is 0 or the one that is remembered."""
    if fair_id is None or version == 0:
        return {}
    known = _remembered.get(fair_id)
    if known is not None and version is not None and known[0] == version:
        return known[1]
    rows = LetterTemplate.objects.filter(fair=fair_id).values_list("occasion", "language", "pk", "subject", "text")
    texts = {(occasion, language): (pk, Wording(subject, text)) for occasion, language, pk, subject, text in rows}
    if version is not None:
        _remembered[fair_id] = (version, texts)
    return texts


def forget() -> None:
    """Drop what this process remembers."""
    _remembered.clear()


def register_teller(teller: Callable[[LetterTemplate], Any]) -> None:
    """Let ``teller`` tell the organisers that a text of theirs cannot be used; call it in ``AppConfig.ready``."""
    if teller not in _tellers:
        _tellers.append(teller)


def give_up(template_id: int, *, because: str) -> None:
    """Write down why the text could not be used, and tell the organisers, once until somebody changes it."""
    first = LetterTemplate.objects.filter(pk=template_id, broken_at=None)
    if first.update(broken_at=timezone.now(), broken_because=because[:500]):
        logger.warning("The own text %s of a fair cannot be used: %s", template_id, because)
        row = LetterTemplate.objects.select_related("fair").get(pk=template_id)
        for teller in _tellers:
            teller(row)
