import pytest

from accounts.models import User


@pytest.fixture
def person(db):
    return User.objects.create_superuser("root@example.org", "long enough 1", language="ru", time_zone="Asia/Vladivostok")


def script_rules(response) -> str:
    return next(rule for rule in response["Content-Security-Policy"].split("; ") if rule.startswith("script-src"))


def test_the_desk_may_evaluate_and_nothing_else_may(client, person):
    client.force_login(person)
    assert "'unsafe-eval'" in script_rules(client.get("/admin/"))
    assert "'unsafe-eval'" not in script_rules(client.get("/healthz"))


def test_the_desk_speaks_the_persons_language(client, person):
    client.force_login(person)
    assert 'lang="ru"' in client.get("/admin/").content.decode()
    assert 'lang="en"' in client.get("/admin/", headers={"Accept-Language": "en"}).content.decode()
    assert 'lang="ru"' in client.get("/admin/", headers={"Accept-Language": "de-DE,de;q=0.9"}).content.decode()  # which we do not speak
    client.cookies["django_language"] = "zh-hans"
    assert 'lang="zh-hans"' in client.get("/admin/").content.decode()


def test_the_desk_shows_times_in_the_persons_zone(client, person):
    client.force_login(person)
    User.objects.update(date_joined="2024-01-27T20:00:00Z")
    page = client.get(f"/admin/accounts/user/{person.pk}/change/", headers={"Accept-Language": "en"}).content.decode()
    assert "28 Jan 2024, 06:00" in page


def test_a_zone_that_is_gone_does_not_shut_the_desk(client, person):
    User.objects.update(time_zone="Mars/Base")
    client.force_login(person)
    assert client.get("/admin/").status_code == 200


def test_elsewhere_nobody_is_looked_up(client, person, django_assert_num_queries):
    client.force_login(person)
    with django_assert_num_queries(0):
        client.get("/healthz")
