"""Every error is a problem of one shape, wherever it comes from."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions

from api.problems import Conflict, QueryRefused, Refused, field_error, from_exception, pointer


def test_a_field_error_points_through_lists_and_nested_objects(post):
    body = {"sites": [{"site": "shenyang", "area": {"min": 5}}, {"site": "x" * 21, "area": {"min": 0}}], "tags": ["a", "too long"]}
    response = post("/api/v1/echo/", body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["type"], problem["status"]) == ("/problems/invalid", 400)
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
        ("/tags/1", "max_length"),
        ("/sites/1/site", "max_length"),
        ("/sites/1/area/min", "min_value"),
    ]
    assert all(error["detail"] for error in problem["errors"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"sites": [{"site": "moon", "area": {"min": 1}}]}, [("/sites/0", "no_fair")]),
        ([], [("", "invalid")]),
        ({"sites": {}}, [("/sites", "not_a_list")]),
        ({"a/b~c": 1}, [("/a~1b~0c", "unknown_field")]),
    ],
)
def test_an_error_of_an_object_points_to_the_object(post, body, expected):
    response = post("/api/v1/echo/", body)
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == expected


def test_a_pointer_escapes_as_rfc_6901_says():
    assert pointer("sites", 0, "a/b~c") == "/sites/0/a~1b~0c"
    assert pointer() == ""


def test_a_refusal_carries_its_code_and_facts():
    class StandTaken(Conflict):
        code = "stand_taken"
        message = "The stand is taken."

    response = from_exception(StandTaken(stand="A12", status=200))
    assert response.data == {
        "type": "/problems/stand-taken",
        "title": "Not possible in the present state",
        "status": 409,
        "detail": "The stand is taken.",
        "stand": "A12",
    }
    refused = from_exception(Refused("No.", errors=[field_error("/sites", "required", "Say where.")]))
    assert (refused.status_code, refused.data["errors"][0]["pointer"]) == (400, "/sites")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (exceptions.NotFound(), 404, "not-found"),
        (exceptions.PermissionDenied(), 403, "permission-denied"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported-media-type"),
        (DjangoValidationError({"name": ["Too long."]}), 400, "invalid"),
        (DjangoValidationError("Two of them.", code="twice"), 400, "invalid"),
        (RequestDataTooBig(), 413, "request-too-large"),
        (OperationalError("gone"), 503, "database-away"),
    ],
)
def test_what_drf_and_django_raise_has_the_same_shape(error, status, code):
    response = from_exception(error)
    assert (response.status_code, response.data["type"]) == (status, f"/problems/{code}")
    assert set(response.data) >= {"type", "title", "status", "detail"}


def test_djangos_field_errors_get_pointers():
    response = from_exception(DjangoValidationError({"name": [DjangoValidationError("Long.", code="max")], "__all__": ["Twice."]}))
    assert [(error["pointer"], error["code"]) for error in response.data["errors"]] == [("/name", "max"), ("", "invalid")]


def test_retry_after_is_kept():
    assert from_exception(exceptions.Throttled(wait=2.1))["Retry-After"] == "3"


def test_a_query_error_names_its_parameter():
    response = from_exception(QueryRefused({"page": "No."}, code="invalid"))
    assert response.data["errors"] == [{"parameter": "page", "code": "invalid", "detail": "No."}]


def test_all_that_is_not_found_reads_the_same():
    assert from_exception(exceptions.NotFound()).content == from_exception(Http404("No Fair matches the given query.")).content


@pytest.mark.django_db
@pytest.mark.parametrize("path", [f"/api/v1/groups/{'9' * 40}/", "/api/v1/groups/%ED%A0%80/", "/api/v1/groups/?page=%ED%A0%80&x=%ff"])
@pytest.mark.parametrize("method", ["get", "head", "options", "patch", "delete"])
def test_what_a_fuzzer_sends_is_never_a_500(client, path, method):
    assert getattr(client, method)(path).status_code < 500


def test_an_unknown_error_is_nobodys_problem():
    assert from_exception(RuntimeError("x")) is None


def test_titles_speak_the_readers_language(client):
    assert client.get("/api/v1/private/", headers={"Accept-Language": "ru"})["Content-Language"] == "ru"
