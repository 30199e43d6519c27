"""The outbox and what it goes by."""

from notifications.models.attachment import LetterAttachment
from notifications.models.letter import LEASE, Letter, LetterQuerySet
from notifications.models.sending import DomainLimit, Pace, SendingPause
from notifications.models.suppression import Suppression

__all__ = ["LEASE", "DomainLimit", "Letter", "LetterAttachment", "LetterQuerySet", "Pace", "SendingPause", "Suppression"]
