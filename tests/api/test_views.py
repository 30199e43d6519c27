"""Is it up, is it ready, and where does one go from here."""

import pytest
from django.db import DatabaseError, OperationalError, connection

from api import views

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unknown_migrations(monkeypatch):
    monkeypatch.setattr(views, "_migrations_done", False)


def test_healthz_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_reads_the_migrations_until_they_are_done(client, django_assert_num_queries):
    assert client.get("/readyz").json() == {"status": "ready"}
    with django_assert_num_queries(3):  # SELECT 1, whether letters pause, the oldest one that is due
        assert client.get("/readyz").status_code == 200


def test_a_database_that_is_away_is_named(client, monkeypatch):
    def away(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "failing": "database"})


def test_missing_migrations_are_named(client, monkeypatch):
    monkeypatch.setattr(views.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    response = client.get("/readyz")
    assert (response.status_code, response.json()["failing"]) == (503, "migrations")


def test_a_broker_that_is_away_degrades(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "degraded", "degraded": {"broker": "away"}})


def lost_table():
    raise OperationalError("no such table: notifications_letter")


def test_a_database_that_was_emptied_under_the_process_is_named(client, settings, monkeypatch):
    assert client.get("/readyz").status_code == 200
    settings.READINESS_CHECKS = ["tests.api.test_views.lost_table"]
    monkeypatch.setattr(views.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "failing": "migrations"})

    monkeypatch.setattr(views.MigrationExecutor, "migration_plan", lambda self, targets: [])
    assert client.get("/readyz").json() == {"status": "unavailable", "failing": "database"}


def late_mail():
    return "3 letters wait"


def test_an_app_may_name_what_is_late(client, settings):
    settings.READINESS_CHECKS = ["tests.api.test_views.late_mail"]
    assert client.get("/readyz").json()["degraded"] == {"late_mail": "3 letters wait"}


def table_is_gone():
    raise DatabaseError("no such table")


def test_a_database_that_is_emptied_under_a_running_process_is_not_ready(client, settings):
    settings.READINESS_CHECKS = ["tests.api.test_views.table_is_gone"]
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")


def test_the_front_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        body = client.get("/api/v1/").json()
    assert body == {"name": "Yarmarka", "docs": "/api/v1/docs/", "schema": "/api/v1/schema/"}


@pytest.mark.parametrize(("path", "kind"), [("/api/x/", "application/problem+json"), ("/admin/", "text/html; charset=utf-8")])
def test_a_csrf_refusal_is_a_problem_or_a_page(rf, path, kind):
    response = views.csrf_failure(rf.post(path), reason="missing")
    assert (response.status_code, response["Content-Type"]) == (403, kind)


@pytest.mark.parametrize(("path", "is_page"), [("/admin/login/", True), ("/api/v1/", False)])
def test_a_database_that_is_busy_when_the_session_is_kept_says_when_to_try_again(client, monkeypatch, path, is_page):
    def busy(*_args, **_kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_response", busy)
    client.raise_request_exception = False
    response = client.get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert "try again" in (response.content.decode() if is_page else response.json()["detail"])
