"""What delegates do for themselves: by the word of their letters, or signed in with their verified address."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from rest_framework.test import APIClient

from conferences.domain import own
from conferences.models import Conference, Delegate
from tests.conferences.conftest import code_in
from tests.factories.accounts import UserFactory
from tests.factories.conferences import ConferenceFactory, DelegateFactory, registration

Letters = Callable[[Callable[[], Any]], list[Any]]
WORD = re.compile(r"/delegate/([\w.-]+)/")


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def delegate(conference: Conference) -> Delegate:
    return DelegateFactory(conference=conference, email="anna@example.com")


def path_of(conference: Conference, name: str) -> str:
    return f"/api/v1/conferences/{conference.slug}/delegates/{name}/"


def test_the_word_in_the_letter_shows_and_cancels(api: APIClient, conference: Conference, letters: Letters) -> None:
    (letter,) = letters(lambda: api.post(path_of(conference, "x").removesuffix("x/"), registration()))
    word = {"Delegate-Word": WORD.search(letter.body)[1]}
    told = api.get(path_of(conference, "own"), headers=word)
    assert (told.status_code, told.json()["status"], told.json()["confirmed_at"]) == (200, "reserved", None)
    assert "no-store" in told.headers["Cache-Control"]
    assert api.post(path_of(conference, "cancel"), {}, headers=word).json() == {"status": "cancelled"}
    again = api.post(path_of(conference, "cancel"), {}, headers=word)
    assert (again.status_code, again.json()["type"]) == (400, "/problems/word-unknown")


def test_the_word_of_the_calendar_is_one_too(api: APIClient, conference: Conference, letters: Letters) -> None:
    (letter,) = letters(lambda: api.post(path_of(conference, "x").removesuffix("x/"), registration()))
    word = re.search(r"/calendars/([\w-]+)\.ics", letter.body)[1]
    assert api.get(path_of(conference, "own"), headers={"Delegate-Word": word}).status_code == 200


def test_an_offered_place_is_declined_by_its_code(api: APIClient, conference: Conference, letters: Letters) -> None:
    first, _second = DelegateFactory.create_batch(2, conference=conference)
    DelegateFactory(conference=conference, status="waiting", email="anna@example.com")
    cancel = {"Delegate-Word": own.word_of(first)}
    _farewell, offer = letters(lambda: api.post(path_of(conference, "cancel"), {}, headers=cancel))
    assert api.post(path_of(conference, "cancel"), {"code": "wrong"}).json()["type"] == "/problems/code-unknown"
    assert api.post(path_of(conference, "cancel"), {"code": code_in(offer)}).json() == {"status": "cancelled"}


def test_who_signs_in_with_the_verified_address(api: APIClient, delegate: Delegate) -> None:
    path = path_of(delegate.conference, "own")
    assert api.get(path).status_code == 401
    user = UserFactory(email="Anna@Example.com")
    api.force_authenticate(user)
    address = EmailAddress.objects.create(user=user, email="anna@example.com", verified=False)
    assert (api.get(path).status_code, api.get(path).json()["type"]) == (409, "/problems/no-delegate")
    address.verified = True
    address.save()
    assert api.get(path).json()["name"] == delegate.name


@pytest.mark.parametrize("forge", [lambda word: word[:-1] + "x", lambda word: "9" + word, lambda word: "ß" * 9])
def test_a_word_cannot_be_made_up(api: APIClient, delegate: Delegate, forge: Callable[[str], str]) -> None:
    forged = forge(own.word_of(delegate))
    answer = api.get(path_of(delegate.conference, "own"), headers={"Delegate-Word": forged})
    assert answer.json()["type"] == "/problems/word-unknown"
    elsewhere = path_of(ConferenceFactory(), "own")
    assert api.get(elsewhere, headers={"Delegate-Word": own.word_of(delegate)}).json()["type"] == "/problems/word-unknown"


@pytest.mark.django_db
def test_the_page_says_how_it_stands_and_takes_the_answer(conference: Conference) -> None:
    client = Client(enforce_csrf_checks=False)
    delegate = DelegateFactory(conference=conference, confirmed_at=None, language="zh-hans", name="<b>אברהם</b>", organisation="‮evil")
    page = own.page_url(delegate).removeprefix("http://testserver")
    shown = client.get(page)
    assert (shown.status_code, shown.headers["Referrer-Policy"]) == (200, "same-origin")
    assert 'lang="zh-hans"' in shown.content.decode()
    assert "&lt;b&gt;אברהם" in shown.content.decode()
    assert client.post(page, {"step": "confirm"}).status_code == 302
    delegate.refresh_from_db()
    assert delegate.confirmed_at is not None
    assert client.post(page, {"step": "cancel"}).status_code == 302
    delegate.refresh_from_db()
    assert delegate.status == "cancelled"
    assert client.post(page, {"step": "cancel"}).status_code == 409
    assert client.get(page[:-2] + "x/").status_code == 404
