"""An empty table of companies to fill in, for one fair and in one language: its header row, and a row that shows how."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from exhibitors.importing.columns import headers_in
from exhibitors.models import Region
from fairs.models import Site

_NAMES = {"name_ru": "Пример", "name_zh": "示例公司", "name_en": "Example"}
# Companies that there are not: no tax office of Russia has the number 9999, no place in China 000000.
_RUSSIAN = {**_NAMES, "country": "Russia", "region": "RU-PRI", "inn": "9999000013", "contact_phone": "+7 423 255-00-00"}
_CHINESE = {**_NAMES, "country": "中国", "region": "CN-LN", "uscc": "91000000000000000K", "contact_phone": "+86 24 2200 0000"}
_EXAMPLES = {
    "ru": {**_RUSSIAN, "country": "Россия", "legal_name": "ООО «Пример»", "contact_name": "Анна Иванова", "contact_language": "русский"},
    "zh-hans": {**_CHINESE, "legal_name": "沈阳示例食品有限公司", "contact_name": "王丽", "contact_language": "中文"},
    "en": {**_RUSSIAN, "legal_name": "OOO Example", "contact_name": "Anna Ivanova", "contact_language": "en"},
}


def template(language: str, sites: Sequence[Site]) -> tuple[list[str], list[str]]:
    """The header row and the example, which asks for an area at the first of the sites; its region is named in the active language."""
    example = {
        **_EXAMPLES.get(language, _EXAMPLES["en"]),
        "website": "https://example.com",
        "categories": "03;16",
        "contact_email": "sales@example.com",
        "note": _("An example: take this row out."),
    }
    region = Region.objects.filter(code=example["region"]).first()
    example["region"] = region.name if region else example["region"]
    if sites:
        example |= {f"{sites[0].slug}_area": "18", f"{sites[0].slug}_open_sides": "1", f"{sites[0].slug}_scheme": "shell"}
    headers = headers_in(language, sites)
    return list(headers.values()), [example.get(column, "") for column in headers]
