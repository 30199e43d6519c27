"""A client of the small API in tests/api/urls.py, and somebody who signs in."""

import json

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from rest_framework.test import APIClient

from accounts.sessions import SessionStore


@pytest.fixture(autouse=True)
def _small_api(settings):
    settings.ROOT_URLCONF = "tests.api.urls"


@pytest.fixture
def client():
    return APIClient(raise_request_exception=False)


@pytest.fixture
def post(client):
    """Post raw bytes or a JSON value."""

    def send(path, body, **headers):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return client.post(path, data, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user(email="olga@exhibitor.example", password="correct horse 10")


@pytest.fixture
def token(person):
    return token_of(person)


def token_of(user):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.DeskBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key
