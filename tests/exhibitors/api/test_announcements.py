"""Announcements over the API: made, listed, read and cancelled by those who decide."""

from datetime import timedelta

import pytest

import clock as business_clock
from exhibitors.domain import applications, holding
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Announcement
from fairs.enums import StaffRole
from tests.exhibitors.world import NOW, application_in
from tests.factories.exhibitors import AnnouncementFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def reviewer(signed_in, fair):
    return signed_in(StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER).user)


def url(fair, pk=None) -> str:
    return f"/api/v1/fairs/{fair.slug}/announcements/" + (f"{pk}/" if pk else "")


def held(fair):
    application = application_in(S.SUBMITTED, fair=fair)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    return application


def test_it_is_made_for_a_moment_read_and_cancelled(reviewer, fair):
    application = held(fair)
    made = reviewer.post(url(fair), {"applications": [application.pk], "at": "2030-01-16T18:00:00+08:00"})
    assert made.status_code == 201, made.content
    body = made.json()
    assert body == {
        "id": body["id"],
        "status": "planned",
        "applications": 1,
        "at": "2030-01-16T18:00:00+08:00",
        "created_at": "2030-01-15T17:00:00+08:00",
        "done_at": None,
        "cancelled_at": None,
    }
    read = reviewer.get(made["Location"])
    assert (read.json(), read["ETag"]) == (body, made["ETag"])
    row = reviewer.get(f"/api/v1/fairs/{fair.slug}/applications/{application.pk}/").json()
    assert (row["held"]["announcement"], row["held"]["at"]) == (body["id"], "2030-01-16T18:00:00+08:00")

    assert reviewer.delete(made["Location"]).status_code == 428
    assert reviewer.delete(made["Location"], headers={"If-Match": '"stale"'}).status_code == 412
    assert reviewer.delete(made["Location"], headers={"If-Match": made["ETag"]}).status_code == 204
    again = reviewer.get(made["Location"])
    assert (again.json()["status"], holding.pending(application).get().announcement) == ("cancelled", None)
    assert reviewer.delete(made["Location"], headers={"If-Match": again["ETag"]}).status_code == 409


def test_it_is_empty_when_all_of_it_moved_to_another(reviewer, fair):
    application = held(fair)
    body = {"applications": [application.pk], "at": "2030-01-16T18:00:00+08:00"}
    first, second = (reviewer.post(url(fair), body)["Location"] for _ in range(2))
    assert [reviewer.get(one).json()["status"] for one in (first, second)] == ["empty", "planned"]


def test_at_once_the_exhibitors_are_told_on_commit(reviewer, fair, django_capture_on_commit_callbacks):
    application = held(fair)
    with django_capture_on_commit_callbacks(execute=True):
        made = reviewer.post(url(fair), {})

    application.refresh_from_db()
    assert (application.told_status, reviewer.get(made["Location"]).json()["status"]) == (S.ADMITTED, "done")


def test_the_same_key_makes_one(reviewer, fair):
    held(fair)
    body = {"at": "2030-01-16T18:00:00+08:00"}
    first, second = (reviewer.post(url(fair), body, headers={"Idempotency-Key": "one"}) for _ in range(2))

    assert (first.content, Announcement.objects.count()) == (second.content, 1)


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({}, 409, None),
        ({"at": "2030-01-16T18:00:00"}, 400, "/at"),
        ({"at": "9999-12-31T23:59:59+00:00"}, 400, "/at"),
        ({"at": "9999-12-31T23:59:59-12:00"}, 400, "/at"),
        ({"at": "2020-01-01T00:00:00+00:00"}, 400, "/at"),
        ({"at": "10000-01-01T00:00:00+00:00"}, 400, "/at"),
        ({"at": None, "applications": [10**9]}, 400, "/applications/0"),
        ({"applications": []}, 400, "/applications"),
        ({"applications": [10**30]}, 400, "/applications/0"),
        ({"fair": 3}, 400, "/fair"),
    ],
)
def test_what_cannot_be_announced_is_named(reviewer, fair, body, status, pointer):
    answer = reviewer.post(url(fair), body)
    assert answer.status_code == status, answer.content
    if pointer:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Announcement.objects.exists()


def test_all_that_is_wrong_is_named_at_once(reviewer, fair):
    answer = reviewer.post(url(fair), {"applications": ["x", held(fair).pk, 10**9], "at": "2020-01-01T00:00:00+00:00"})
    assert {error["pointer"]: error["code"] for error in answer.json()["errors"]} == {
        "/applications/0": "invalid",
        "/applications/2": "unknown_application",
        "/at": "past",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(reviewer, fair, count, django_assert_num_queries):
    for number in range(count):
        AnnouncementFactory(fair=fair, at=NOW + timedelta(days=number))
    business_clock.now()  # read once in 30 s

    # session, person, fair with the person's roles, count, announcements
    with django_assert_num_queries(5):
        answer = reviewer.get(url(fair))
    moments = [row["at"] for row in answer.json()["results"]]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == count
