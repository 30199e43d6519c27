"""One who writes has read; one who reads again gets 304 for nothing."""

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from api import etags
from tests.racing import by_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db):
    return Group.objects.create(name="hall")


def path(group):
    return f"/api/v1/groups/{group.pk}/"


def patch(client, group, name, **headers):
    return client.patch(path(group), {"name": name}, format="json", headers=headers)


def test_a_read_answers_a_strong_tag_and_304_for_it(client, group):
    first = client.get(path(group))
    tag = first["ETag"]
    assert tag.startswith('"')
    assert tag.endswith('-en"')
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(path(group), headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert "Content-Type" not in again
    assert client.get(path(group), headers={"If-None-Match": '"other"'}).status_code == 200


def test_tags_of_two_languages_differ_in_their_end_alone(client, group):
    english = client.get(path(group))
    russian = client.get(f"{path(group)}?lang=ru")
    every = client.get(f"{path(group)}?lang=all")
    assert (english.json()["words"], russian.json()["words"]) == ("Fair", "Ярмарка")
    assert every.json()["words"]["zh-hans"] == "展览会"
    assert {response["ETag"].partition("-")[0] for response in (english, russian, every)} == {english["ETag"].partition("-")[0]}
    assert [response["ETag"].partition("-")[2] for response in (english, russian, every)] == ['en"', 'ru"', 'all"']


def test_a_signed_in_persons_read_stays_private(client, group, token):
    assert client.get(path(group), headers={"X-Session-Token": token})["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_a_write_without_if_match_is_428_and_changes_nothing(client, group, method):
    response = getattr(client, method)(path(group), {"name": "new"}, format="json")
    assert (response.status_code, response.json()["type"]) == (428, "/problems/precondition-required")
    assert Group.objects.get().name == "hall"


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_a_stale_write_is_412_and_changes_nothing(client, group, method):
    tag = client.get(path(group))["ETag"]
    Group.objects.update(name="changed")
    response = getattr(client, method)(path(group), {"name": "new"}, format="json", headers={"If-Match": tag})
    assert (response.status_code, response.json()["type"]) == (412, "/problems/precondition-failed")
    assert Group.objects.get().name == "changed"


def test_one_may_read_russian_and_write_english(client, group):
    tag = client.get(f"{path(group)}?lang=ru")["ETag"]
    response = patch(client, group, "new", **{"If-Match": f'"other", {tag}'})
    assert (response.status_code, response.json()["name"]) == (200, "new")
    assert response["ETag"] == client.get(path(group))["ETag"] != tag


def test_a_matching_delete_deletes(client, group):
    tag = client.get(path(group))["ETag"]
    assert client.delete(path(group), headers={"If-Match": tag}).status_code == 204
    assert not Group.objects.exists()


def test_a_refused_write_leaves_the_row(client, group):
    tag = client.get(path(group))["ETag"]
    response = patch(client, group, "x" * 151, **{"If-Match": tag})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/name")
    assert Group.objects.get().name == "hall"


def test_an_unknown_object_is_404_before_428(client, group):
    assert client.patch("/api/v1/groups/999/", {}, format="json").status_code == 404


@pytest.mark.parametrize(
    ("header", "result"),
    [('"abc-ru"', True), ('"x", "abc-en"', True), ("*", True), ('W/"abc-ru"', False), ("abc-ru", False), ("", False), ('"ab-ru"', False)],
)
def test_matches(header, result):
    assert etags.matches(header, "abc") is result


def test_the_comparison_is_made_under_the_rows_lock(client, group, monkeypatch):
    tag = client.get(path(group))["ETag"]
    # Somebody else commits between our reading and our lock.
    monkeypatch.setattr(etags, "lock", lambda instance: Group.objects.filter(pk=instance.pk).update(name="other"))
    assert patch(client, group, "new", **{"If-Match": tag}).status_code == 412


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_writes_with_one_tag_one_wins():
    group = Group.objects.create(name="hall")
    tag = APIClient().get(path(group))["ETag"]

    def send(number):
        return patch(APIClient(), group, f"hall {number}", **{"If-Match": tag}).status_code

    assert sorted(by_many(send, times=8)) == [200] + [412] * 7


class TestLists:
    url = "/api/v1/groups/"

    @pytest.mark.parametrize("count", [1, 3])
    def test_304_costs_the_revision_alone(self, client, count, django_assert_num_queries):
        Group.objects.bulk_create(Group(name=f"hall {number}") for number in range(count))
        with django_assert_num_queries(3):  # revision, count, rows
            first = client.get(self.url)
        with django_assert_num_queries(1):  # revision
            again = client.get(self.url, headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)

    def test_revision_query_and_language_are_all_in_the_tag(self, client, group):
        tags = [client.get(self.url + query)["ETag"] for query in ("", "?page_size=1", "?lang=ru", "?lang=all")]
        Group.objects.create(name="newer")
        tags.append(client.get(self.url)["ETag"])
        assert len(set(tags)) == 5

    def test_an_error_has_no_tag(self, client, group):
        assert "ETag" not in client.get(f"{self.url}?page=9")


def test_a_created_object_comes_with_its_tag_and_its_place(client):
    response = client.post("/api/v1/groups/", {"name": "hall"}, format="json")
    assert response.status_code == 201
    assert response["Location"] == f"http://testserver/api/v1/groups/{response.json()['id']}/"
    assert client.get(response["Location"])["ETag"] == response["ETag"]
