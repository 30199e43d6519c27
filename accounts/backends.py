"""Who signs in with a password, at the desk and by the sign-in API; and the person of a session, read by one kept statement."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from api.statements import MARKER, RowStatement


@cache
def _by_id() -> RowStatement[User]:
    return RowStatement(User.objects.filter(pk=MARKER), markers=[MARKER])


class _KeptPerson:
    def get_user(self, user_id: Any) -> User | None:
        """The person, unless unknown or not active any more."""
        person = _by_id().first({MARKER: user_id})
        return person if person is not None and person.is_active else None


class DeskBackend(_KeptPerson, ModelBackend):
    """The desk's sign-in, and who may do what there."""


class ApiBackend(_KeptPerson, AuthenticationBackend):
    """The sign-in of /_allauth/."""
