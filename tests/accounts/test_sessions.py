"""Who a session belongs to: read by kept statements, and still only while it lasts and the person may enter."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.sessions import SessionStore
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def session_of(person) -> str:
    client = Client()
    client.force_login(person)
    return client.session.session_key


def person_of(key: str):
    request = HttpRequest()
    request.session = SessionStore(session_key=key)
    return get_user(request)


def test_each_session_has_its_own_person(django_assert_num_queries):
    people = UserFactory.create_batch(2)
    keys = [session_of(person) for person in people]
    for key, person in zip(keys, people, strict=True):
        with django_assert_num_queries(2):
            found = person_of(key)
            assert (found, found.email, found.password) == (person, person.email, person.password)


@pytest.mark.parametrize("end", [timedelta(0), -timedelta(seconds=1)])
def test_a_session_that_has_expired_or_is_unknown_is_nobodys_and_its_key_is_forgotten(end, clock):
    key = session_of(UserFactory())
    Session.objects.update(expire_date=timezone.now() + end)
    for one in (key, "unknown-key-unknown"):
        session = SessionStore(session_key=one)
        assert (dict(session.items()), session.session_key) == ({}, None)
        assert not person_of(one).is_authenticated


def test_who_may_not_enter_any_more_is_nobody():
    person = UserFactory()
    key = session_of(person)
    person.is_active = False
    person.save()
    assert not person_of(key).is_authenticated
    person.delete()
    assert not person_of(key).is_authenticated
