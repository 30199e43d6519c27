"""The sign-in API for everybody, against tests/roles/expectations_sign_in.py, over its own session tokens."""

from django.test import Client

from tests.cases import case
from tests.roles.base import RolesTestCase
from tests.roles.expectations import CALLERS
from tests.roles.expectations_sign_in import TABLE
from tests.roles.routes import below
from tests.roles.tokens import session_token, unverified_token

PREFIX = "_allauth/app/v1/"
LET_IN = {200, 400, 409, 429}


class SignInTest(RolesTestCase):
    def test_every_route_has_a_line_and_every_line_a_route(self) -> None:
        assert set(below(PREFIX)) == set(TABLE)

    def test_every_route_answers_as_the_table_says(self) -> None:
        """No role makes a difference: who has signed in is asked by one who has none here, and by all others in turn."""
        signed_in = [caller for caller in CALLERS if caller not in ("anonymous", "another exhibitor")]
        client = Client()
        for caller in ("unverified", *CALLERS):
            column = {"anonymous": 0, "unverified": 1}.get(caller, 2)
            token = [None, unverified_token(), session_token(self.world.person(caller)) if column == 2 else None][column]
            headers = {"X-Session-Token": token} if token else {}
            wrong = []
            for turn, ((method, path), line) in enumerate(TABLE.items()):
                if caller in signed_in and caller not in (signed_in[turn % len(signed_in)], signed_in[(turn + 7) % len(signed_in)]):
                    continue
                expected = line.split()[column]
                client.cookies.clear()
                with case(caller):
                    answer = client.generic(method, f"/{PREFIX}{path}", b"{}", content_type="application/json", headers=headers)
                if answer.status_code not in ({"in": LET_IN, "-": {404}}.get(expected) or {int(expected)}):
                    wrong.append((method, path, expected, answer.status_code))
            with case(caller):
                assert wrong == []
