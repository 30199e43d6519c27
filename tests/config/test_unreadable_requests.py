"""What gunicorn cannot read is answered as a problem, by gunicorn's own way of answering it."""

import json
import runpy
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn import util
from gunicorn.http.errors import InvalidHeader, InvalidRequestLine, LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

ROOT = Path(__file__).resolve().parents[2]


def answered(error: Exception) -> tuple[str, dict[str, str], dict[str, object]]:
    worker = SimpleNamespace(log=SimpleNamespace(warning=print, debug=print, exception=print))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ThreadWorker.handle_error(worker, None, ours, ("127.0.0.1", 1), error)
        ours.close()
        head, _, body = theirs.makefile("rb").read().decode().partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    headers = dict(line.split(": ") for line in lines)
    assert int(headers["Content-Length"]) == len(body)
    return status, headers, json.loads(body)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (LimitRequestLine(60_000, 8190), "414 URI Too Long", "An address has at most 8,190 bytes"),
        (
            LimitRequestHeaders("limit request headers fields size"),
            "431 Request Header Fields Too Large",
            "A header has at most 8,190 bytes",
        ),
        (InvalidRequestLine("<b>\x00"), "400 Bad Request", "This is no HTTP request that can be read."),
        (InvalidHeader("X-\x00"), "400 Bad Request", "This is no HTTP request that can be read."),
        (RuntimeError("secret"), "500 Internal Server Error", "The error was noted."),
    ],
)
def test_it_is_a_problem_and_repeats_nothing(monkeypatch: pytest.MonkeyPatch, error: Exception, status: str, said: str) -> None:
    monkeypatch.setattr(util, "write_error", util.write_error)  # put back after the test
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    line, headers, problem = answered(error)
    assert line == f"HTTP/1.1 {status}"
    assert headers["Content-Type"] == "application/problem+json"
    assert (problem["status"], set(problem)) == (int(status[:3]), {"type", "title", "status", "detail"})
    assert said in str(problem["detail"])
    assert not any(text in json.dumps(problem) for text in ("<b>", "secret", "u0000"))
