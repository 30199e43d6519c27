"""Readers of the API, signed in as the sign-in API does it."""

from collections.abc import Callable

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from rest_framework.test import APIClient

from accounts.models import User
from accounts.sessions import SessionStore


@pytest.fixture
def signed_in(clock) -> Callable[[User], APIClient]:
    """A client with the session token of a person; time stands still inside the application window."""

    def client_of(user: User) -> APIClient:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.backends.DeskBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_X_SESSION_TOKEN=session.session_key)
        return client

    return client_of


@pytest.fixture
def _no_letters(monkeypatch) -> None:
    """For tests that take hundreds of steps: what letters say is tested elsewhere."""
    monkeypatch.setattr("exhibitors.domain.letters.write_letters", lambda *_given, **_facts: 0)
