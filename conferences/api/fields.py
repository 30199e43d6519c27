"""Fields of the conference's representations."""

from datetime import datetime
from typing import Any

from django.utils.timezone import is_naive
from rest_framework import serializers

from conferences.domain.moments import NoSuchTime, moment_in


class FairMomentField(serializers.DateTimeField):
    """A moment with the offset of the fair's zone, whatever the reader's own: the view's context has the ``conference``."""

    def to_representation(self, value: Any) -> str | None:
        if not isinstance(value, datetime):
            return None
        return value.astimezone(self.context["conference"].fair.zone).isoformat()


class WrittenMomentField(serializers.DateTimeField):
    """A moment as somebody writes it: without an offset it is on the clock of the fair's zone (the ``conference`` of the context)."""

    default_error_messages = {"no_such_time": "{text}"}

    def enforce_timezone(self, value: datetime) -> datetime:
        zone = self.context["conference"].fair.zone
        try:
            return moment_in(zone, value) if is_naive(value) else super().enforce_timezone(value)
        except NoSuchTime as refusal:
            self.fail("no_such_time", text=str(refusal))
