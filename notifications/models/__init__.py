"""The outbox and what it goes by."""

from notifications.models.attachment import LetterAttachment
from notifications.models.letter import LEASE, Letter, LetterQuerySet
from notifications.models.sending import DomainLimit, Pace, SendingPause
from notifications.models.suppression import Suppression
from notifications.models.template import LetterTemplate

__all__ = ["LEASE", "DomainLimit", "Letter", "LetterAttachment", "LetterQuerySet", "LetterTemplate", "Pace", "SendingPause", "Suppression"]
