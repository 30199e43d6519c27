import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from accounts import registry
from accounts.enums import Notice
from accounts.models import User


@pytest.fixture
def person(db):
    return User.objects.create_user("anna@example.org", "long enough 1", name="Anna", language="ru", time_zone="Europe/Moscow")


@pytest.fixture
def api(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture(autouse=True)
def sections(monkeypatch):
    monkeypatch.setattr(registry, "_me_sections", {})


def patch(api, body):
    return api.patch("/api/v1/me/", body, format="json", headers={"If-Match": api.get("/api/v1/me/")["ETag"]})


def test_me(api, person):
    assert api.get("/api/v1/me/").json() == {
        "id": person.pk,
        "email": "anna@example.org",
        "name": "Anna",
        "language": "ru",
        "time_zone": "Europe/Moscow",
        "daily_digest": True,
        "notices_at_once": Notice.values,
    }


def test_apps_above_add_their_part(api, person):
    class PartSerializer(serializers.Serializer):
        name = serializers.CharField()

    registry.register_me_section("companies", lambda user: [{"name": user.email}], PartSerializer(many=True))
    registry.register_me_section("fairs", lambda user: ["a"], serializers.ListField(child=serializers.CharField()))
    assert api.get("/api/v1/me/").json()["fairs"] == ["a"]
    assert api.get("/api/v1/me/").json()["companies"] == [{"name": "anna@example.org"}]


def test_change_my_profile(api, person):
    answer = patch(api, {"name": "Анна\r\nПетрова", "language": "zh-hans", "time_zone": "Asia/Omsk"})
    assert answer.status_code == 200
    person.refresh_from_db()
    assert (person.name, person.language, person.time_zone) == ("Анна Петрова", "zh-hans", "Asia/Omsk")


def test_choose_my_notices(api, person):
    answer = patch(api, {"daily_digest": False, "notices_at_once": ["letters", "offers", "offers"]})
    assert (answer.status_code, answer.json()["notices_at_once"]) == (200, ["offers", "letters"])
    assert patch(api, {"notices_at_once": []}).status_code == 200
    person.refresh_from_db()
    assert (person.daily_digest, person.notices_at_once, person.name) == (False, [], "Anna")


@pytest.mark.parametrize(
    "body", [{"email": "other@example.org"}, {"is_staff": True}, {"is_superuser": True}, {"id": 99}, {"companies": []}]
)
def test_nothing_else_changes(api, person, body):
    before = User.objects.values().get()
    patch(api, body)
    assert User.objects.values().get() == before


@pytest.mark.parametrize("body", [{"language": "de"}, {"time_zone": "Mars/Base"}, {"name": "x" * 151}, {"language": None},
                                  {"notices_at_once": ["everything"]}, {"notices_at_once": "offers"}, {"notices_at_once": None},
                                  {"daily_digest": None}, {"notices_at_once": ["offers"] * 9}])  # fmt: skip
def test_wrong_values_are_refused(api, body):
    assert patch(api, body).status_code == 400


def test_what_cannot_be_changed_here_is_refused_unless_it_is_sent_back_as_it_was(api, person):
    answer = patch(api, {"email": "new@example.org", "name": "B"})
    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/email", "read_only")]
    person.refresh_from_db()
    assert person.name == "Anna"

    assert patch(api, {**api.get("/api/v1/me/").json(), "name": "B"}).status_code == 200


def test_a_stranger_is_nobody(db):
    assert APIClient().get("/api/v1/me/").status_code in (401, 403)


def test_nobody_is_deleted_here(api):
    assert api.delete("/api/v1/me/").status_code == 405
