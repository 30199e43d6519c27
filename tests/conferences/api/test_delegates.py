from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from conferences.models import Conference, Delegate
from fairs.enums import FairStatus, StaffRole
from fairs.roles import RIGHTS, Right
from tests.conferences.conftest import code_in
from tests.factories.accounts import UserFactory
from tests.factories.conferences import ConferenceFactory, DelegateFactory, registration
from tests.factories.fairs import StaffMembershipFactory

Letters = Callable[[Callable[[], Any]], list[Any]]
QUERIES = 4  # conference with its revision, the person's right, count, delegates


def path_of(conference: Conference) -> str:
    return f"/api/v1/conferences/{conference.slug}/delegates/"


def test_register_and_confirm(api: APIClient, conference: Conference, letters: Letters, clock: time_machine.Traveller) -> None:
    answers: list[Any] = []
    (letter,) = letters(lambda: answers.append(api.post(path_of(conference), registration())))
    assert (answers[0].status_code, answers[0].json()) == (201, {"status": "reserved"})
    assert "Location" not in answers[0]

    clock.shift(timedelta(hours=47))
    confirmed = api.post(f"{path_of(conference)}confirm/", {"code": code_in(letter)})

    assert (confirmed.status_code, confirmed.json()) == (200, {"status": "reserved"})
    assert Delegate.objects.get().confirmed_at is not None
    again = api.post(f"{path_of(conference)}confirm/", {"code": code_in(letter)})
    assert (again.status_code, again.json()["type"]) == (400, "/problems/code-unknown")


def test_a_late_or_wrong_code_gets_one_answer(
    api: APIClient, conference: Conference, letters: Letters, clock: time_machine.Traveller
) -> None:
    (letter,) = letters(lambda: api.post(path_of(conference), registration()))
    clock.shift(timedelta(hours=48, seconds=1))
    late = api.post(f"{path_of(conference)}confirm/", {"code": code_in(letter)})
    wrong = api.post(f"{path_of(conference)}confirm/", {"code": "nonsense"})
    assert late.status_code == wrong.status_code == 400
    assert late.content == wrong.content


def test_fifty_wrong_codes_an_hour_are_looked_at(
    api: APIClient, conference: Conference, letters: Letters, clock: time_machine.Traveller
) -> None:
    first, second = letters(lambda: [api.post(path_of(conference), registration(email=f"{name}@example.com")) for name in "ab"])

    def confirm(code: str, address: str = "192.0.2.1", claimed: str = "") -> int:
        url = f"{path_of(conference)}confirm/"
        return api.post(url, {"code": code}, REMOTE_ADDR=address, headers={"X-Forwarded-For": claimed} if claimed else {}).status_code

    assert [confirm(f"wrong {number}", claimed=f"203.0.113.{number}") for number in range(49)] == [400] * 49
    assert confirm(code_in(first)) == 200  # a right one is none of them
    assert [confirm("wrong"), confirm(code_in(second))] == [400, 429]
    assert confirm("wrong", address="192.0.2.2") == 400
    clock.shift(timedelta(hours=1))
    assert confirm(code_in(second)) == 200


@pytest.mark.parametrize("free", [0, 1])
def test_known_and_unknown_addresses_get_the_same_answer(api: APIClient, db: None, free: int) -> None:
    conference = ConferenceFactory(capacity=1 + free)
    DelegateFactory(conference=conference, email="anna@example.com")
    known = api.post(path_of(conference), registration(email="Anna@Example.com"))
    unknown = api.post(path_of(conference), registration(email="boris@example.com"))
    assert (known.status_code, known.content, dict(known.headers)) == (unknown.status_code, unknown.content, dict(unknown.headers))
    assert known.json() == {"status": "reserved" if free else "waiting"}
    assert Delegate.objects.count() == 2


def test_only_name_and_address_are_needed(api: APIClient, conference: Conference) -> None:
    answer = api.post(path_of(conference), {"name": "Анна", "email": "anna@example.com"}, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 201
    delegate = Delegate.objects.get()
    assert (delegate.kind, delegate.language, delegate.country) == ("guest", "zh-hans", "")


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"email": "anna"}, "/email", "invalid"),
        ({"kind": "king"}, "/kind", "invalid_choice"),
        ({"language": "de"}, "/language", "invalid_choice"),
        ({"country": "Russia"}, "/country", "max_length"),
        ({"country": "ru"}, "/country", "iso_3166_1"),
        ({"time_zone": "Mars/Base"}, "/time_zone", "time_zone"),
        ({"name": ""}, "/name", "blank"),
        ({"status": "reserved"}, "/status", "unknown_field"),
    ],
)
def test_wrong_values_are_named(api: APIClient, conference: Conference, wrong: dict[str, str], pointer: str, code: str) -> None:
    answer = api.post(path_of(conference), registration(**wrong))
    assert answer.status_code == 400
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert not Delegate.objects.exists()


def test_a_key_registers_once(api: APIClient, conference: Conference, letters: Letters) -> None:
    def register() -> None:
        for _time in range(2):
            assert api.post(path_of(conference), registration(), headers={"Idempotency-Key": "k1"}).status_code == 201

    assert len(letters(register)) == 1


def test_a_drafts_conference_takes_nobody(api: APIClient, db: None) -> None:
    conference = ConferenceFactory(site__fair__status=FairStatus.DRAFT)
    assert api.post(path_of(conference), registration()).status_code == 404
    assert api.post(f"{path_of(conference)}confirm/", {"code": "x"}).status_code == 404


@pytest.mark.parametrize("role", StaffRole)
def test_who_sees_delegates(api: APIClient, conference: Conference, role: StaffRole) -> None:
    DelegateFactory(conference=conference)
    region = "RU-PRI" if role == StaffRole.REGIONAL_COORDINATOR else ""
    api.force_authenticate(StaffMembershipFactory(fair=conference.fair, role=role, region_code=region).user)
    expected = 200 if Right.VIEW_DELEGATES in RIGHTS[role] else 403
    assert api.get(path_of(conference)).status_code == expected
    draft = ConferenceFactory(site__fair__status=FairStatus.DRAFT)
    assert api.get(path_of(draft)).status_code == 404
    assert api.get(path_of(ConferenceFactory())).status_code == 403


def test_strangers_sign_in_first(api: APIClient, conference: Conference) -> None:
    assert api.get(path_of(conference)).status_code == 401
    api.force_authenticate(UserFactory())
    assert api.get(path_of(conference)).status_code == 403


def test_the_list_for_staff(api: APIClient, conference: Conference) -> None:
    DelegateFactory(conference=conference, name="Борис", kind="press", email="boris@example.com")
    DelegateFactory(conference=conference, status="waiting")
    DelegateFactory()
    api.force_authenticate(StaffMembershipFactory(fair=conference.fair).user)
    rows = api.get(path_of(conference)).json()["results"]
    assert [row["status"] for row in rows] == ["reserved", "waiting"]
    assert rows[0]["registered_at"] == "2030-01-10T08:00:00+08:00"
    assert "code_hash" not in rows[0]
    for query, count in (({"status": "waiting"}, 1), ({"kind": "press"}, 1), ({"search": "boris@"}, 1), ({"search": "x"}, 2)):
        assert api.get(path_of(conference), query).json()["count"] == count


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_many_rows(
    api: APIClient, conference: Conference, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    DelegateFactory.create_batch(rows, conference=conference)
    api.force_authenticate(StaffMembershipFactory(fair=conference.fair).user)
    with django_assert_num_queries(QUERIES):
        assert api.get(path_of(conference)).json()["count"] == rows
