"""Strangers' ids inside bodies, and fields that nobody may write: generated from the description of every operation."""

import json
from functools import cached_property
from typing import Any

from django.db.models import Model
from rest_framework.test import APIClient

from exhibitors.enums import STEPS, ApplicationStatus, PlacementStatus, Step
from tests.cases import case
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import StandFactory, square
from tests.roles.base import RolesTestCase, unchanged
from tests.roles.expectations_bodies import NUMBERS, READERS, REFERENCES, UNKNOWN
from tests.roles.operations import Operation, Pointer, has, operations, put
from tests.roles.test_api import OURS

# What stands in them is named by the fair, such as the codes of its questions.
OPEN_OBJECTS = {"answers"}


class BodiesTest(RolesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        here = cls.world.here
        application = here.rows["exhibitors.application"][0]
        stands = [StandFactory(hall=here.rows["fairs.hall"][0], outline=square(15 + 3 * n, 15)) for n in range(2)]
        here.rows["fairs.stand"].insert(0, stands[0])
        offer = PlacementFactory(application=application, stand=stands[1], status=PlacementStatus.OFFERED)
        here.rows["exhibitors.placement"].insert(0, offer)

    @cached_property
    def operations(self) -> list[Operation]:
        return operations()

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
                if pointer[-1] in REFERENCES and has(operation.content["example"], pointer[:-1]):
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
            values = {"strange": strange, "unknown": UNKNOWN[type(mine)]}
            for kind, value in (values if reached else {**values, "own": mine}).items():
                with case(f"{caller}: {operation.name} {pointer}"):
                    answers[kind] = self._send(operation, pointer, value, caller)
            assert answers["strange"] == answers["unknown"], (caller, operation.name, pointer)
            reached = reached or answers["own"] != answers["unknown"]  # nobody else need show it
        return reached

    def _send(self, operation: Operation, pointer: Pointer, value: Any, caller: str) -> tuple[int, bytes]:
        body = operation.filled_example(self.world.here)
        assert put(body, pointer, value), f"the example of {operation.name} has no {pointer}"
        self._make_ready(operation)
        answer = self._send_body(operation, body, caller)
        return answer.status_code, answer.content

    def _make_ready(self, operation: Operation) -> None:
        """The application in the state in which the step, or a change, is looked at, and its stand as the database allows it then."""
        application = self.world.here.rows["exhibitors.application"][0]
        step = next((step for step in Step if operation.path.endswith(f"/{step.value}/")), None)
        status = STEPS[step][0] if step else "draft"
        if operation.name == "applications_create":
            status = "withdrawn"  # a second one beside a living one is refused before all else
        columns = {name: status for name in ("status", "told_status") if hasattr(application, name)}
        application.placements.update(status=PlacementStatus.WITHDRAWN)
        type(application).objects.filter(pk=application.pk).update(**columns)
        if status in ApplicationStatus.live:
            is_accepted = status == ApplicationStatus.ACCEPTED
            application.placements.update(status=PlacementStatus.ACCEPTED if is_accepted else PlacementStatus.OFFERED)

    def test_no_field_that_is_only_read_can_be_written(self) -> None:
        """Everything a model holds and everything an answer shows, thrown into every body that takes less: nothing is taken."""
        for operation in self.operations:
            allowed = {pointer[0] for pointer, _found in operation.properties()}
            for caller in ("company owner", "owner"):
                with case(f"{caller}: {operation.name}"):
                    self._make_ready(operation)
                    with unchanged(*OURS):
                        thrown = {name: value for name, value in self._columns.items() if name not in allowed}
                        answer = self._throw(operation, thrown, caller)
                        assert answer.status_code in (400, 403, 404, 409), answer.status_code
                        named = (
                            {error["pointer"][1:] for error in answer.json().get("errors", ())} if answer.status_code == 400 else {*thrown}
                        )
                        self._assert_passed_over(operation, {name: thrown[name] for name in thrown.keys() - named}, caller)

    def _assert_passed_over(self, operation: Operation, fields: dict[str, Any], caller: str) -> None:
        """What is only read of a new object is passed over: all at once, or one by one where together they are refused."""
        if not fields:
            return
        with case(", ".join(fields)):
            answer = self._throw(operation, fields, caller)
            if answer.status_code in (200, 201):
                assert operation.method == "POST" or answer.status_code != 200
                assert [name for name, value in fields.items() if answer.json().get(name) == value] == []
        if answer.status_code not in (200, 201) and len(fields) > 1:
            for name, value in fields.items():
                self._assert_passed_over(operation, {name: value}, caller)

    def test_no_field_of_an_object_within_a_body_can_be_written_that_is_not_declared(self) -> None:
        places = 0
        for operation in self.operations:
            declared: dict[Pointer, set[Any]] = {}
            for pointer, _found in operation.properties():
                declared.setdefault(pointer[:-1], set()).add(pointer[-1])
            for place, names in declared.items():
                if not place or not has(operation.filled_example(self.world.here), place) or place[-1] in OPEN_OBJECTS:
                    continue
                places += 1
                with case(f"{operation.name} {place}"):
                    self._make_ready(operation)
                    with unchanged(*OURS):
                        body = operation.filled_example(self.world.here)
                        thrown = {name: value for name, value in self._columns.items() if name not in names}
                        for name, value in thrown.items():
                            put(body, (*place, name), value)
                        answer = self._send_body(operation, body, "company owner")
                        assert answer.status_code in (400, 403, 404), answer.content
                        if answer.status_code == 400:
                            named = {
                                error["pointer"].rpartition("/")[2] for error in answer.json()["errors"] if error["code"] == "unknown_field"
                            }
                            assert thrown.keys() - named == set()
        assert places > 10

    def _throw(self, operation: Operation, fields: dict[str, Any], caller: str) -> Any:
        return self._send_body(operation, {**operation.filled_example(self.world.here), **fields}, caller)

    def _send_body(self, operation: Operation, body: Any, caller: str) -> Any:
        client = self._client_of(caller)
        headers = {"If-Match": "*"} if operation.method != "POST" else {}
        url = operation.url(self.world.here)
        return client.generic(operation.method, url, _json(body), content_type="application/json", headers=headers)

    def _client_of(self, caller: str) -> APIClient:
        if caller not in self.clients:
            self.clients[caller] = APIClient()
            self.clients[caller].force_authenticate(self.known[caller])
        return self.clients[caller]

    def setUp(self) -> None:
        super().setUp()
        self.known: dict[str, Any] = {caller: self.world.person(caller) for caller in READERS}
        self.clients: dict[str, APIClient] = {}

    @cached_property
    def _columns(self) -> dict[str, Any]:
        """The names of all columns of all models of ours, with a value that would change something at the first fair."""
        corner = self.world.here
        rows: list[Model] = [row for found in (*corner.rows.values(), *corner.beyond.values()) for row in found]
        rows += [*corner.parts.values(), corner.rows["exhibitors.application"][0], corner.company, self.known["company owner"]]
        found: dict[str, Any] = {}
        for row in rows:
            for column in row._meta.concrete_fields:
                found[column.attname] = found[column.name] = other(getattr(row, column.attname))
        return found


def other(value: Any) -> Any:
    """A JSON value of the same kind that is not ``value``."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return "2030-01-01T00:00:00Z" if hasattr(value, "isoformat") else "accepted"


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
