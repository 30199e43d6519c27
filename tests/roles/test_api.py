"""Every route of the API for everybody, against tests/roles/expectations.py; what is hidden answers as what is not there."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from rest_framework.test import APIClient

from fairs.enums import StaffRole
from fairs.roles import RIGHTS, Right
from tests.cases import case
from tests.roles.base import RolesTestCase, unchanged
from tests.roles.desk import most_entitled, witnesses
from tests.roles.expectations import CALLERS, TABLE, UNDESCRIBED
from tests.roles.operations import described
from tests.roles.routes import PREFIX, address, below
from tests.roles.tokens import unverified_token
from tests.roles.world import BEYOND, MARK

LET_IN = {200, 201, 400, 409, 415, 428}
OURS = [
    model for model in apps.get_models() if model._meta.app_label in ("fairs", "exhibitors", "allocations", "conferences", "notifications")
]

# Whom a scoping that looks at people would treat differently; the owner has every right that another role has.
ASKED_EVERYWHERE = ("company owner", StaffRole.OWNER, StaffRole.REGIONAL_COORDINATOR)
# Kinds of rows that everybody may read, or that are asked by another test.
PUBLIC = ("exhibitors/", "stands/", "sessions/", "speakers/")
COMPANY, OUTSIDERS = CALLERS[2:6], ("another exhibitor", "owner of another fair")


def cell(expected: str, status: int) -> bool:
    """Whether a status is what a cell of the table says."""
    return status in LET_IN if expected == "in" else status == (404 if expected == "-" else int(expected))


def let_in(line: str) -> frozenset[StaffRole]:
    cells = dict(zip(CALLERS, line.split(), strict=True))
    return frozenset(role for role in StaffRole if cells[role] == "in")


def asked(path: str, line: str, turn: int) -> set[str]:
    """So few of the callers that to guard the route by any other right, of staff or of the company, or by none, would be noticed.

    What a line says alike of all who have signed in is asked by a member of staff or of a company in turn, and by one who has no
    role here: whoever has one may do no less. What nobody but anonymous is refused, or nobody at all, needs no more.
    """
    cells = dict(zip(CALLERS, line.split(), strict=True))
    if {cells[caller] for caller in CALLERS[1:]} == {"in"}:
        outsider = set() if cells["anonymous"] == "in" else {"another exhibitor"}
        return {"anonymous", CALLERS[1 + turn % len(CALLERS[1:])], *outsider}
    callers = {"anonymous", StaffRole.REGIONAL_COORDINATOR.value}
    # An owner elsewhere sees a row of this fair as an owner of this one sees a row of that: somebody_elses_row asks all of these.
    is_mirrored = "<id:pk>" in path and not any(word in path for word in PUBLIC)
    callers |= {OUTSIDERS[turn % 2]} if is_mirrored else {*OUTSIDERS}
    for cell_of_some in {cells[caller] for caller in CALLERS[2:-2]}:
        people = [caller for caller in COMPANY if cells[caller] == cell_of_some]  # each may do what the next may
        staff = frozenset(role for role in StaffRole if cells[role] == cell_of_some)
        is_in = cell_of_some in ("in", "415")
        callers |= {people[-1] if is_in else people[0]} if people else set()
        callers |= (witnesses(staff) or {*staff}) if is_in else most_entitled(staff)
    if cells["superuser"] != cells["owner"] or turn % 3 == 0:
        callers.add("superuser")
    return callers


class ApiTest(RolesTestCase):
    def client_of(self, caller: str) -> APIClient:
        client, user = APIClient(), self.world.person(caller)
        if not isinstance(user, AnonymousUser):
            client.force_authenticate(user)
        return client

    @contextmanager
    def changing_nothing(self, caller: str) -> Iterator[APIClient]:
        with case(caller):
            client = self.client_of(caller)
            with unchanged(*OURS):
                yield client

    def send(self, client: APIClient, method: str, url: str) -> Any:
        if method == "GET":
            return client.get(url)
        return client.generic(method, url, b"{}", content_type="application/json")

    def test_every_route_has_a_line_and_every_line_a_route(self) -> None:
        assert set(below(PREFIX)) == set(TABLE)

    def test_the_description_knows_every_route_and_no_other(self) -> None:
        paths = described()["paths"]
        operations = {(method.upper(), path.removeprefix("/" + PREFIX)) for path, methods in paths.items() for method in methods}
        known = {(method, re.sub(r"<\w+:(\w+)>", r"{\1}", path).replace("{pk}", "{id}")) for method, path in below(PREFIX)}
        assert known - operations == set(UNDESCRIBED)
        assert operations - known == set()

    def test_who_has_not_verified_the_address_is_a_stranger(self) -> None:
        token = unverified_token()
        strangers, unverified = APIClient(), APIClient()
        unverified.credentials(HTTP_X_SESSION_TOKEN=token)
        for (method, path), line in TABLE.items():
            if path == "schema/":
                continue
            url = address(path, self.world.here)
            with case("unverified"):
                answers = [self.send(client, method, url) for client in (strangers, unverified)]
                assert cell(line.split()[0], answers[0].status_code), (method, path, "anonymous", answers[0].status_code)
                assert answers[0].status_code == answers[1].status_code, (method, path)
                assert answers[0].content == answers[1].content, (method, path)

    def test_every_route_answers_as_the_table_says(self) -> None:
        """Of those who are let in and of those who are refused so many that no other guard would tell them apart in the same way."""
        clients = {caller: self.client_of(caller) for caller in CALLERS}
        wrong = []
        for turn, ((method, path), line) in enumerate(TABLE.items()):
            url, callers = address(path, self.world.here), asked(path, line, turn)
            for caller, expected in zip(CALLERS, line.split(), strict=True):
                if caller not in callers or caller == "anonymous" or path == "schema/":
                    continue  # the test before asks as a stranger; tests/api/test_schema.py asks for the description, the same for all
                # To read or to be refused changes nothing that would have to be undone.
                with case(caller) if method != "GET" and expected == "in" else nullcontext():
                    status = self.send(clients[caller], method, url).status_code
                if not cell(expected, status):
                    wrong.append((method, path, caller, expected, status))
        assert wrong == []

    def test_everybody_is_asked_something(self) -> None:
        numbers = Counter(caller for turn, ((_, path), line) in enumerate(TABLE.items()) for caller in asked(path, line, turn))
        assert set(numbers) == set(CALLERS)
        assert min(numbers.values()) > 2, numbers

    def test_the_table_follows_the_roles(self) -> None:
        needed = {
            ("GET", "conferences/<slug:conference>/delegates/"): Right.VIEW_DELEGATES,
            ("GET", "conferences/<slug:conference>/draft/warnings/"): Right.VIEW_CONFERENCE,
            ("POST", "conferences/<slug:conference>/draft/sessions/<id:pk>/place/"): Right.EDIT_CONFERENCE,
            ("GET", "companies/<id:pk>/"): Right.VIEW_APPLICATIONS,
            ("PATCH", "companies/<id:pk>/"): Right.EDIT_APPLICATIONS,
            ("GET", "fairs/<slug:fair>/applications/<id:pk>/"): Right.VIEW_APPLICATIONS,
            ("PATCH", "fairs/<slug:fair>/applications/<id:pk>/"): Right.EDIT_APPLICATIONS,
            ("POST", "fairs/<slug:fair>/applications/<id:pk>/admit/"): Right.DECIDE_APPLICATIONS,
            ("POST", "fairs/<slug:fair>/applications/<id:pk>/offer-stand/"): Right.PLACE,
            ("POST", "fairs/<slug:fair>/applications/<id:pk>/submit/"): Right.ANSWER_FOR_EXHIBITOR,
            ("GET", "fairs/<slug:fair>/stands/<id:pk>/hold/"): Right.VIEW_APPLICATIONS,
            ("POST", "fairs/<slug:fair>/stands/<id:pk>/hold/"): Right.PLACE,
            ("DELETE", "fairs/<slug:fair>/stands/<id:pk>/hold/"): Right.PLACE,
        }
        for route, right in needed.items():
            assert let_in(TABLE[route]) == {role for role in StaffRole if right in RIGHTS[role]}, route

    def test_somebody_elses_row_answers_as_an_unknown_one_and_stays_as_it_is(self) -> None:
        others = self.world.there
        insiders = CALLERS[2:-2]
        assert set(ASKED_EVERYWHERE) <= set(insiders)
        in_turn = [caller for caller in insiders if caller not in ASKED_EVERYWHERE]
        unknown: dict[tuple[str, str], bytes] = {}
        for caller in insiders:
            with self.changing_nothing(caller) as client:
                hidden = [(others, {}), (self.world.here, {"pk": others.rows["exhibitors.application"][0].pk})]
                if caller == StaffRole.REGIONAL_COORDINATOR:
                    hidden.append((self.world.here, {"pk": self.world.here.beyond["exhibitors.application"][0].pk}))
                for turn, (method, path) in enumerate(TABLE):
                    if "<id:pk>" not in path or any(word in path for word in PUBLIC):
                        continue
                    if caller not in (*ASKED_EVERYWHERE, in_turn[turn % len(in_turn)]):
                        continue
                    if (method, path) not in unknown:  # the same bytes for everybody
                        unknown[method, path] = self.send(client, method, address(path, self.world.here, pk=10**9)).content
                    # Who sees this fair as an owner does, or less of it, is asked there and under this one in turn.
                    asked_for = hidden if caller in ("company owner", StaffRole.OWNER) else [hidden[turn % 2], *hidden[2:]]
                    for where, ids in asked_for:
                        kind = re.search(r"(announcements|allocation-runs)/", path)
                        if kind and ids:
                            ids = {"pk": others.row(kind[1]).pk}
                        if path.startswith("companies/"):
                            ids = {"pk": (where.beyond if where is self.world.here else where.rows)["exhibitors.company"][0].pk}
                            if where is self.world.here and caller != StaffRole.REGIONAL_COORDINATOR:
                                continue
                        found = self.send(client, method, address(path, where, **ids))
                        assert (found.status_code, found.content) == (404, unknown[method, path]), (method, path, ids)

    def test_a_row_of_another_fair_is_unknown_under_this_one(self) -> None:
        """Catalogue and stands too, which everybody may read: each belongs to the fair in the address. Of a row that its readers see
        at its own fair they are asked who see it there; all others have been asked by the test before."""
        here, there = self.world.here, self.world.there
        not_there: dict[Any, Any] = {}
        for caller in ("anonymous", "another exhibitor", "company owner", "owner", "regional_coordinator", "superuser"):
            with self.changing_nothing(caller) as client:
                for method, path in TABLE:
                    if "<slug:fair>" not in path or "<id:pk>" not in path:
                        continue
                    if caller not in ("another exhibitor", "superuser") and not any(word in path for word in PUBLIC):
                        continue
                    kind = re.search(r"([\w-]+)/<id:pk>", path)[1]
                    found = self.send(client, method, address(path, here, pk=there.row(kind).pk))
                    assert found.status_code in (401, 403, 404), (method, path)
                    self.check_as_unknown(found, client, method, address(path, here, pk=10**9), not_there)

    def test_somebody_elses_part_answers_as_an_unknown_one_and_stays_as_it_is(self) -> None:
        """The own application in the address, and the part of another one: of the same fair, and of another fair."""
        here, there = self.world.here, self.world.there
        in_turn = ("another exhibitor", "company logistics")
        not_there: dict[Any, Any] = {}
        for caller in (*in_turn, "company owner", StaffRole.OWNER, StaffRole.REGIONAL_COORDINATOR):
            with self.changing_nothing(caller) as client:
                for turn, (method, path) in enumerate(route for route in TABLE if ":part>" in route[1]):
                    if caller in in_turn and caller != in_turn[turn % 2]:
                        continue
                    parts = self.parts_of_others(path)
                    for part in parts if caller == StaffRole.REGIONAL_COORDINATOR else [parts[0], parts[-1]]:
                        found = self.send(client, method, address(path, here, part=part.pk))
                        assert found.status_code in (403, 404), (method, path)
                        self.check_as_unknown(found, client, method, address(path, here, part=10**9), not_there)
        assert there.fair.pk != here.fair.pk

    def check_as_unknown(self, found: Any, client: APIClient, method: str, url: str, known: dict[Any, Any]) -> None:
        """That ``found`` is what ``url``, where nothing is, answers. What is not there is the same bytes for everybody, and asked once;
        who is refused is asked for, so that a refusal does not tell what is there."""
        key = (method, url, None if found.status_code == 404 else client)
        if key not in known:
            unknown = self.send(client, method, url)
            known[key] = (unknown.status_code, unknown.content)
        assert (found.status_code, found.content) == known[key], (method, url)

    def parts_of_others(self, path: str) -> list[Any]:
        """One of the own fair, one of it beyond a coordinator's region, and one of another fair."""
        kind, name = re.search(r"([\w-]+)/<id:pk>", path)[1], re.search(r"([\w-]+)/<\w+:part>", path)[1]
        own = self.world.here.row(kind)
        here, there = (
            [part for (key, parent), part in corner.parts.items() if key == f"{kind}/{name}" and parent != own.pk]
            for corner in (self.world.here, self.world.there)
        )
        return [*here[:1], *here[1:][-1:], *there[:1]]

    def test_lists_hold_the_own_rows_only(self) -> None:
        here = self.world.here
        for caller in CALLERS[1:-1]:
            with case(caller):
                client = self.client_of(caller)
                unwanted = "Aahere" if caller in ("another exhibitor", "owner of another fair") else MARK
                urls = ["/api/v1/me/", "/api/v1/companies/", address("fairs/<slug:fair>/applications/", here)]
                texts = [client.get(url).content.decode() for url in urls] + [client.get(urls[2], {"region": "RU-KHA"}).content.decode()]
                assert not [text for text in texts if unwanted.lower() in text.lower()]
                if caller == StaffRole.REGIONAL_COORDINATOR:
                    assert not [text for text in texts if BEYOND in text]
                    assert client.get(urls[2]).json()["count"] == len(here.rows["exhibitors.application"])
