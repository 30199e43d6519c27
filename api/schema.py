"""The OpenAPI description: what every operation shares is said here once."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, get_lib_doc_excludes
from drf_spectacular.utils import Direction
from rest_framework.permissions import AllowAny

from api.etags import ConditionalMixin, ListETagMixin
from api.examples import Example, example_of
from api.idempotency import IdempotentCreateMixin
from api.languages import ALL, COLUMNS, LANGUAGES
from api.problems import CONTENT_TYPE
from api.serializers import StrictMixin, StrictModelSerializer, StrictSerializer

MEANINGS = {
    "400": "The request contains errors; `errors` names each field or parameter.",
    "401": "Sign in first.",
    "403": "You may see it, and may not do this.",
    "404": "There is nothing here, or nothing that you may see.",
    "409": "The present state does not allow it, or the first request with this Idempotency-Key is still running.",
    "412": "The object has changed since you read it.",
    "413": "The body is too large.",
    "415": "The body is of a kind that is not understood.",
    "422": "This Idempotency-Key came with another body before.",
    "428": "If-Match is missing.",
    "429": "Too many requests: wait for Retry-After seconds.",
}
_TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details. Some problems carry further members.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/invalid"]},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {**_TEXT, "description": "Where in the body (RFC 6901).", "examples": ["/sites/0/site"]},
                    "parameter": {**_TEXT, "description": "Which query parameter."},
                    "code": _TEXT,
                    "detail": _TEXT,
                },
            },
        },
    },
}
_ETAG_HEADER = {"ETag": {"schema": _TEXT, "description": "The version of what was answered."}}


class YarmarkaSchema(AutoSchema):
    """Adds the language parameters, the conditional and idempotency headers, and the problems each operation can answer."""

    def get_tags(self) -> list[str]:
        return super().get_tags() or ["api"]

    def get_description(self) -> str:
        return _as_markdown(super().get_description())

    def get_summary(self) -> str:
        """The first sentence, for lists of operations."""
        sentence = self.get_description().partition("\n\n")[0].replace("\n", " ").partition(". ")[0]
        return sentence.partition(": ")[0].rstrip(".")

    def _get_parameters(self) -> list[dict[str, Any]]:
        parameters = super()._get_parameters()
        for parameter in parameters:
            if parameter["in"] == "path":
                is_id = parameter["schema"].get("type") == "integer"
                parameter.setdefault("description", "Id, as lists give it." if is_id else f"Slug of the {parameter['name']}.")
        known = {(parameter["name"].lower(), parameter["in"]) for parameter in parameters}
        return parameters + [extra for extra in self._shared_parameters() if (extra["name"].lower(), extra["in"]) not in known]

    def _shared_parameters(self) -> list[dict[str, Any]]:
        shared = [
            _parameter("lang", "query", {"type": "string", "enum": [*LANGUAGES, ALL]}, "Language of texts; `all`: an object with each."),
            _parameter("Accept-Language", "header", _TEXT, "Language of texts and messages: ru, zh-hans or en."),
        ]
        if self._needs_match():
            shared.append({**_parameter("If-Match", "header", _TEXT, "The ETag that you read."), "required": True})
        if self._may_match():
            text = "The ETag that you read: 412, and nothing happens, when the object has changed since. Left out: whatever it is now."
            shared.append(_parameter("If-Match", "header", _TEXT, text))
        if self._is_idempotent():
            key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
            shared.append(
                _parameter("Idempotency-Key", "header", key, "Any text of yours: a repeated request with it creates nothing new.")
            )
        if self._has_tag():
            shared.append(_parameter("If-None-Match", "header", _TEXT, "The ETag that you hold: 304 when it still holds."))
        return shared

    def _get_request_body(self, direction: Direction = "request") -> dict[str, Any] | None:
        body = super()._get_request_body(direction)
        if body is not None and direction == "request":
            _show(body, self._example().request)
        return body

    def _example(self) -> Example:
        return example_of(self.view, self.get_operation_id())

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        if direction != "response":
            return responses
        for status in responses:
            if status.startswith("2"):
                _show(responses[status], self._example().response)
        if self._has_tag() and "200" in responses:
            responses["200"].setdefault("headers", {}).update(_ETAG_HEADER)
            responses.setdefault("304", {"description": "What you hold is still right.", "headers": _ETAG_HEADER})
        if self._is_idempotent() and "201" in responses and isinstance(self.view, ConditionalMixin):
            responses["201"].setdefault("headers", {}).update(_ETAG_HEADER)
        for status in self._problem_statuses():
            responses.setdefault(
                status, {"description": MEANINGS[status], "content": {CONTENT_TYPE: {"schema": self._problem_reference()}}}
            )
        return dict(sorted(responses.items()))

    def _problem_statuses(self) -> list[str]:
        writes = self.method not in ("GET", "HEAD", "OPTIONS")
        is_open = all(isinstance(permission, AllowAny) for permission in self.view.get_permissions())
        statuses = ["400"]
        if not is_open:
            statuses += ["401", "403"]
        if "{" in self.path or self._is_paginated():
            statuses.append("404")
        if writes:
            statuses += ["403", "409", "429"]
        if self.method in ("POST", "PUT", "PATCH"):
            statuses += ["413", "415"]
        if self._needs_match():
            statuses += ["412", "428"]
        if self._may_match():
            statuses.append("412")
        if self._is_idempotent():
            statuses.append("422")
        return statuses

    def _is_paginated(self) -> bool:
        return self.method == "GET" and getattr(self.view, "paginator", None) is not None and self._is_list_view()

    def _needs_match(self) -> bool:
        return isinstance(self.view, ConditionalMixin) and self.method in ("PUT", "PATCH", "DELETE") and self._is_plain_action()

    def _may_match(self) -> bool:
        """Whether a POST honours If-Match without asking for it."""
        return self.method == "POST" and getattr(self.view, "may_match", False)

    def _has_tag(self) -> bool:
        if self.method != "GET":
            return False
        if isinstance(self.view, ListETagMixin) and (self._is_list_view() or not isinstance(self.view, ConditionalMixin)):
            return True
        return isinstance(self.view, ConditionalMixin) and not self._is_list_view() and self._is_plain_action()

    def _is_plain_action(self) -> bool:
        return getattr(self.view, "action", None) in (None, "retrieve", "update", "partial_update", "destroy")

    def _is_idempotent(self) -> bool:
        if not isinstance(self.view, IdempotentCreateMixin) or self.method != "POST":
            return False
        action = getattr(self.view, "action", None)
        return action is None or action in self.view.idempotent_actions

    def _problem_reference(self) -> dict[str, Any]:
        return _component(self, "Problem", PROBLEM)

    def _map_basic_serializer(self, serializer: Any, direction: Direction) -> dict[str, Any]:
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and isinstance(serializer, StrictMixin):
            schema["additionalProperties"] = False
        if "description" in schema:
            schema["description"] = _as_markdown(schema["description"])
        properties = schema.get("properties", {})
        for described in properties.values():
            described.pop("title", None)  # the label of a form
            for branch in described.get("oneOf", []):
                if "default" in branch:  # '' is no value of the branch with the pattern
                    described["default"] = branch.pop("default")
        if direction == "response":
            self._describe_answer(serializer, schema, properties)
        return schema

    def _describe_answer(self, serializer: Any, schema: dict[str, Any], properties: dict[str, Any]) -> None:
        """What one may leave out of a request is in every answer all the same; a serializer names the exceptions:
        ``not_for_all`` (left out for some readers)."""
        for name, described in properties.items():
            described.pop("readOnly", None)  # requests have components of their own
            if described.keys() == {"allOf"} and len(described["allOf"]) == 1:
                properties[name] = described["allOf"][0]
        present = [name for name in properties if name not in getattr(serializer, "not_for_all", ())]
        if present:
            schema["required"] = sorted(present)


def _show(body: dict[str, Any], example: Any) -> None:
    """Put ``example`` beside the schema of each content type of a request or an answer."""
    if example is not None:
        for content in body.get("content", {}).values():
            content["example"] = example


def without_own_description() -> list[type]:
    """Classes whose docstring is for programmers, beside drf-spectacular's own list."""
    return [*get_lib_doc_excludes(), StrictSerializer, StrictModelSerializer]


def _as_markdown(text: str) -> str:
    return text.replace("``", "`")


def text_schema(auto_schema: Any) -> dict[str, Any]:
    """A text as it is read: a string, or for ``?lang=all`` an object with each language."""
    return _component(
        auto_schema,
        "Text",
        {
            "description": "A text in the reader's language; with `?lang=all` an object with each, '' where one is missing.",
            "oneOf": [_TEXT, _in_each_language(_TEXT)],
        },
    )


def lines_schema(auto_schema: Any) -> dict[str, Any]:
    """A list of texts as it is read."""
    lines = {"type": "array", "items": _TEXT}
    return _component(
        auto_schema,
        "Lines",
        {
            "description": "A list of texts in the reader's language; with `?lang=all` an object with a list for each.",
            "oneOf": [lines, _in_each_language(lines)],
        },
    )


def _in_each_language(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(COLUMNS, schema), "required": list(COLUMNS), "additionalProperties": False}


def _component(auto_schema: Any, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name)
    auto_schema.registry.register_on_missing(component)
    return component.ref


class TranslatedFieldExtension(OpenApiSerializerFieldExtension):
    """A string in one language, or an object of all; in a request some languages may be left out."""

    target_class = "api.languages.TranslatedField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        if direction == "response":
            return text_schema(auto_schema)
        text = {"type": "string", "maxLength": self.target.max_length}
        texts = {"type": "object", "properties": dict.fromkeys(COLUMNS, text), "additionalProperties": False, "minProperties": 1}
        return {"oneOf": [text, texts]}


def _parameter(name: str, place: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": schema, "description": description}
