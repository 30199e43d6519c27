"""Nothing under /api/ is HTML, whatever happens, with DEBUG and without."""

import re

import pytest
from django.utils import translation

from api.problems import TITLES

pytestmark = pytest.mark.django_db


def assert_problem(response, status):
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    assert body["status"] == status
    assert "secret detail" not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    return body


@pytest.fixture(params=[True, False], ids=["debug", "production"])
def _debug(request, settings):
    settings.DEBUG = request.param


@pytest.mark.usefixtures("_debug")
class TestEveryError:
    def test_unknown_path(self, client):
        assert assert_problem(client.get("/api/v1/nothing/"), 404)["type"] == "/problems/not-found"
        assert_problem(client.get("/api/"), 404)

    @pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
    def test_a_missing_slash_is_an_unknown_path(self, client, method):
        assert "slash" in assert_problem(getattr(client, method)("/api/v1/groups"), 404)["detail"]

    @pytest.mark.parametrize("path", ["/api/v1/groups/?name=a%00b", "/api/v1/groups/%00/", "/api/v1/nothing%00"])
    def test_nul_bytes(self, client, path):
        assert_problem(client.get(path), 400)

    def test_a_nul_in_a_cookie(self, client):
        assert_problem(client.get("/api/v1/private/", headers={"Cookie": 'sessionid="abcdefgh\\000"'}), 400)

    def test_a_wrong_host(self, client):
        told = assert_problem(client.get("/api/v1/groups/", headers={"Host": "evil.example"}), 400)
        assert (told["type"], "Host" in told["detail"]) == ("/problems/unknown-host", True)

    def test_a_method_that_is_not_there(self, client):
        response = client.delete("/api/v1/groups/")
        assert_problem(response, 405)
        assert response["Allow"] == "GET, POST, HEAD, OPTIONS"

    def test_a_format_that_is_not_there(self, client):
        told = assert_problem(client.get("/api/v1/groups/", headers={"Accept": "text/html"}), 406)
        assert "answers as application/json" in told["detail"]

    def test_a_nul_character(self, client):
        told = assert_problem(client.get("/api/v1/groups/?name=%00"), 400)
        assert (told["type"], "take them out" in told["detail"]) == ("/problems/null-character", True)

    def test_a_body_of_another_kind(self, client):
        assert_problem(client.post("/api/v1/echo/", "a=1", content_type="text/plain"), 415)

    def test_a_crash(self, client):
        assert assert_problem(client.get("/api/v1/crash/"), 500)["type"] == "/problems/server-error"

    def test_a_crash_in_a_view_of_the_framework(self, post):
        assert_problem(post("/api/v1/groups/", {"name": "crash"}), 500)

    def test_too_large_a_body(self, post, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
        refused = post("/api/v1/echo/", {"title": "x" * 100_000})
        assert "0.1 MB" in assert_problem(refused, 413)["detail"]

    def test_an_unknown_language(self, client):
        body = assert_problem(client.get("/api/v1/groups/?lang=de"), 400)
        assert body["errors"][0]["parameter"] == "lang"


LOGIN = "/_allauth/app/v1/auth/login"


BROKEN = [
    '{"a":' * 100_000,
    '{"email": "\\ud800@x.example", "password": "x"}',
    '{"email": "a\\u0000", "password": "x"}',
    b"\xff",
    "{",
    "[]",
]


@pytest.mark.parametrize("body", BROKEN)
def test_sign_in_refuses_broken_json_in_its_own_shape(post, body):
    response = post(LOGIN, body)
    assert (response.status_code, response["Content-Type"]) == (400, "application/json")
    assert response.json()["status"] == 400
    assert response.json()["errors"][0].keys() == {"code", "message"}


@pytest.mark.parametrize("body", ["", "{}", '{"email": "a@b.example", "password": "x"}'])
def test_sign_in_answers_the_rest_itself(post, body):
    response = post(LOGIN, body)
    assert (response.status_code, response["Content-Type"]) == (400, "application/json")


def test_too_large_a_sign_in_is_refused(post, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert post(LOGIN, {"email": "x" * 100}).status_code == 413


def test_people_get_a_page(client, settings):
    settings.DEBUG = False
    response = client.get("/nothing/", headers={"Accept-Language": "en"})
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>Not found</h1>" in response.content.decode()
    assert client.get("/page/?a=%00")["Content-Type"].startswith("text/html")
    assert client.get("/page-crash/").status_code == 500


def test_a_good_answer_passes_untouched(client):
    assert client.get("/page/").content == b"<p>hello</p>"
    response = client.get("/api/v1/groups/")
    assert response["Content-Language"] == "en"
    assert "Accept-Language" in response["Vary"]


def test_a_page_has_a_content_policy_and_json_needs_none(client):
    assert "Content-Security-Policy" in client.get("/page/")
    assert "Content-Security-Policy" in client.get("/api/v1/docs/", headers={"Accept": "text/html"})
    answer = client.get("/api/v1/groups/")
    assert "Content-Security-Policy" not in answer
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_says_nothing_about_caching_is_not_cached(client):
    assert client.get("/api/v1/")["Cache-Control"] == "private, no-store"
    assert client.get("/api/v1/nothing/")["Cache-Control"] == "no-store"


BEFORE_A_VIEW = {
    "NUL in the query": ("get", "/api/v1/groups/?name=%00", {}),
    "NUL in the path": ("get", "/api/v1/groups/%00/", {}),
    "a wrong host": ("get", "/api/v1/groups/", {"Host": "evil.example"}),
    "an unknown path": ("get", "/api/v1/nothing/", {}),
    "a missing slash": ("get", "/api/v1/groups", {}),
    "a method": ("delete", "/api/v1/groups/", {}),
    "a format": ("get", "/api/v1/groups/", {"Accept": "text/html"}),
    "an unknown language": ("get", "/api/v1/groups/?lang=de", {}),
    "no UTF-8": ("get", "/api/v1/groups/?name=%ff", {}),
    "a broken body": ("post", "/api/v1/echo/", {}),
    "a crash": ("get", "/api/v1/crash/", {}),
}


@pytest.mark.parametrize(("method", "path", "headers"), BEFORE_A_VIEW.values(), ids=BEFORE_A_VIEW.keys())
@pytest.mark.parametrize("before", ["ru", "en"])
def test_a_refusal_is_in_the_language_of_its_own_request(client, before, method, path, headers):
    """Not in that of the request which this thread served before."""
    translation.activate(before)
    response = client.generic(method, path, "{", content_type="application/json", headers={"Accept-Language": "zh-hans", **headers})
    translation.activate("en")
    body = response.json()
    assert body["title"] in {message("zh-hans", title) for title in TITLES.values()}, body
    assert not re.search("[A-Za-zА-Яа-я]{3,} [A-Za-zА-Яа-я]{3,} ", body["detail"]), body["detail"]


def test_the_parameter_names_the_language_of_an_unknown_path(client):
    translation.activate("ru")
    body = client.get("/api/v1/nothing/?lang=zh-hans", headers={"Accept-Language": "ru"}).json()
    translation.activate("en")
    assert body["title"] == message("zh-hans", TITLES[404])


def test_a_browsers_page_is_in_its_language_too(client):
    translation.activate("ru")
    page = client.get("/admin/?q=%00", headers={"Accept-Language": "en"}).content.decode()
    translation.activate("en")
    assert 'lang="en"' in page
    assert str(TITLES[400]) in page


def message(language, text):
    with translation.override(language):
        return str(text)


@pytest.mark.parametrize("path", ["/api/v1/groups/", "/api/v1/echo/"])
def test_a_body_that_is_null_is_refused_in_the_readers_language(post, path):
    refused = post(path, b"null", **{"Accept-Language": "ru"})
    assert refused.status_code == 400
    assert "null" in refused.json()["errors"][0]["detail"]
    assert "No data" not in refused.content.decode()


def test_a_method_that_is_not_there_is_answered_with_those_that_are(client):
    assert "GET, POST, HEAD, OPTIONS" in client.delete("/api/v1/groups/").json()["detail"]
