"""An outline as a person writes it: 0 0; 3 0; 3 3; 0 3."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from fairs.domain.stand_columns import outline_of
from fairs.validators import validate_outline


def outline_text(outline: Any) -> str:
    """``[[0, 0], [3, 0], [3, 3]]`` as ``0 0; 3 0; 3 3``."""
    return "; ".join(f"{x:g} {y:g}" for x, y in outline)


class OutlineField(forms.CharField):
    """Takes corners as text, and JSON such as other programs write."""

    widget = UnfoldAdminTextareaWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Outline"))
        kwargs.setdefault("help_text", _("The corners in metres from the hall's lower left corner, x before y: 0 0; 3 0; 3 3; 0 3"))
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = 2

    def prepare_value(self, value: Any) -> Any:
        try:
            validate_outline(value)
        except ValidationError:
            return value
        return outline_text(value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            if text.startswith("["):
                outline = json.loads(text)
                validate_outline(outline)
                return outline
            return outline_of(text)
        except RecursionError as error:
            raise ValidationError(_("Write the corners as “0 0; 3 0; 3 3; 0 3”, in metres."), code="outline") from error
        except ValidationError:
            raise
        except ValueError as error:
            raise ValidationError(str(error), code="outline") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))
