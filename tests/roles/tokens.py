"""Session tokens as the sign-in API hands them out."""

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.sessions import SessionStore


def session_token(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.DeskBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def unverified_token() -> str:
    """Of somebody who has signed up and not yet typed the code of the letter."""
    cache.clear()  # the limits of earlier tests
    number = User.objects.count()
    body = {"email": f"unverified-{number}@example.org", "password": "correct horse battery 7"}
    answer = Client().post("/_allauth/app/v1/auth/signup", body, content_type="application/json")
    return str(answer.json()["meta"]["session_token"])
