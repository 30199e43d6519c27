"""Describes the registered parts of ``me`` to the OpenAPI schema."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension


class SectionFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "accounts.api.serializers._SectionField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Any:
        if direction == "request":
            return {}  # read-only: not part of any request
        described = self.target.section.serializer
        if hasattr(described, "child"):
            return {"type": "array", "items": _one(auto_schema, described.child, direction)}
        return _one(auto_schema, described, direction)


def _one(auto_schema: Any, described: Any, direction: str) -> Any:
    if hasattr(described, "get_fields"):
        return auto_schema.resolve_serializer(described, direction).ref
    return auto_schema._map_serializer_field(described, direction)
