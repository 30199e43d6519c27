"""People: a plain user without rights; ``is_staff=True`` lets one into the desk."""

from typing import Any

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts.models import User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person-{n:05}@example.com")
    name = ""
    language = "en"
    time_zone = "UTC"
    is_staff = False
    is_active = True


def make_account(*, email: str, password: str | None = None, verified: bool = True, **fields: Any) -> User:
    """Somebody who can sign in at once; not ``verified``: who has still to type the code."""
    user = User.objects.create_user(email, password, **fields)
    if verified:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
