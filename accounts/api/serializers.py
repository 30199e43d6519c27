"""The person who is signed in, as JSON."""

import copy
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts import registry
from accounts.enums import Notice, in_order
from accounts.models import User, validate_time_zone
from api.serializers import StrictModelSerializer
from notifications.cleaning import one_line


class MeSerializer(StrictModelSerializer):
    """The person who is signed in, the companies that person may act for, and the roles that person has at fairs."""

    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    time_zone = serializers.CharField(max_length=64, validators=[validate_time_zone])
    daily_digest = serializers.BooleanField(
        required=False, help_text=_("Staff: one letter a day, at 18:00 at the fair, about what there is to do.")
    )
    notices_at_once = serializers.ListField(
        child=serializers.ChoiceField(choices=Notice.choices),
        max_length=len(Notice.values),
        required=False,
        help_text=_("Staff: what comes as a letter of its own; what is not in the list stands in the daily digest."),
    )

    class Meta:
        model = User
        fields = ["id", "email", "name", "language", "time_zone", "daily_digest", "notices_at_once"]
        read_only_fields = ["email"]  # changed, with a code to the new address, by /_allauth/app/v1/account/email

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for section in registry.me_sections():
            fields[section.name] = _SectionField(section)
        return fields

    def validate_notices_at_once(self, value: list[str]) -> list[str]:
        return in_order(value)

    def validate_name(self, value: str) -> str:
        return one_line(value)


class _SectionField(serializers.Field):
    """A registered part of ``me``; it reads the whole user."""

    def __init__(self, section: registry.MeSection) -> None:
        self.section = section
        super().__init__(read_only=True, source="*")

    def to_representation(self, value: User) -> Any:
        serializer: Any = copy.deepcopy(self.section.serializer)
        serializer._context = self.context  # the reader's language
        return serializer.to_representation(self.section.read(value))
