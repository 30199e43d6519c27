"""What accounts must gather from the apps above it without importing them: each adds its part in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers


@dataclass(frozen=True)
class MeSection:
    """One list or object that ``/api/v1/me/`` shows beside the person's own fields."""

    name: str
    read: Callable[[Any], Any]
    serializer: serializers.BaseSerializer | serializers.Field


_me_sections: dict[str, MeSection] = {}


def register_me_section(name: str, read: Callable[[Any], Any], serializer: serializers.BaseSerializer | serializers.Field) -> None:
    """Show ``read(user)`` under ``name`` in ``me``. ``serializer`` is an instance that describes it, such as ``RoleSerializer(many=True)``.

    Registered under the same name again, the new part takes the old one's place.
    """
    _me_sections[name] = MeSection(name=name, read=read, serializer=serializer)


def me_sections() -> list[MeSection]:
    """All registered parts, in the order of their names."""
    return [_me_sections[name] for name in sorted(_me_sections)]
