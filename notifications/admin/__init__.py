from notifications.admin.letter import LetterAdmin
from notifications.admin.suppression import SuppressionAdmin

__all__ = ["LetterAdmin", "SuppressionAdmin"]
