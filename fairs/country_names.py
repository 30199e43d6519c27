"""Countries as people write them in tables: by name, in the languages of the desk, or by code of ISO 3166-1."""

from functools import cache
from gettext import translation

from api.text import fold

# What iso-codes names otherwise: it has "Российская Федерация", "Китай" and "俄罗斯", but not these.
_ALSO = {
    "RU": ("Россия", "РФ", "Russia", "俄罗斯联邦", "俄国"),
    "CN": ("КНР", "Китайская Народная Республика", "中华人民共和国", "PRC"),
    "BY": ("Белоруссия", "РБ"),
    "KZ": ("РК",),
    "US": ("США", "USA"),
    "GB": ("Великобритания", "UK"),
    "KR": ("Южная Корея", "South Korea"),
    "AE": ("ОАЭ", "UAE", "阿联酋"),
    "KG": ("Киргизия",),
    "MD": ("Молдова",),
    "TR": ("Turkey",),
}
_LOCALES = ("ru", "zh_CN")
_STRESS = "\u0301"  # some Russian names show where it is


def country_code_of(text: str) -> str:
    """The ISO 3166-1 code of the country that ``text`` names, or is the code of; "" where it is neither."""
    return _codes().get(_key(text), "")


@cache
def _codes() -> dict[str, str]:
    import pycountry  # a process that reads no tables does without

    catalogues = [translation("iso3166-1", pycountry.LOCALES_DIR, languages=[locale]) for locale in _LOCALES]
    codes: dict[str, str] = {}
    for country in pycountry.countries:
        english = [getattr(country, kind, "") for kind in ("name", "common_name", "official_name")]
        names = {*english, *(catalogue.gettext(name) for catalogue in catalogues for name in english if name)} - {""}
        for name in (country.alpha_2, country.alpha_3, *names, *_ALSO.get(country.alpha_2, ())):
            codes.setdefault(_key(name), country.alpha_2)
    return codes


def _key(text: str) -> str:
    return fold(text.replace(_STRESS, ""))
