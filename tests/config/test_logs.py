import io
import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseForbidden
from django.utils.log import log_response


@pytest.fixture
def written():
    """What reaches the root logger, as lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    yield lambda: stream.getvalue().splitlines()
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("debug", [True, False])
def test_a_wrong_host_is_one_line(client, written, settings, debug):
    settings.DEBUG = debug
    assert client.get("/api/v1/", headers={"Host": "evil.example"}).status_code == 400
    lines = [line for line in written() if "Bad Request" not in line]
    assert len(lines) == 1
    assert "evil.example" in lines[0]


def test_a_page_that_is_not_the_readers_is_one_line(written):
    try:
        raise PermissionDenied
    except PermissionDenied as refused:
        log_response("Forbidden: %s", "/admin/", response=HttpResponseForbidden(), request=None, exception=refused)
    assert written() == ["Forbidden: /admin/"]


def test_an_unknown_error_keeps_its_traceback(written):
    try:
        raise ValueError("of ours")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error")
    assert written()[0] == "Internal Server Error"
    assert written()[-1] == "ValueError: of ours"


def test_django_writes_no_line_twice():
    assert logging.getLogger("django").handlers == []
