"""What a hand writes to break a server: never a 5xx, from any operation of the API or of the sign-in API, and a 4xx where it is read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.fuzz.seeds import PERSONAS, Seeds
from tests.roles.operations import Operation, operations, put
from tests.roles.routes import below

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]

DIGITS = 10**5
DEPTH = 10**5
_OPERATIONS = {operation.name: operation for operation in operations(with_body_only=False)}
# Whole bodies, as they go over the wire.
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "NUL": b"\x00",
    "a number of 10⁵ digits": b"9" * DIGITS,
    "a fraction of 10⁵ digits": b"0." + b"9" * DIGITS,
    "an exponent": b"1e999999999",
    "not a number": b"NaN",
    "lists 100,000 deep": b"[" * DEPTH,
    "objects 100,000 deep": b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
    "half a surrogate": b'{"company": "\\ud800"}',
    "no UTF-8": b'{"company": "\xff\xfe"}',
    "the same key twice": b'{"company": 1, "company": 2}',
    "a list": b"[]",
    "a text": b'"text"',
    "null": b"null",
}
# Those that an operation without a body to read may pass over, and one whose body may be left out may take for none.
MAY_STAND_FOR_NOTHING = {"nothing", "the same key twice", "half a surrogate"}
# In the place of each value of the example.
VALUES: dict[str, str] = {
    "NUL": '"a\\u0000b"',
    "10⁵ digits": "9" * DIGITS,
    "minus 10⁵ digits": "-" + "9" * DIGITS,
    "exponent": "1e400",
    "10⁵ characters": json.dumps("ж" * DIGITS),
    "surrogate": '"\\udfff"',
    "year 10000": '"10000-01-01"',
    "year 0": '"0000-00-00T00:00:00Z"',
    "moment in year 10000": '"10000-01-01T00:00:00+08:00"',
    "bidi": '"\\u202e\\u2066\\u200b"',
    "deep": "[" * 200 + "]" * 200,
    "object": '{"$gt": ""}',
    "true": "true",
    "null": "null",
}
QUERIES = [
    *("page_size=1000000000", "page_size=-1", "page_size=" + "9" * 3000, "page_size=%00"),
    *("page=0", "page=1e3", "page=%00", "lang=%00", "lang=all%00"),
    *("search=%00", "search=%ED%A0%80", "search=" + "%D0%B6" * 400, "region=%F0%9F", "%FF=%FF", "a[b]=c"),
    *("ordering=password", "ordering=-company__members__user__password", "status=%00", "company=" + "9" * 400),
]
HEADERS = [
    {"If-Match": '"\x01"', "Idempotency-Key": "a b"},
    {"If-Match": '"' + "x" * 5000 + '"', "Accept-Language": "zh-hans;q=1e9,\xff"},
    {"If-None-Match": "W/" * 2000, "Accept": "text/html;q=abc"},
    {"X-Session-Token": "\xff\x00", "Content-Encoding": "gzip"},
]
_MARK = "@@here@@"


def bodies(seeds: Seeds, operation: Operation) -> Iterator[tuple[str, bytes]]:
    yield from BODIES.items()
    if operation.content is None:
        return
    for pointer, _found in operation.properties():
        for name, raw in VALUES.items():
            body = seeds.body(operation, PERSONAS[0])
            if isinstance(body, dict) and put(body, pointer, _MARK):
                yield f"{name} at {pointer}", json.dumps(body).replace(f'"{_MARK}"', raw).encode()


@pytest.mark.parametrize("caller", PERSONAS)
@pytest.mark.parametrize("name", _OPERATIONS)
def test_no_body_breaks_an_operation(seeds: Seeds, name: str, caller: str) -> None:
    operation = _OPERATIONS[name]
    if operation.method == "GET":
        return
    client, url, broken = _client(seeds, caller), seeds.url(operation, caller), []
    for told, body in bodies(seeds, operation):
        status = _status(client, operation.method, url, body, {"If-Match": "*"})
        is_broken = operation.content is not None and told in BODIES and told not in MAY_STAND_FOR_NOTHING
        if not (400 if is_broken else 0) <= status < 500:
            broken.append((told, status))
    assert broken == []


@pytest.mark.parametrize("name", _OPERATIONS)
def test_no_query_and_no_header_breaks_an_operation(seeds: Seeds, name: str) -> None:
    operation = _OPERATIONS[name]
    client, url, broken = _client(seeds, PERSONAS[1]), seeds.url(operation, PERSONAS[1]), []
    asked: list[tuple[str, dict[str, str]]] = [*((query, {}) for query in QUERIES), *(("", headers) for headers in HEADERS)]
    for query, headers in asked:
        status = _status(client, operation.method, f"{url}?{query}", b"{}", headers)
        is_refused = query.startswith("page_size=") and "page_size" in operation.parameters
        if not (400 if is_refused else 0) <= status < 500:
            broken.append((query, headers, status))
    assert broken == []


def test_ids_that_no_database_holds_are_unknown(seeds: Seeds) -> None:
    client = _client(seeds, PERSONAS[1])
    for operation in _OPERATIONS.values():
        for number in ("0", "9" * 18, "9" * 19, "9" * 400, "-1", "%00", "1e3", "٣"):
            url = (
                f"/api/v1/{operation.path}".replace("{id}", number).replace("{part}", number).replace("{fair}", seeds.world.here.fair.slug)
            )
            assert _status(client, operation.method, url.replace("{conference}", "a%00b"), b"{}") < 500, url


@pytest.mark.parametrize(("method", "path"), sorted(below("_allauth/app/v1/")))
def test_no_body_breaks_the_sign_in_api(seeds: Seeds, method: str, path: str) -> None:
    texts = {
        "email": "a@example.org",
        "password": "correct horse battery 7",
        "key": "k",
        "code": "1",
        "phone": "+1",
        "name": "n",
        "time_zone": "UTC",
    }
    fields = [json.dumps({**texts, name: _MARK}).replace(f'"{_MARK}"', raw).encode() for name in texts for raw in VALUES.values()]
    broken = []
    for token in (None, seeds.tokens[PERSONAS[0]]):
        client = Client(raise_request_exception=False, headers={"X-Session-Token": token} if token else {})
        for body in [*BODIES.values(), *fields]:
            status = _status(client, method, f"/_allauth/app/v1/{path}", body)
            if status >= 500:
                broken.append((body[:80], status))
    assert broken == []


def _status(client: Client, method: str, url: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    """What the request is answered; what it did is undone."""
    with transaction.atomic():
        answer: Any = client.generic(method, url, body, content_type="application/json", headers=headers)
        if answer.streaming:
            answer.close()  # and the file behind it
        transaction.set_rollback(True)
    return int(answer.status_code)


def _client(seeds: Seeds, caller: str) -> Client:
    return Client(raise_request_exception=False, headers={"X-Session-Token": seeds.tokens[caller]})
