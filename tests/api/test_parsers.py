"""JSON that a database would choke on is refused with its place."""

import json

import pytest
from rest_framework.exceptions import ParseError

from api.parsers import parse_json


@pytest.mark.parametrize(
    ("text", "code", "pointer"),
    [
        ('{"a": NaN}', "not_a_number", "/a"),
        ('{"a": [1, -Infinity]}', "not_a_number", "/a/1"),
        ('{"a": {"b": "x\\u0000"}}', "null_character", "/a/b"),
        ('{"a\\u0000": 1}', "null_character", ""),
        ('{"a": "\\ud800"}', "invalid_unicode", "/a"),
        ('{"a": 1, "b": {"c": 1, "c": 1}}', "duplicate_key", "/b/c"),
        ('{"a": ' + "9" * 31 + "}", "too_many_digits", "/a"),
        ('{"a": -1.' + "9" * 30 + "}", "too_many_digits", "/a"),
        ('{"a": 1e999}', "too_many_digits", "/a"),
        ('{"a": ' + "9" * 100_000 + "}", "too_many_digits", "/a"),
        ("[" * 51 + "]" * 51, "too_deep", ""),
        ("[" * 100_000, "too_deep", ""),
        ('{"a":' * 100_000, "too_deep", ""),
        ("{", "not_json", ""),
        ('"\x01"', "not_json", ""),
        ("", "not_json", ""),
    ],
)
def test_what_is_refused(text, code, pointer):
    with pytest.raises(ParseError) as caught:
        parse_json(text)
    assert (caught.value.get_codes(), caught.value.pointer) == (code, pointer)


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, "ё", None, True]},
        "[" * 200,
        ["\\", '"', "[[" * 60],
        json.loads("[" * 50 + "]" * 50),
        {"n": int("9" * 30)},
        {"e": "\U0001f600"},
    ],
)
def test_what_is_taken(value):
    assert parse_json(json.dumps(value)) == value


def test_an_unclosed_string_full_of_escapes_is_scanned_once():
    with pytest.raises(ParseError):  # quadratic scanning would take minutes
        parse_json("[" * 51 + '"' + '\\"' * 500_000)


@pytest.mark.parametrize(("body", "code"), [(b"\xff\xfe", "not-utf8"), (b'{"a": NaN}', "not-a-number")])
def test_the_answer_is_a_problem(post, body, code):
    response = post("/api/v1/echo/", body)
    assert (response.status_code, response.json()["type"]) == (400, f"/problems/{code}")


def test_a_byte_order_mark_is_passed_over(post):
    assert post("/api/v1/echo/", b'\xef\xbb\xbf{"title": "x"}').json() == {"title": "x"}
