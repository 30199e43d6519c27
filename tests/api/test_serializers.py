"""What is not declared is refused; what is written is cleaned."""

import pytest

from api.text import clean_line, clean_text


def codes(response):
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_unknown_fields_are_refused_at_every_depth(post):
    response = post("/api/v1/echo/", {"nope": 1, "sites": [{"site": "a", "area": {"min": 1, "max": 2}, "hall": 1}]})
    assert sorted(codes(response)) == [
        ("/nope", "unknown_field"),
        ("/sites/0/area/max", "unknown_field"),
        ("/sites/0/hall", "unknown_field"),
    ]


def test_a_read_only_field_of_a_new_object_is_passed_over(post):
    assert post("/api/v1/echo/", {"state": "admitted", "title": "x"}).json() == {"title": "x"}


@pytest.mark.parametrize("number", [5, 5.5, 0, True])
def test_a_number_is_no_text(post, number):
    response = post("/api/v1/echo/", {"title": number, "tags": ["a", number], "sites": [{"site": number, "area": {"min": 1}}]})
    assert sorted(codes(response)) == [("/sites/0/site", "invalid"), ("/tags/1", "invalid"), ("/title", "invalid")]


def test_a_list_is_no_object_and_is_told_so_in_words(post):
    response = post("/api/v1/echo/", [1])
    assert [error["detail"] for error in response.json()["errors"]] == ["Write an object with named fields."]


def test_texts_are_composed_and_lose_what_is_invisible(post):
    response = post("/api/v1/echo/", {"title": "и\u0306\u200b\u202eab", "tags": ["\ufeffa"]})
    assert response.json() == {"title": "йab", "tags": ["a"]}


def test_a_text_without_a_limit_of_its_own_has_one(post):
    assert post("/api/v1/echo/", {"title": "x" * 10_000}).status_code == 200
    assert codes(post("/api/v1/echo/", {"title": "x" * 10_001})) == [("/title", "max_length")]


def test_the_limit_counts_what_is_taken_out_as_well(post):
    assert post("/api/v1/echo/", {"title": "и\u0306" * 10_000}).status_code == 200, "counted as composed"
    assert codes(post("/api/v1/echo/", {"title": "x" * 10_000 + "\u008c", "tags": ["\x1b" + "x" * 10_000]})) == [
        ("/title", "max_length"),
        ("/tags/0", "max_length"),
    ]


@pytest.mark.parametrize(
    ("raw", "clean"), [("a\u2028b", "a\nb"), ("a\x07b", "ab"), ("a\nb", "a\nb"), ("\u2067x\u2069", "x"), ("plain", "plain")]
)
def test_clean_text(raw, clean):
    assert clean_text(raw) == clean


def test_clean_line_has_no_line_breaks():
    assert clean_line(" a\r\n\u2028 b ") == "a b"


def test_a_list_and_a_text_are_asked_for_in_plain_words(post):
    response = post("/api/v1/echo/", {"title": [], "tags": {"a": 1}, "sites": 5})
    assert {error["pointer"]: error["detail"] for error in response.json()["errors"]} == {
        "/title": "Write a text in quotation marks.",
        "/tags": "Write a list, in square brackets.",
        "/sites": "Write a list, in square brackets.",
    }
