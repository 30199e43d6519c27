"""Every route of the API for everybody, against tests/roles/expectations.py; what is hidden answers as what is not there."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from fairs.enums import StaffRole
from fairs.roles import RIGHTS, Right
from tests.roles.base import RolesTestCase, as_caller
from tests.roles.expectations import CALLERS, TABLE
from tests.roles.world import BEYOND, MARK, Corner, snapshot

PREFIX = "api/v1/"
LET_IN = {200, 201, 400, 409, 428}
OURS = [model for model in apps.get_models() if model._meta.app_label in ("fairs", "exhibitors", "conferences", "notifications")]


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every method and path below /api/v1/, from the resolver: a view that the schema leaves out counts too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith(PREFIX):
            view: Any = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
            for method in view.http_method_names:
                if hasattr(view, method) and method not in ("head", "options"):
                    yield method.upper(), path.removeprefix(PREFIX)


def address(path: str, own: Corner, **ids: int) -> str:
    """The path with the fair's slugs, and the id of its row unless another is given."""
    exhibitor, application = own.rows["exhibitors.exhibitor"][0], own.rows["exhibitors.application"][0]
    pk = own.company.pk if path.startswith("companies/") else exhibitor.pk if "exhibitors/" in path else application.pk
    values = {"fair": own.fair.slug, "conference": own.rows["conferences.conference"][0].slug, "pk": ids.get("pk", pk)}
    values |= {"member": own.company.members.latest("pk").pk, "invitation": own.company.invitations.get().pk}
    return "/" + PREFIX + re.sub(r"<\w+:(\w+)>", lambda match: str(values[match.group(1)]), path)


def cell(expected: str, status: int) -> bool:
    """Whether a status is what a cell of the table says."""
    return status in LET_IN if expected == "in" else status == (404 if expected == "-" else int(expected))


class ApiTest(RolesTestCase):
    def client_of(self, caller: str) -> APIClient:
        client, user = APIClient(), self.world.person(caller)
        if not isinstance(user, AnonymousUser):
            client.force_authenticate(user)
        return client

    def send(self, client: APIClient, method: str, url: str) -> Any:
        if method == "GET":
            return client.get(url)
        return client.generic(method, url, b"{}", content_type="application/json")

    def test_every_route_has_a_line_and_every_line_a_route(self) -> None:
        assert set(routes()) == set(TABLE)

    def test_every_route_answers_as_the_table_says(self) -> None:
        for column, caller in enumerate(CALLERS):
            with as_caller(caller):
                client = self.client_of(caller)
                wrong = []
                for (method, path), line in TABLE.items():
                    if path == "schema/" and caller not in ("anonymous", "superuser"):
                        continue  # the same for all, and it takes a second to write
                    expected = line.split()[column]
                    with as_caller(caller):
                        status = self.send(client, method, address(path, self.world.here)).status_code
                    if not cell(expected, status):
                        wrong.append((method, path, expected, status))
                assert wrong == []

    def test_the_table_follows_the_roles(self) -> None:
        needed = {
            ("GET", "conferences/<slug:conference>/delegates/"): Right.VIEW_DELEGATES,
            ("GET", "companies/<id:pk>/"): Right.VIEW_APPLICATIONS,
            ("PATCH", "companies/<id:pk>/"): Right.EDIT_APPLICATIONS,
            ("GET", "fairs/<slug:fair>/applications/<id:pk>/"): Right.VIEW_APPLICATIONS,
            ("PATCH", "fairs/<slug:fair>/applications/<id:pk>/"): Right.EDIT_APPLICATIONS,
            ("POST", "fairs/<slug:fair>/applications/<id:pk>/admit/"): Right.DECIDE_APPLICATIONS,
            ("POST", "fairs/<slug:fair>/applications/<id:pk>/offer-stand/"): Right.PLACE,
            ("POST", "fairs/<slug:fair>/applications/<id:pk>/submit/"): Right.ANSWER_FOR_EXHIBITOR,
        }
        for route, right in needed.items():
            line = dict(zip(CALLERS, TABLE[route].split(), strict=True))
            assert {role for role in StaffRole if line[role] == "in"} == {role for role in StaffRole if right in RIGHTS[role]}, route

    def test_somebody_elses_row_answers_as_an_unknown_one_and_stays_as_it_is(self) -> None:
        others = self.world.there
        before = snapshot(*OURS)
        for caller in CALLERS[2:-2]:
            with as_caller(caller):
                client = self.client_of(caller)
                hidden = [(others, {}), (self.world.here, {"pk": others.rows["exhibitors.application"][0].pk})]
                if caller == StaffRole.REGIONAL_COORDINATOR:
                    hidden.append((self.world.here, {"pk": self.world.here.beyond["exhibitors.application"][0].pk}))
                for method, path in TABLE:
                    if "<id:pk>" not in path or "exhibitors/" in path:
                        continue
                    for where, ids in hidden:
                        if path.startswith("companies/"):
                            ids = {"pk": (where.beyond if where is self.world.here else where.rows)["exhibitors.company"][0].pk}
                            if where is self.world.here and caller != StaffRole.REGIONAL_COORDINATOR:
                                continue
                        self.assert_as_unknown(client, method, path, where, ids)
        assert snapshot(*OURS) == before

    def assert_as_unknown(self, client: APIClient, method: str, path: str, where: Corner, ids: dict[str, int]) -> None:
        found = self.send(client, method, address(path, where, **ids))
        unknown = self.send(client, method, address(path, where, pk=10**9))
        assert (found.status_code, found.content) == (404, unknown.content), (method, path, ids)

    def test_lists_hold_the_own_rows_only(self) -> None:
        here = self.world.here
        for caller in CALLERS[1:-1]:
            with as_caller(caller):
                client = self.client_of(caller)
                unwanted = "Aahere" if caller in ("another exhibitor", "owner of another fair") else MARK
                urls = ["/api/v1/me/", "/api/v1/companies/", address("fairs/<slug:fair>/applications/", here)]
                texts = [client.get(url).content.decode() for url in urls] + [client.get(urls[2], {"region": "RU-KHA"}).content.decode()]
                assert not [text for text in texts if unwanted.lower() in text.lower()]
                if caller == StaffRole.REGIONAL_COORDINATOR:
                    assert not [text for text in texts if BEYOND in text]
                    assert client.get(urls[2]).json()["count"] == len(here.rows["exhibitors.application"])
