"""Every operation of the OpenAPI description, with its example filled with the ids of a fair of the tests' world."""

import copy
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from tests.roles.expectations_bodies import FILLED, REFERENCES
from tests.roles.routes import address, address_values
from tests.roles.world import Corner

PREFIX = "/api/v1/"
Pointer = tuple[str | int, ...]


class Operation:
    """One operation; ``content`` is its JSON body as the description has it, None where it takes none."""

    def __init__(self, schema: dict[str, Any], path: str, method: str, told: dict[str, Any]) -> None:
        self.schema, self.path, self.method = schema, path.removeprefix(PREFIX), method.upper()
        self.name: str = told["operationId"]
        self.content = told.get("requestBody", {}).get("content", {}).get("application/json")
        self.parameters = {parameter["name"] for parameter in told.get("parameters", ())}
        self.kinds = list(told.get("requestBody", {}).get("content", {}))

    @property
    def last_word(self) -> str:
        """Such as the name of a step."""
        return self.path.rstrip("/").rpartition("/")[2]

    @property
    def pattern(self) -> str:
        """The path as the resolver and tests/roles/expectations.py write it."""
        slugs = re.sub(r"\{(fair|conference)\}", r"<slug:\1>", self.path).replace("{id}", "<id:pk>")
        known = {"part": "<id:part>", "hall": "<slug:hall>", "code": "<slug:code>"}
        return re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], f"<str:{match[1]}>"), slugs)

    def url(self, corner: Corner) -> str:
        return address(self.pattern, corner)

    def values(self, corner: Corner) -> dict[str, Any]:
        """What the names in the path stand for at the corner's fair."""
        found = address_values(self.pattern, corner)
        return {name: found["pk" if name == "id" else name] for name in re.findall(r"\{(\w+)\}", self.path)}

    def properties(self, schema: dict[str, Any] | None = None, at: Pointer = ()) -> Iterator[tuple[Pointer, dict[str, Any]]]:
        """Every property that the body may have, nested ones too, as a pointer into the example."""
        schema = self._resolved(self.content["schema"] if schema is None else schema)
        for name, found in schema.get("properties", {}).items():
            found = self._resolved(found)
            yield (*at, name), found
            if found.get("type") == "array":
                yield from self.properties(found["items"], (*at, name, 0))
            else:
                yield from self.properties(found, (*at, name))

    def filled_example(self, corner: Corner) -> Any:
        """The example's body with what exists at the corner's fair."""
        body = copy.deepcopy(self.content["example"])
        for pointer, _found in self.properties():
            if not has(body, pointer):
                continue
            if pointer[-1] in FILLED:
                put(body, pointer, FILLED[str(pointer[-1])](corner))
            elif pointer[-1] in REFERENCES:
                put(body, pointer, REFERENCES[str(pointer[-1])](corner))
        return body

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema or len(schema.get("allOf", ())) == 1:
            schema = self.schema["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema["allOf"][0]
        return schema


@cache
def described() -> dict[str, Any]:
    """The description as it is served."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def operations(*, with_body_only: bool = True) -> list[Operation]:
    schema = described()
    found = [
        Operation(schema, path, method, told) for path, methods in schema["paths"].items() for method, told in methods.items()
    ]  # fmt: skip
    return [operation for operation in found if operation.content is not None or not with_body_only]


def has(body: Any, pointer: Pointer) -> bool:
    for key in pointer:
        if not (key in body if isinstance(body, dict) else isinstance(body, list) and isinstance(key, int) and len(body) > key):
            return False
        body = body[key]
    return True


def put(body: Any, pointer: Pointer, value: Any) -> bool:
    """Write ``value`` there; False where the example does not reach so far."""
    if not has(body, pointer[:-1]):
        return False
    for key in pointer[:-1]:
        body = body[key]
    body[pointer[-1]] = value
    return True
