"""Spellings of one name have one key; names of others have another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exhibitors.domain.match_keys import LONGEST, look_key, sound_key, web_key

NAMES = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz有限公司大连海 -«»\"'.,0123456789", max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ООО «Восток»", "LLC Vostok"),
        ("ООО «Восток»", "OOO Восток"),  # the form in Latin letters
        ("ООО «Мечта»", "Mechta Ltd., Co."),
        ("АО «Ёлка»", "ао ЕЛКА"),
        ("О.О.О. Щедрый край", "Shchedryy Kray LLC"),
        ("Общество с ограниченной ответственностью «Тихий океан»", "ООО Тихий Океан"),
        ("ПАО Дальний-Восток", "Публичное акционерное общество «Дальний Восток»"),
        ("ИП Юрьев", "Индивидуальный предприниматель Юрьев"),
        ("ООО «Вoстoк»", "ООО «Восток»"),  # Latin o inside a Russian word
        ("大连海洋食品有限公司", "大连海洋食品股份有限公司"),
        ("ＯＯＯ «Восток»", "Восток"),  # full-width letters
        ("ООО «Во\u200bсток»", "ООО «Восток»"),
    ],
)
def test_spellings_of_one_name_sound_alike(one, other):
    assert sound_key(one) == sound_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ООО «ВОСТОК»", 'OOO "BOCTOK"'),
        ("СОМ", "COM"),
        ("ООО «Тема»", "TEMA"),
        ("OOO BOCTOK", "Vostok LLC"),  # the look of one is the sound of the other
        ("БОСТОК", "Vostok"),  # somebody has read the Latin B as a Б
        ("DALNIY BOCTOK", "ООО «Дальний Восток»"),
        ("3АРЯ", "Zarya"),
        ("B0CT0K", "Восток"),
    ],
)
def test_names_in_letters_of_the_same_shape_look_alike(one, other):
    assert look_key(one) == look_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ООО «Восток»", "ООО «Запад»"),
        ("ООО «Рассвет 1»", "ООО «Рассвет 2»"),
        ("Восток 1", "Восток 11"),
        ("大连海洋食品公司", "沈阳海洋食品公司"),
    ],
)
def test_other_names_have_other_keys(one, other):
    assert sound_key(one) != sound_key(other)
    assert look_key(one) != look_key(other)


def test_a_name_that_is_only_a_form_is_no_reason_to_suspect_anybody():
    assert sound_key("…") == look_key("—") == ""


@pytest.mark.parametrize("name", ["ООО «Company»", "Company LLC", "АО «C0mpany»", "Общество с ограниченной ответственностью «Company»"])
def test_a_form_is_left_out_of_a_name_that_is_a_form_itself(name):
    assert look_key(name) == look_key("Company")


@given(NAMES)
def test_case_quotes_blanks_and_the_form_change_nothing(name):
    for key in (sound_key, look_key):
        assert key(name.upper()) == key(name) or "ß" in name
        assert key(f"  {name} ") == key(name)
        assert key(f"ООО «{name}»") == key(name) or not key(name) or len(key(name)) <= 3


@settings(max_examples=30)
@given(st.text(max_size=400))
def test_a_key_can_be_made_of_anything(text):
    for key in (sound_key(text), look_key(text)):
        assert len(key) <= LONGEST
        assert "ё" not in key
        assert not set(key) & set("«»\"' \u200b\u202e")


@pytest.mark.parametrize(
    ("website", "key"),
    [
        ("https://www.Vostok.example/ru", "vostok.example"),
        ("http://vostok.example:8080", "vostok.example"),
        ("https://vk.com/vostok", ""),
        ("https://shop.tmall.com/x", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_the_site_of_a_company_is_its_own(website, key):
    assert web_key(website) == key
