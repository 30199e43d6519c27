"""The same key and body create once and answer the same; anything else is refused."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from rest_framework.test import APIClient

from api import idempotency
from api.models import IdempotencyKey
from api.tasks import forget_old_keys
from tests.api.conftest import token_of
from tests.racing import by_many

URL = "/api/v1/groups/"


def create(client, name="hall", key="k-1", url=URL, token=""):
    headers = {"Idempotency-Key": key, **({"X-Session-Token": token} if token else {})}
    return client.post(url, {"name": name}, format="json", headers=headers)


@pytest.mark.django_db
class TestOneAfterAnother:
    def test_a_repeated_request_gets_the_first_answer_and_creates_nothing(self, client, token):
        first, again = create(client, token=token), create(client, token=token)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert [again[name] for name in ("ETag", "Location", "Content-Type")] == [
            first[name] for name in ("ETag", "Location", "Content-Type")
        ]
        assert again["Idempotency-Replayed"] == "true"
        assert Group.objects.count() == 1

    def test_another_body_is_422(self, client, token):
        create(client, token=token)
        response = create(client, "other", token=token)
        assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key-reused")
        assert Group.objects.count() == 1

    def test_a_key_is_one_persons(self, client, token):
        other = get_user_model().objects.create_user(email="pavel@exhibitor.example", password="correct horse 10")
        create(client, "mine", token=token)
        assert create(client, "theirs", token=token_of(other)).json()["name"] == "theirs"

    def test_a_key_is_one_paths(self, client, token):
        create(client, "a", token=token)
        assert create(client, "b", url="/api/v1/wrapped/", token=token).status_code == 201

    def test_a_strangers_key_is_of_path_and_body(self, client):
        first, again, other = create(client), create(client), create(client, "other")
        assert again.json() == first.json()
        assert (other.status_code, Group.objects.count()) == (201, 2)

    def test_a_plain_view_wraps_its_work(self, client):
        assert create(client, url="/api/v1/wrapped/").json() == create(client, url="/api/v1/wrapped/").json()
        assert Group.objects.count() == 1

    @pytest.mark.parametrize(("name", "status"), [("taken", 409), ("x" * 151, 400)])
    def test_a_refusal_is_an_answer_too(self, client, token, name, status):
        first, again = create(client, name, token=token), create(client, name, token=token)
        assert (first.status_code, again.status_code) == (status, status)
        assert again.json() == first.json()
        assert again["Content-Type"] == "application/problem+json"
        assert again["Idempotency-Replayed"] == "true"

    def test_a_crash_frees_the_key(self, client, token):
        assert create(client, "crash", token=token).status_code == 500
        assert not IdempotencyKey.objects.exists()

    def test_a_key_is_over_after_24_hours(self, client, token):
        create(client, token=token)
        IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=24))
        assert create(client, "other", token=token).status_code == 201
        assert IdempotencyKey.objects.count() == 1

    @pytest.mark.parametrize("key", ["", "x" * 256, "a b", "a\tb", "ключ"])
    def test_a_wrong_key_is_400(self, client, key):
        response = create(client, key=key)
        assert (response.status_code, response.json()["type"]) == (400, "/problems/idempotency-key-invalid")
        assert not Group.objects.exists()

    def test_without_a_key_nothing_is_kept(self, client):
        client.post(URL, {"name": "hall"}, format="json")
        assert not IdempotencyKey.objects.exists()

    def test_the_scheduler_forgets_what_is_older_than_a_day(self, client):
        create(client, "old")
        IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
        create(client, "new", key="k-2")
        assert forget_old_keys() == 1
        assert IdempotencyKey.objects.get().key == "k-2"


@pytest.mark.django_db
class TestARequestThatIsStillRunning:
    @pytest.fixture
    def running(self, client, token):
        create(client, token=token)
        Group.objects.all().delete()
        IdempotencyKey.objects.update(status=None, body="", claimed_until=timezone.now() + timedelta(seconds=30))

    @pytest.mark.usefixtures("running")
    def test_a_second_one_waits_and_is_told_to_come_back(self, client, token, monkeypatch):
        waited = []
        moments = iter(range(0, 100, 3))
        monkeypatch.setattr(idempotency.time, "monotonic", lambda: next(moments))
        monkeypatch.setattr(idempotency.time, "sleep", waited.append)
        response = create(client, token=token)
        assert (response.status_code, response["Retry-After"]) == (409, "2")
        assert response.json()["type"] == "/problems/idempotency-key-in-progress"
        assert len(waited) == 3  # looks at 3, 6, 9 seconds; gives up at 12
        assert not Group.objects.exists()

    @pytest.mark.usefixtures("running")
    def test_its_answer_ends_the_waiting(self, client, token, monkeypatch):
        def finish(_seconds):
            IdempotencyKey.objects.update(status=201, body='{"id": 7}', content_type="application/json")

        monkeypatch.setattr(idempotency.time, "sleep", finish)
        assert create(client, token=token).json() == {"id": 7}

    @pytest.mark.usefixtures("running")
    def test_a_killed_one_frees_its_key_within_a_minute(self, client, token):
        assert timedelta(seconds=60) >= idempotency.CLAIM
        IdempotencyKey.objects.update(claimed_until=timezone.now())
        assert create(client, token=token).status_code == 201
        assert Group.objects.count() == 1

    def test_one_that_lost_its_claim_creates_nothing(self, client, token, monkeypatch):
        def stolen(self, *args, **kwargs):
            IdempotencyKey.objects.update(claim="another")
            return original(self, *args, **kwargs)

        original = Group.save
        monkeypatch.setattr(Group, "save", stolen)
        assert create(client, token=token).status_code == 409
        assert not Group.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_create_one(settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {}}

    def send(_number):
        response = create(APIClient())
        return response.status_code, response.content

    answers = by_many(send, times=50)
    assert {status for status, _body in answers} == {201}
    assert len({body for _status, body in answers}) == 1
    assert Group.objects.count() == 1
