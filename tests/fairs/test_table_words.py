"""Words of tables for what has a code."""

import pytest
from django.utils.translation import override

from conferences.enums import DelegateKind, DelegateStatus, SessionKind
from exhibitors.enums import ApplicationStatus, ExhibitorRole, ProductFate, ProductUnit, Scheme
from fairs.table_words import choice_of, language_of, value_of


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_a_choice_is_known_by_its_value_and_its_label_in_every_language(language):
    for choices in (ApplicationStatus, ExhibitorRole, Scheme, ProductFate, ProductUnit, DelegateKind, DelegateStatus, SessionKind):
        with override(language):
            labels = {value: str(label) for value, label in choices.choices}
        with override("en"):
            assert {value: value_of(choices, f" {label.upper()}") for value, label in labels.items()} == {value: value for value in labels}
            assert {value_of(choices, value.upper().replace("_", " ")) for value in labels} == set(labels)


def test_further_words_are_the_tables_own():
    assert choice_of(Scheme, "Стандартная", also={"стандартная": "shell"}) == "shell"
    assert value_of(Scheme, "Стандартная") == ""


def test_what_is_none_is_refused_with_what_may_be_written():
    with override("en"), pytest.raises(ValueError, match=r"“maybe” is not one of: raw, shell\."):
        choice_of(Scheme, "maybe")


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("Русский", "ru"),
        ("рус.", "ru"),
        ("zh", "zh-hans"),
        ("中文", "zh-hans"),
        ("English", "en"),
        ("de", "de"),
    ],
)
def test_languages_are_known_by_code_and_by_name(written, language):
    assert language_of(written) == language
