"""What the check of the message files sees."""

from datetime import UTC, datetime

import polib
import pytest
from django import forms
from django.core.exceptions import ValidationError as DjangoInvalid
from django.utils import translation
from django.utils.timesince import timesince
from rest_framework import serializers

from tools import messages


def test_no_message_hides_in_an_f_string() -> None:
    assert list(messages._hidden()) == []


def test_a_message_in_an_f_string_is_found(tmp_path, monkeypatch) -> None:
    (tmp_path / "fairs").mkdir()
    (tmp_path / "fairs" / "hall.py").write_text("first = _('hall')\nplace = f\"{_('row')} 3\"\n", encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "APPS", ("fairs",))
    assert list(messages._hidden()) == ["fairs/hall.py:2"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="hall", msgstr="зал"), ""),
        (polib.POEntry(msgid="hall"), "missing"),
        (polib.POEntry(msgid="hall", msgstr="зал", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="%(count)d of {most}", msgstr="%(count)d из {most}"), ""),
        (polib.POEntry(msgid="%(count)d of {most}", msgstr="%(count)s из {most}"), "other placeholders"),
        (polib.POEntry(msgid="U+{point:X}", msgstr="U+{point}"), "other placeholders"),
        (
            polib.POEntry(msgid="%(n)d hall", msgid_plural="%(n)d halls", msgstr_plural={0: "%(n)d зал", 1: "%(m)d зала"}),
            "other placeholders",
        ),
    ],
)
def test_each_fault_of_a_translation_is_named(entry: polib.POEntry, problem: str) -> None:
    found = messages._problems(entry)
    assert [text.split(":")[0] for text in found] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ["Не больше 18.", "Не длиннее 20 символов.", "4 дня"]),
        ("zh-hans", ["不能大于 18。", "不能超过 20 个字符。", "4 天"]),
    ],
)
def test_our_files_have_the_last_word_on_what_other_libraries_say(language: str, words: list[str]) -> None:
    with translation.override(language):
        with pytest.raises(DjangoInvalid) as form:
            forms.IntegerField(max_value=18).clean(19)
        with pytest.raises(serializers.ValidationError) as api:
            serializers.CharField(max_length=20).run_validation("x" * 21)
        span = timesince(datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 1, 5, tzinfo=UTC)).replace("\xa0", " ")
        assert [*form.value.messages, *api.value.detail, span] == words
