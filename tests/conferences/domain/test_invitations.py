"""Visa invitations: what is asked for is checked, sealed, issued once, and forgotten after the fair."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils.translation import override

from accounts.models import User
from api.problems import Invalid
from conferences.domain import delegates, invitations
from conferences.domain.invitation_texts import blocks_of, country_name, wrong_in
from conferences.domain.invitation_values import Passport, Request
from conferences.domain.sign_ups import PlaceNotConfirmed
from conferences.models import Conference, Delegate, VisaInvitation
from fairs.models import Fair
from tests.conferences.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.conferences import DelegateFactory, VisaInvitationFactory

pytestmark = pytest.mark.django_db
Letters = Callable[[Callable[[], Any]], list[Any]]


@pytest.fixture
def delegate(conference: Conference) -> Delegate:
    return DelegateFactory(conference=conference, language="ru")


@pytest.fixture
def request_of(conference: Conference) -> Request:
    passport = Passport("Anna  O’Rechnaya", "75 0012345", date(1985, 3, 14), "ru")
    return Request(passport, conference.starts_on - timedelta(days=1), conference.ends_on, " Trade Office ")


def test_what_is_asked_for_is_tidied_and_sealed(delegate: Delegate, request_of: Request) -> None:
    invitation = invitations.ask(delegate_id=delegate.pk, request=request_of, now=NOW)
    assert invitations.passport_of(invitation) == Passport("ANNA O'RECHNAYA", "750012345", date(1985, 3, 14), "RU")
    assert (invitation.status, invitation.host) == ("asked", "Trade Office")
    with connection.cursor() as cursor:
        cursor.execute("SELECT passport FROM conferences_visainvitation")
        (kept,) = cursor.fetchone()
    assert not any(part in kept for part in ("RECHNAYA", "750012345", "1985-03-14"))


@pytest.mark.parametrize(
    ("pointer", "change"),
    [
        ("/passport_name", {"name": "Анна Речная"}),
        ("/passport_name", {"name": "ANNA; DROP"}),
        ("/passport_name", {"name": "A" * 101}),
        ("/passport_number", {"number": "ABCDEF"}),
        ("/passport_number", {"number": "12"}),
        ("/birth_date", {"born_on": date(2031, 1, 1)}),
        ("/birth_date", {"born_on": date(1, 1, 1)}),
        ("/citizenship", {"citizenship": "1X"}),
        ("/entry_on", {"entry_on": date(2030, 1, 14)}),
        ("/entry_on", {"entry_on": date(2039, 1, 14)}),
        ("/leave_on", {"leave_on": date(2030, 1, 16)}),
        ("/leave_on", {"leave_on": date(2039, 1, 16)}),
        ("/host", {"host": " "}),
        ("/host", {"host": "x" * 201}),
    ],
)
def test_what_is_wrong_is_refused_by_field(delegate: Delegate, request_of: Request, pointer: str, change: dict[str, Any]) -> None:
    of_passport = {name: value for name, value in change.items() if hasattr(request_of.passport, name)}
    of_journey = {name: value for name, value in change.items() if name not in of_passport}
    wrong = replace(request_of, passport=replace(request_of.passport, **of_passport), **of_journey)
    with pytest.raises(Invalid) as refusal:
        invitations.ask(delegate_id=delegate.pk, request=wrong, now=NOW)
    assert [error["pointer"] for error in refusal.value.facts["errors"]] == [pointer]
    assert not VisaInvitation.objects.exists()


@pytest.mark.parametrize("change", [{"confirmed_at": None}, {"status": "waiting"}])
def test_only_a_confirmed_place_is_invited(delegate: Delegate, request_of: Request, change: dict[str, Any]) -> None:
    asked = invitations.ask(delegate_id=delegate.pk, request=request_of, now=NOW)
    Delegate.objects.update(**change)
    with pytest.raises(PlaceNotConfirmed):
        invitations.ask(delegate_id=delegate.pk, request=request_of, now=NOW)
    with pytest.raises(invitations.NothingToIssue):
        invitations.issue(invitation_id=asked.pk, by=None, now=NOW)


def test_issued_once_and_asked_for_anew(delegate: Delegate, request_of: Request, letters: Letters) -> None:
    organiser: User = UserFactory()
    asked = invitations.ask(delegate_id=delegate.pk, request=request_of, now=NOW)
    with pytest.raises(invitations.NotIssued):
        invitations.issued_to(delegate)
    (letter,) = letters(lambda: invitations.issue(invitation_id=asked.pk, by=organiser, now=NOW))
    assert (letter.subject, letter.to) == ("Приглашение для визы готово", [f'"{delegate.name}" <{delegate.email}>'])
    assert "750012345" not in letter.body
    issued = invitations.issued_to(delegate)
    assert (issued.issued_by, issued.issued_at) == (organiser, NOW)
    with pytest.raises(invitations.NothingToIssue):
        invitations.issue(invitation_id=asked.pk, by=organiser, now=NOW)

    later = NOW + timedelta(hours=1)
    invitations.ask(delegate_id=delegate.pk, request=request_of, now=later)
    with pytest.raises(invitations.NotIssued):
        invitations.issued_to(delegate)
    assert len(letters(lambda: invitations.issue(invitation_id=asked.pk, by=organiser, now=later))) == 1


def test_passports_are_erased_after_the_fair(delegate: Delegate) -> None:
    invitation = VisaInvitationFactory(delegate=delegate, status="issued", issued_at=NOW)
    over = NOW.replace(year=delegate.conference.fair.ends_on.year + 1)
    assert invitations.erase_passports(now=NOW) == 0
    assert invitations.erase_passports(now=over) == 1
    assert invitations.erase_passports(now=over) == 0
    with pytest.raises(invitations.PassportErased):
        invitations.issued_to(delegate)
    invitation.refresh_from_db()
    assert invitation.passport == ""


def test_passports_are_kept_for_thirty_days_of_the_fairs_own_clock(delegate: Delegate) -> None:
    fair = delegate.conference.fair
    Fair.objects.filter(pk=fair.pk).update(time_zone="Asia/Shanghai")
    VisaInvitationFactory(delegate=delegate)
    midnight = datetime.combine(fair.ends_on + timedelta(days=31), time(), tzinfo=ZoneInfo("Asia/Shanghai"))
    assert invitations.erase_passports(now=midnight - timedelta(seconds=1)) == 0
    assert invitations.erase_passports(now=midnight) == 1


def test_who_does_not_come_is_forgotten(delegate: Delegate) -> None:
    VisaInvitationFactory(delegate=delegate)
    delegates.cancel(delegate_id=delegate.pk, by=None, now=NOW)
    assert not VisaInvitation.objects.exists()


@pytest.mark.parametrize("text", ["{{ pasport }}", "{{ fair.owner }}", "{% load x %}", "[words](https://example.com)", "{{ fair|upper }}"])
def test_texts_that_cannot_be_used(text: str) -> None:
    assert wrong_in(f"An invitation {text}")


def test_values_are_no_markup() -> None:
    blocks = blocks_of("Dear {{ a }}\nsecond\n\n| X | {{ b }} |\n| Y | {{ c }} |\nrest {{ c }}", {"a": "| {{ b }} |", "b": "<b>", "c": ""})
    assert [(block.lines, block.rows) for block in blocks] == [(["Dear | {{ b }} |", "second"], []), ([], [("X", "<b>")])]


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("CN", "en", "People's Republic of China"),
        ("RU", "zh-hans", "俄罗斯联邦"),
        ("DE", "ru", "Федеративная Республика Германия"),
        ("IR", "ru", "Исламская Республика Иран"),  # without the mark of stress that the library has
        ("KR", "zh-hans", "大韩民国"),
        ("VN", "en", "Socialist Republic of Viet Nam"),
        ("ZZ", "ru", "ZZ"),
    ],
)
def test_countries_have_their_official_names(code: str, language: str, name: str) -> None:
    with override(language):
        assert country_name(code) == name
