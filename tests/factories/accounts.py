"""People: a plain user without rights; ``is_staff=True`` lets one into the desk."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person-{n}@example.com")
    name = ""
    language = "en"
    time_zone = "UTC"
    is_staff = False
    is_active = True
