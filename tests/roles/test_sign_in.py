"""The sign-in API for everybody, against tests/roles/expectations_sign_in.py, over its own session tokens."""

from django.test import Client

from tests.roles.base import RolesTestCase, as_caller
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
        for caller in ("unverified", *CALLERS):
            column = {"anonymous": 0, "unverified": 1}.get(caller, 2)
            token = [None, unverified_token(), session_token(self.world.person(caller)) if column == 2 else None][column]
            headers = {"X-Session-Token": token} if token else {}
            wrong = []
            for (method, path), line in TABLE.items():
                expected = line.split()[column]
                with as_caller(caller):
                    answer = Client().generic(method, f"/{PREFIX}{path}", b"{}", content_type="application/json", headers=headers)
                if answer.status_code not in ({"in": LET_IN, "-": {404}}.get(expected) or {int(expected)}):
                    wrong.append((method, path, expected, answer.status_code))
            with as_caller(caller):
                assert wrong == []
