"""Letters with a code: sealed until they leave, empty afterwards, and nowhere in the database but in the letter."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.domain import users
from conferences.domain import delegates
from conferences.models import Delegate
from exhibitors.domain import invitations
from notifications import delivery
from notifications.models import Letter
from notifications.sealing import unseal
from tests.conferences.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.conferences import ConferenceFactory, registration
from tests.factories.exhibitors import CompanyFactory

pytestmark = pytest.mark.django_db
API = "/_allauth/app/v1/auth/"
ADDRESS = "anna@example.com"


def _sign_up() -> None:
    Client().post(f"{API}signup", {"email": ADDRESS, "password": "correct horse battery 7"}, content_type="application/json")


def _ask_for_a_reset() -> None:
    users.ensure_user(email=ADDRESS, password="correct horse battery 7")
    Client().post(f"{API}password/request", {"email": ADDRESS}, content_type="application/json")


def _invite() -> None:
    invitations.invite(company_id=CompanyFactory().pk, email=ADDRESS, role="editor", by=UserFactory(), now=NOW)


def _register() -> None:
    delegates.register(conference=ConferenceFactory(), values=delegates.Registration(**registration(email=ADDRESS)), now=NOW)


def _move_up() -> None:
    conference = ConferenceFactory(capacity=1)
    for address in ("first@example.com", ADDRESS):
        delegates.register(conference=conference, values=delegates.Registration(**registration(email=address)), now=NOW)
    delegates.cancel(delegate_id=Delegate.objects.get(email="first@example.com").pk, by=None, now=NOW)


# Who has it written, for each letter with a code.
WRITERS: dict[str, Callable[[], Any]] = {
    "accounts.verification_code": _sign_up,
    "accounts.reset_code": _ask_for_a_reset,
    "exhibitors.company_invitation": _invite,
    "conferences.delegate_code": _register,
    "conferences.delegate_moved_up": _move_up,
}


@pytest.fixture(autouse=True)
def _nobody_has_tried(db) -> None:
    cache.clear()


def test_every_letter_with_a_code_is_tried_here():
    folders = [Path(app.path) / "templates" / "letters" for app in apps.get_app_configs()]
    written = [path for folder in folders for path in folder.glob("*/*.txt") if "{% code" in path.read_text(encoding="utf-8")]
    assert {f"{path.parent.name}.{path.name.partition('.')[0]}" for path in written} == set(WRITERS)


def anywhere(text: str) -> list[str]:
    """The columns of all tables that hold ``text``, in whatever case, with hyphens or without."""
    wanted = _plain(text)
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
            found += [f"{table}.{name}" for row in rows for name, value in zip(columns, row, strict=True) if wanted in _plain(str(value))]
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\s-]", "", text).lower()


@pytest.mark.parametrize("occasion", WRITERS)
def test_a_code_is_in_its_letter_alone_and_gone_once_it_has_left(occasion):
    WRITERS[occasion]()
    letter = Letter.objects.get(occasion=occasion, recipient_email=ADDRESS)
    assert (letter.is_secret, letter.text, letter.html) == (True, "", "")
    code = re.search(r"^    (\S+)$", unseal(letter.sealed)[0], re.MULTILINE)
    assert code, "the letter shows no code"
    assert anywhere(code[1]) == []

    delivery.deliver([letter.pk])

    assert code[1] in mail.outbox[-1].body
    letter.refresh_from_db()
    assert (letter.status, letter.sealed) == ("sent", "")
    assert anywhere(code[1]) == []


def test_what_is_looked_for_is_found():
    CompanyFactory(legal_name="K7QX2 M4P9T")
    assert "exhibitors_company.legal_name" in anywhere("k7qx2-m4p9t")
