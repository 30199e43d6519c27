"""Every address of the desk is declared, in docs/roles.md or tests/roles/expectations_desk.py, and answers so to everybody."""

from contextlib import nullcontext
from typing import Any

from django.test import Client
from django.urls import reverse

from fairs.enums import StaffRole
from tests.cases import case
from tests.roles import document
from tests.roles.base import RolesTestCase, undrawn
from tests.roles.desk import DeskClient, check_form_of_page, most_entitled, witnesses
from tests.roles.expectations_desk import ARGUMENTS, ELSEWHERE, OF_A_MODEL, OPEN, PAGES, Page
from tests.roles.routes import addresses, filled
from tests.roles.world import Corner

PREFIX = "admin/"
OTHER_OWNER = "owner of another fair"
STAFF = [*StaffRole, OTHER_OWNER, document.SUPERUSER]
LET_IN = {200, 302, 400, 405}


def of_models() -> set[str]:
    return {f"{page.replace('.', '/')}/{rest}" for page in document.PAGES for rest in OF_A_MODEL}


class DeskRoutesTest(RolesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.unknown: dict[tuple[str, bool, bool], Any] = {}  # what an id that nothing has answers to those who may the same

    def test_every_address_is_declared(self) -> None:
        found = {path for path, _pattern in addresses()}
        desk = {path.removeprefix(PREFIX) for path in found if path.startswith(PREFIX)}
        declared = [*of_models(), *PAGES, *ELSEWHERE]
        assert sorted(desk - set(declared)) == [], "a new page wants its line in expectations_desk.py (a model's page: docs/roles.md)"
        assert sorted(set(declared) - desk) == []
        assert len(declared) == len(set(declared))
        others = {path for path in found if not path.startswith((PREFIX, "api/v1/", "_allauth/app/v1/"))}
        assert others == set(OPEN)

    def test_every_page_answers_as_declared(self) -> None:
        """Of those who are let in and of those who are refused so many that no other right would tell them apart in the same way."""
        for caller in STAFF:
            own, other = (self.world.here, self.world.there)
            if caller == OTHER_OWNER:
                own, other = other, own
            client = DeskClient(self.world.person(caller))
            with case(caller):
                for turn, (path, page) in enumerate(PAGES.items()):
                    if self._is_asked(caller, page, turn):
                        self._check(client, caller, path, page, own, other, turn + STAFF.index(caller))

    def _is_asked(self, caller: str, page: Page, turn: int) -> bool:
        """A superuser and the owner of the other fair, who may what the owner may, ask in turn."""
        let_in = self._let_in(page)
        if caller not in StaffRole.values:
            return turn % 4 == STAFF.index(caller) % 4 or document.may(document.SUPERUSER, page.right) != (StaffRole.OWNER in let_in)
        sees = frozenset(role for role in StaffRole if document.may(role, page.seen_with or page.right))
        all_roles = frozenset(StaffRole)
        refused = {*most_entitled(sees - let_in), *most_entitled(all_roles - sees - let_in)}
        return caller in {StaffRole.REGIONAL_COORDINATOR, *(witnesses(let_in) or let_in), *refused}

    def _check(self, client: Client, caller: str, path: str, page: Page, own: Corner, other: Corner, turn: int) -> None:
        role = StaffRole.OWNER if caller == OTHER_OWNER else caller
        may, sees = document.may(role, page.right), document.may(role, page.seen_with or page.right)
        url = self._url(path, own)
        if may:
            # An owner is drawn every page that one opens, a superuser the rest, and the others now and then.
            is_drawn = caller == (StaffRole.OWNER if StaffRole.OWNER in self._let_in(page) else document.SUPERUSER) or turn % 4 == 0
            with nullcontext() if is_drawn else undrawn():
                page_there = client.get(url)
            assert page_there.status_code in LET_IN, path
            if caller != document.SUPERUSER:
                check_form_of_page(page_there, other)
        else:
            refused = 404 if page.seen_with and not sees else 403
            for send in (client.get, client.post) if len(self._let_in(page)) > 6 else (client.get, client.post)[turn % 2 :][:1]:
                assert send(url).status_code == refused, path
        if "_id>" in path and caller != document.SUPERUSER and ((may and caller == StaffRole.OWNER) or turn % 3 == 0):
            found = client.post(self._url(path, other))
            if (path, may, sees) not in self.unknown:
                self.unknown[path, may, sees] = client.post(self._url(path, other, pk=10**9))
            unknown = self.unknown[path, may, sees]
            assert (found.status_code, found.get("Location")) == (unknown.status_code, unknown.get("Location")), path
            assert found.status_code in (302, 403, 404), path

    def _let_in(self, page: Page) -> frozenset[StaffRole]:
        return frozenset(role for role in StaffRole if document.may(role, page.right))

    def _url(self, path: str, corner: Corner, pk: int | None = None) -> str:
        label = ".".join(path.split("/")[:2])
        rows = [*corner.all(label), *self.world.common.get(label, [])] if "id>" in path else []
        found = pk or (rows[0].pk if rows else 0)
        return filled(PREFIX + path, {**ARGUMENTS, "object_id": found, "id": found}).replace("accounts|axes", "fairs")

    def test_outsiders_are_sent_to_sign_in(self) -> None:
        """All pages stand behind one door: a stranger opens each, and who has no role at a fair sends something to each."""
        login = reverse("admin:login")
        for caller in ("anonymous", "another exhibitor", "company owner"):
            client: Any = Client() if caller == "anonymous" else DeskClient(self.world.person(caller))
            with case(caller):
                for path in PAGES:
                    answer = (client.get if caller == "anonymous" else client.post)(self._url(path, self.world.here))
                    assert answer.status_code == 302, path
                    assert answer["Location"].startswith(login), path
