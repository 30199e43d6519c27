"""What Django's own rules for a new password leave open."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 256  # characters: a sentence goes in, a whole file does not


class MaximumLengthValidator:
    """A password has at most 256 characters, wherever it is chosen."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("A password has at most %(longest)d characters.") % {"longest": LONGEST}
