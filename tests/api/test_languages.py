"""Which language a reader gets."""

from types import SimpleNamespace

import pytest
from rest_framework import serializers
from rest_framework.test import APIRequestFactory

from api import languages
from api.languages import TranslatedField, accepted_language, in_language, pick, request_language

ROW = {"name_ru": "Ярмарка", "name_zh_hans": "展览会", "name_en": "Fair"}


class RowSerializer(serializers.Serializer):
    name = TranslatedField(max_length=10)


def row(**changes):
    return SimpleNamespace(**{**ROW, **changes})


def request(path="/", language=""):
    return APIRequestFactory().get(path, headers={"Accept-Language": language} if language else {})


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-Hans-CN,zh;q=0.9", "zh-hans"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB", "en"),
        ("de, ru;q=0.5, en;q=0.7", "en"),
        ("de", ""),
        ("*", ""),
        ("", ""),
        (",;q=,\xff" * 1000, ""),
    ],
)
def test_accept_language(header, language):
    assert accepted_language(header) == language


def test_the_parameter_wins_then_the_header_then_the_person_then_english():
    asked = request("/?lang=zh-hans", "ru")
    assert request_language(asked) == "zh-hans"
    assert request_language(request("/", "ru")) == "ru"
    silent = request()
    assert request_language(silent) == "en"
    silent.api_person = SimpleNamespace(is_authenticated=True, language="ru")
    assert request_language(silent) == "ru"


def test_a_missing_text_falls_back_to_english_then_russian():
    assert pick({"ru": "я", "zh-hans": "", "en": "i"}, "zh-hans") == "i"
    assert pick({"ru": "я", "zh-hans": "我", "en": ""}, "en") == "я"
    assert pick({"ru": "", "zh-hans": "我", "en": ""}, "en") == "我"
    assert pick({}, "en") == ""


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/?lang=ru", "Ярмарка"), ("/", "Fair"), ("/?lang=all", {"ru": "Ярмарка", "zh-hans": "展览会", "en": "Fair"})],
)
def test_reading(path, shown):
    assert RowSerializer(row(), context={"request": request(path)}).data == {"name": shown}


def written(data, *, instance=None, path="/", language=""):
    serializer = RowSerializer(instance, data={"name": data}, context={"request": request(path, language)}, partial=instance is not None)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def test_a_string_is_the_text_in_the_requests_language():
    assert written("Выставка", language="ru") == {"name_ru": "Выставка"}
    assert written("Show", path="/?lang=all") == {"name_en": "Show"}
    assert written("展会", path="/?lang=zh-hans", language="ru") == {"name_zh_hans": "展会"}


def test_an_object_changes_the_languages_it_names():
    assert written({"ru": "  Выставка\u200b ", "en": ""}, instance=row()) == {"name_ru": "Выставка", "name_en": ""}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (1, {"name": ["invalid"]}),
        ({"de": "Messe"}, {"name": {"de": ["unknown_field"]}}),
        ({"ru": 5}, {"name": {"ru": ["invalid"]}}),
        ({"ru": "x" * 11, "en": "ok"}, {"name": {"ru": ["max_length"]}}),
        ({"ru": "x" * 10 + "\x1b", "en": "и\u0306" * 10}, {"name": {"ru": ["max_length"]}}),
        ("", {"name": ["blank"]}),
        ({}, {"name": ["blank"]}),
    ],
)
def test_what_is_refused(data, errors):
    with pytest.raises(serializers.ValidationError) as caught:
        written(data)
    assert caught.value.get_codes() == errors


def test_the_last_text_cannot_be_emptied():
    with pytest.raises(serializers.ValidationError):
        written({"en": ""}, instance=row(name_ru="", name_zh_hans=""))


def test_a_representation_of_all_languages_becomes_one_of_one():
    full = {"name": {"ru": "я", "zh-hans": "", "en": "i"}, "rows": [{"title": {"ru": "", "zh-hans": "", "en": "t"}}], "n": 1}
    assert in_language(full, "ru") == {"name": "я", "rows": [{"title": "t"}], "n": 1}


@pytest.mark.django_db
def test_a_signed_in_persons_language_counts_where_the_request_is_silent(client, person, token):
    person.language = "ru"
    person.save()
    headers = {"X-Session-Token": token}
    assert client.get("/api/v1/private/", headers=headers)["Content-Language"] == "ru"
    assert client.get("/api/v1/private/", headers={**headers, "Accept-Language": "zh-CN"})["Content-Language"] == "zh-hans"
    assert client.get("/api/v1/private/?lang=all", headers=headers)["Content-Language"] == "ru, zh-hans, en"
    assert languages.active_language() in languages.LANGUAGES
