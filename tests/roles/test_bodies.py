"""Strangers' ids inside bodies, and fields that nobody may write: generated from the description of every operation."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from exhibitors.enums import STEPS, PlacementStatus, Step
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import StandFactory, square
from tests.roles.base import RolesTestCase, as_caller
from tests.roles.expectations_bodies import FILLED, NUMBERS, READERS, REFERENCES, UNKNOWN
from tests.roles.test_api import OURS, address
from tests.roles.world import Corner, snapshot

PREFIX = "/api/v1/"
Pointer = tuple[str | int, ...]


class Operation:
    """One operation of the description that takes a JSON body."""

    def __init__(self, schema: dict[str, Any], path: str, method: str, described: dict[str, Any]) -> None:
        self.schema, self.path, self.method = schema, path.removeprefix(PREFIX), method.upper()
        self.name: str = described["operationId"]
        self.content = described["requestBody"]["content"]["application/json"]

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

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema or len(schema.get("allOf", ())) == 1:
            schema = self.schema["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema["allOf"][0]
        return schema

    def url(self, corner: Corner) -> str:
        path = self.path.replace("{id}", "<id:pk>").replace("{", "<id:").replace("}", ">").replace("<id:fair>", "<slug:fair>")
        return address(path.replace("<id:conference>", "<slug:conference>"), corner)


def operations() -> list[Operation]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found = [(path, method, operation) for path, methods in schema["paths"].items() for method, operation in methods.items()]
    with_body = [(path, method, operation) for path, method, operation in found if "requestBody" in operation]
    return [
        Operation(schema, path, method, operation)
        for path, method, operation in with_body
        if "application/json" in operation["requestBody"]["content"]
    ]


def put(body: Any, pointer: Pointer, value: Any) -> bool:
    """Write ``value`` where the example has something; whether it had."""
    for key in pointer[:-1]:
        if not (key in body if isinstance(body, dict) else isinstance(key, int) and len(body) > key):
            return False
        body = body[key]
    body[pointer[-1]] = value
    return True


class BodiesTest(RolesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.operations = operations()
        here = cls.world.here
        application = here.rows["exhibitors.application"][0]
        stands = [StandFactory(hall=here.rows["fairs.hall"][0], outline=square(15 + 3 * n, 15)) for n in range(2)]
        here.rows["fairs.stand"].insert(0, stands[0])
        offer = PlacementFactory(application=application, stand=stands[1], status=PlacementStatus.OFFERED)
        here.rows["exhibitors.placement"].insert(0, offer)

    def test_every_whole_number_is_declared(self) -> None:
        wholes = {
            (operation.name, pointer[-1]) for operation in self.operations for pointer, found in operation.properties()
            if "integer" in (found.get("type") if isinstance(found.get("type"), list) else [found.get("type")])
        }  # fmt: skip
        unknown = sorted((name, str(key)) for name, key in wholes if key not in REFERENCES and key not in NUMBERS)
        assert unknown == [], "say in tests/roles/expectations_bodies.py what it names, or that it is only a number"

    def test_somebody_elses_id_in_a_body_answers_as_an_unknown_one(self) -> None:
        reached: set[tuple[str, str]] = set()
        wanted: set[tuple[str, str]] = set()
        for operation in self.operations:
            for pointer, _found in operation.properties():
                if pointer[-1] in REFERENCES:
                    wanted.add((operation.name, str(pointer[-1])))
                    if self._tell_apart(operation, pointer):
                        reached.add((operation.name, str(pointer[-1])))
        assert wanted - reached == set(), "nobody got so far that the id was looked at: the test shows nothing"

    def _tell_apart(self, operation: Operation, pointer: Pointer) -> bool:
        """Whether the own id answered otherwise than the unknown one for somebody. A stranger's never does."""
        own, reached = REFERENCES[str(pointer[-1])], False
        mine, strange = own(self.world.here), own(self.world.there)
        for caller in READERS:
            answers = {}
            for kind, value in (("own", mine), ("strange", strange), ("unknown", UNKNOWN[type(mine)])):
                with as_caller(f"{caller}: {operation.name} {pointer}"):
                    answers[kind] = self._send(operation, pointer, value, caller)
            assert answers["strange"] == answers["unknown"], (caller, operation.name, pointer)
            reached = reached or answers["own"] != answers["unknown"]
        return reached

    def _send(self, operation: Operation, pointer: Pointer, value: Any, caller: str) -> tuple[int, bytes]:
        body = self._body(operation)
        assert put(body, pointer, value), f"the example of {operation.name} has no {pointer}"
        self._make_ready(operation)
        client = APIClient()
        client.force_authenticate(self.world.person(caller))
        url = operation.url(self.world.here)
        headers = {}
        if operation.method != "POST":
            headers["If-Match"] = client.get(url).get("ETag", "*")
        answer = client.generic(operation.method, url, _json(body), content_type="application/json", headers=headers)
        return answer.status_code, answer.content

    def _body(self, operation: Operation) -> Any:
        body = copy.deepcopy(operation.content["example"])
        for pointer, _found in operation.properties():
            if pointer[-1] in FILLED and _has(body, pointer):
                put(body, pointer, FILLED[str(pointer[-1])])
            if pointer[-1] in REFERENCES and _has(body, pointer):
                put(body, pointer, REFERENCES[str(pointer[-1])](self.world.here))
        return body

    def _make_ready(self, operation: Operation) -> None:
        """The application in the state in which the step, or a change, is looked at."""
        application = self.world.here.rows["exhibitors.application"][0]
        step = next((step for step in Step if operation.path.endswith(f"/{step.value}/")), None)
        status = STEPS[step][0] if step else "draft"
        columns = {name: status for name in ("status", "told_status") if hasattr(application, name)}
        type(application).objects.filter(pk=application.pk).update(**columns)

    def test_no_field_that_is_only_read_can_be_written(self) -> None:
        """Everything a model holds and everything an answer shows, thrown into every body that takes less: nothing is taken."""
        for operation in self.operations:
            allowed = {pointer[0] for pointer, _found in operation.properties()}
            for caller in ("company owner", "owner"):
                with as_caller(f"{caller}: {operation.name}"):
                    self._make_ready(operation)
                    before = snapshot(*OURS)
                    for name, value in self._columns(operation).items():
                        if name not in allowed:
                            self._assert_not_taken(operation, name, value, caller)
                    assert snapshot(*OURS) == before

    def _assert_not_taken(self, operation: Operation, name: str, value: Any, caller: str) -> None:
        with as_caller(name):
            answer = self._throw(operation, name, value, caller)
            if operation.method == "POST" and answer.status_code == 201:  # of a new object it is passed over
                assert answer.json().get(name) != value
            else:  # 400 names the field, unless the reader was refused before the body was read
                assert answer.status_code in (400, 403, 404, 409), answer.status_code

    def _throw(self, operation: Operation, name: str, value: Any, caller: str) -> Any:
        client = APIClient()
        client.force_authenticate(self._people(caller))
        headers = {"If-Match": "*"} if operation.method != "POST" else {}
        body = {**self._body(operation), name: value}
        url = operation.url(self.world.here)
        return client.generic(operation.method, url, _json(body), content_type="application/json", headers=headers)

    def _people(self, caller: str) -> Any:
        if caller not in self.known:
            self.known[caller] = self.world.person(caller)
        return self.known[caller]

    def setUp(self) -> None:
        super().setUp()
        self.known: dict[str, Any] = {caller: self.world.person(caller) for caller in ("company owner", "owner")}

    def _columns(self, operation: Operation) -> dict[str, Any]:
        """Names of columns of the models that the operation may touch, with a value that would change something."""
        corner = self.world.here
        rows: list[Model] = [corner.rows["exhibitors.application"][0], corner.company, corner.rows["exhibitors.placement"][0]]
        rows.append(self.known["company owner"])
        found: dict[str, Any] = {}
        for row in rows:
            for column in row._meta.concrete_fields:
                found[column.attname] = found[column.name] = _other(getattr(row, column.attname))
        return found


def _other(value: Any) -> Any:
    """A JSON value of the same kind that is not ``value``."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return "2030-01-01T00:00:00Z" if hasattr(value, "isoformat") else "accepted"


def _has(body: Any, pointer: Pointer) -> bool:
    for key in pointer:
        if not (key in body if isinstance(body, dict) else isinstance(body, list) and isinstance(key, int) and len(body) > key):
            return False
        body = body[key]
    return True


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
