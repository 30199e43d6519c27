"""Numbers by country, telephones and customs codes: which are taken, and which are refused with what code."""

import pytest
from django.core.exceptions import ValidationError

from exhibitors.domain.company_values import clean_code, clean_phone
from exhibitors.models.product import customs_code
from exhibitors.validators import is_country, validate_phone, validate_tax_ids

INN, USCC = "7707083893", "91110000600037341L"


def refused(country, **numbers):
    try:
        validate_tax_ids(country=country, tax_ids=numbers)
    except ValidationError as error:
        return {name: found[0].code for name, found in error.error_dict.items()}
    return {}


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("RU", {"inn": INN, "ogrn": "1027700132195", "kpp": "773601001", "uscc": ""}),
        ("RU", {"inn": "500100732259", "ogrn": "304500116000157"}),  # a sole trader's
        ("RU", {"kpp": "7736AZ001"}),
        ("CN", {"uscc": USCC, "inn": ""}),
        ("DE", {"inn": INN, "kpp": "773601001"}),  # a foreign company that is registered in Russia has them
        ("KZ", {}),
    ],
)
def test_right_numbers_are_taken(country, numbers):
    assert refused(country, **numbers) == {}


@pytest.mark.parametrize(
    ("country", "numbers", "codes"),
    [
        ("RU", {"inn": "7707083894"}, {"inn": "inn"}),
        ("RU", {"inn": "500100732258"}, {"inn": "inn"}),
        ("RU", {"inn": "770708389"}, {"inn": "inn"}),
        ("RU", {"inn": "７７０７０８３８９３"}, {"inn": "inn"}),  # full-width digits are put right before, not here
        ("RU", {"ogrn": "1027700132196", "kpp": "77"}, {"ogrn": "ogrn", "kpp": "kpp"}),
        ("RU", {"ogrn": "304500116000158"}, {"ogrn": "ogrn"}),
        ("RU", {"kpp": "7736az001"}, {"kpp": "kpp"}),
        ("RU", {"uscc": USCC}, {"uscc": "wrong_country"}),
        ("CN", {"inn": INN, "uscc": "91110000600037341X"}, {"inn": "wrong_country", "uscc": "uscc"}),
        ("DE", {"inn": "1", "uscc": "1"}, {"inn": "inn", "uscc": "uscc"}),
    ],
)
def test_wrong_numbers_are_refused_each_by_its_rule(country, numbers, codes):
    assert refused(country, **numbers) == codes


def test_numbers_are_read_as_people_write_them():
    assert clean_code(" 7707 0838\N{NO-BREAK SPACE}93 ") == INN
    assert clean_code("９１１１００００６０００３７３４１ｌ") == USCC
    assert clean_code("77\u200b07083893") == INN


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("RU", "8 (423) 255-01-23", "+74232550123"),
        ("RU", "+7 423 255 01 23", "+74232550123"),
        ("CN", "024-2272 5678", "+862422725678"),
        ("CN", "＋86 138 0000 0000", "+8613800000000"),
        ("DE", "030 901820", "+4930901820"),
        ("RU", "+86 24 2272 5678", "+862422725678"),
    ],
)
def test_telephones_are_kept_in_e_164(country, typed, kept):
    assert clean_phone(typed, country=country) == kept
    validate_phone(kept)


@pytest.mark.parametrize(
    "wrong", ["12", "+7 423 255-01-23", "84232550123", "+74232", "+999123456789", "+7423255012345678", "call me", "+٧٤٢٣٢٥٥٠١٢٣"]
)
def test_what_is_no_telephone_is_refused(wrong):
    with pytest.raises(ValidationError) as caught:
        validate_phone(wrong)
    assert caught.value.code == "phone"


@pytest.mark.parametrize("code", ["030367", "03036700", "0303670000"])
def test_customs_codes_have_six_eight_or_ten_digits(code):
    customs_code(code)


@pytest.mark.parametrize("code", ["", "0303", "0303670", "030367000", "03036700001", "0303 67", "O30367", "０３０３６７"])
def test_other_customs_codes_are_refused(code):
    with pytest.raises(ValidationError) as caught:
        customs_code(code)
    assert caught.value.code == "customs_code"


def test_countries_are_those_of_iso_3166():
    assert all(map(is_country, ("RU", "CN", "KZ", "BY", "GB", "HK", "MN")))
    assert not any(map(is_country, ("UK", "ZZ", "SU", "ru", "RUS", "", "XX")))
