"""Who asks, at what cost, and what a wrong token is worth."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db
URL = "/api/v1/private/"


def test_a_stranger_is_401_and_told_how(client):
    response = client.get(URL)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'X-Session-Token realm="api"')
    assert response["Content-Type"] == "application/problem+json"


def test_a_token_costs_two_queries(client, token, django_assert_num_queries):
    with django_assert_num_queries(3):  # session, person, count of an empty list
        assert client.get(URL, headers={"X-Session-Token": token}).status_code == 200


@pytest.mark.parametrize("token", ["", "a", "x" * 32, "x" * 100_000, "a\0b" * 11, "тест" * 8, "';--" * 8])
def test_a_wrong_token_is_none(client, token):
    assert client.get(URL, headers={"X-Session-Token": token}).status_code == 401
    assert client.get("/api/v1/groups/", headers={"X-Session-Token": token}).status_code == 200


def test_an_expired_token_is_none(client, token):
    Session.objects.update(expire_date=timezone.now())
    assert client.get(URL, headers={"X-Session-Token": token}).status_code == 401


def test_an_inactive_person_is_nobody(client, person, token):
    person.is_active = False
    person.save()
    assert client.get(URL, headers={"X-Session-Token": token}).status_code == 401


def test_a_cookie_reads_but_writes_with_its_csrf_token_alone(person):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(person, backend="accounts.backends.DeskBackend")
    assert browser.get(URL).status_code == 200
    refused = browser.post("/api/v1/groups/", {"name": "x"}, format="json")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/csrf-failed")
    browser.cookies["csrftoken"] = "a" * 32
    assert browser.post("/api/v1/groups/", {"name": "x"}, format="json", headers={"X-CSRFToken": "a" * 32}).status_code == 201
