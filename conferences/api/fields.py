"""Fields of the conference's representations."""

from datetime import datetime
from typing import Any

from rest_framework import serializers


class FairMomentField(serializers.DateTimeField):
    """A moment with the offset of the fair's zone, whatever the reader's own: the view's context has the ``conference``."""

    def to_representation(self, value: Any) -> str | None:
        if not isinstance(value, datetime):
            return None
        return value.astimezone(self.context["conference"].fair.zone).isoformat()
