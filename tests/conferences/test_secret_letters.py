"""Letters with a code: sealed until they leave, empty afterwards, and nowhere in the database but in the letter."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from conferences.domain import delegates
from conferences.models import Delegate, DelegateQuota
from exhibitors.domain import invitations
from fairs.domain import letter_templates
from fairs.models import Fair
from notifications import delivery
from notifications.models import Letter, LetterTemplate
from notifications.occasions import occasion_named
from notifications.sealing import unseal
from notifications.wording import Composer, Wording, problems
from tests.conferences.conftest import NOW
from tests.factories.accounts import UserFactory, make_account
from tests.factories.conferences import ConferenceFactory, registration
from tests.factories.exhibitors import CompanyFactory

pytestmark = pytest.mark.django_db
API = "/_allauth/app/v1/auth/"
ADDRESS = "anna@example.com"


def _sign_up() -> None:
    Client().post(f"{API}signup", {"email": ADDRESS, "password": "correct horse battery 7"}, content_type="application/json")


def _ask_for_a_reset() -> None:
    make_account(email=ADDRESS, password="correct horse battery 7")
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


def _apply_and_approve() -> None:
    conference = ConferenceFactory()
    DelegateQuota.objects.create(conference=conference, kind="russian_company", needs_approval=True)
    delegates.register(conference=conference, values=delegates.Registration(**registration(email=ADDRESS)), now=NOW)
    delegates.approve(delegate_id=Delegate.objects.get().pk, by=None, now=NOW)


# Who has it written, for each letter with a code.
WRITERS: dict[str, Callable[[], Any]] = {
    "accounts.verification_code": _sign_up,
    "accounts.reset_code": _ask_for_a_reset,
    "exhibitors.company_invitation": _invite,
    "conferences.delegate_code": _register,
    "conferences.delegate_code_waiting": _move_up,
    "conferences.delegate_moved_up_code": _move_up,
    "conferences.delegate_code_applied": _apply_and_approve,
    "conferences.delegate_approved_code": _apply_and_approve,
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


OWN = Wording("Welcome", "{{ greeting }}\n\nType this:\n\n{{ code }}\n\nIt holds until {{ confirm_by }}.")


def test_a_letter_with_a_code_in_the_fairs_own_words_is_sealed_too():
    conference = ConferenceFactory()
    letter_templates.save(fair=conference.fair, occasion="conferences.delegate_code", texts={"ru": OWN}, by=UserFactory(), now=NOW)
    conference.refresh_from_db()
    delegates.register(conference=conference, values=delegates.Registration(**registration(email=ADDRESS, language="ru")), now=NOW)
    letter = Letter.objects.get()
    text, html = unseal(letter.sealed)
    code = re.search(r"^    (\S+)$", text, re.MULTILINE)
    assert code
    assert code[1] in html
    assert "Type this:" in text
    assert (letter.subject, letter.text, letter.html) == ("Welcome", "", "")
    assert anywhere(code[1]) == []


def test_what_goes_wrong_with_such_a_text_is_noted_without_the_code(monkeypatch):
    occasion = occasion_named("conferences.delegate_code")

    def leak(scope):
        raise ValueError(scope.context["code"])

    conference = ConferenceFactory()
    LetterTemplate.objects.create(fair=conference.fair, occasion=occasion.name, language="ru", subject="x", text=OWN.text)
    Fair.objects.update(letters_version=1)
    conference.refresh_from_db()
    code = occasion.placeholder("code")
    monkeypatch.setattr(type(occasion), "placeholder", lambda self, name: replace(code, value=leak) if name == "code" else None)
    monkeypatch.setattr(Composer, "_text", lambda self, name: "")
    delegates.register(conference=conference, values=delegates.Registration(**registration(email=ADDRESS, language="ru")), now=NOW)
    letter = Letter.objects.get(occasion=occasion.name)
    assert "ValueError" in letter.note
    code = re.search(r"^    (\S+)$", unseal(letter.sealed)[0], re.MULTILINE)
    assert code
    assert anywhere(code[1]) == []


@pytest.mark.parametrize(
    ("subject", "text"),
    [("Welcome", "{{ greeting }}"), ("Welcome", "Type {{ code }} there."), ("{{ code }}", "{{ code }}"), ("Welcome", "- {{ code }}")],
)
def test_an_own_text_has_the_code_on_a_line_of_its_own_and_nowhere_else(subject, text):
    occasion = occasion_named("conferences.delegate_code")
    assert problems(subject, occasion, is_subject=True) + problems(text, occasion)
    assert problems(OWN.subject, occasion, is_subject=True) + problems(OWN.text, occasion) == []


def test_the_link_to_the_own_calendar_is_in_its_letter_alone_and_opens_it_once_confirmed(client):
    _register()
    letter = Letter.objects.get(occasion="conferences.delegate_code")
    text = unseal(letter.sealed)[0]
    address, word = re.search(r"http://testserver(\S+/calendars/([\w-]{43})\.ics)", text).groups()
    code = re.search(r"^    (\S+)$", text, re.MULTILINE)[1]
    assert anywhere(word) == []
    assert client.get(address).status_code == 404

    delegates.confirm_by_code(conference=Delegate.objects.get().conference, code=code, now=NOW)

    assert client.get(address)["Content-Type"].startswith("text/calendar")


def test_what_is_looked_for_is_found():
    CompanyFactory(legal_name="K7QX2 M4P9T")
    assert "exhibitors_company.legal_name" in anywhere("k7qx2-m4p9t")
