"""People at the desk: the superuser's page alone, and nothing of the sign-in machinery beside it."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from unfold.admin import ModelAdmin

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PAGES = ["admin:accounts_user_changelist", "admin:axes_accessattempt_changelist"]


@pytest.mark.parametrize("page", PAGES)
def test_no_permission_of_django_opens_the_pages_of_people(client, page):
    person = UserFactory(is_staff=True)
    person.user_permissions.set(Permission.objects.all())
    client.force_login(person)
    assert client.get(reverse(page)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_superuser_reads_them(client, page):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(reverse(page)).status_code == 200


def test_a_superuser_opens_a_person(client):
    person = UserFactory()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert person.email in client.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()


def test_every_page_of_the_desk_looks_like_the_desk():
    assert [model for model, page in admin.site._registry.items() if not isinstance(page, ModelAdmin)] == []
