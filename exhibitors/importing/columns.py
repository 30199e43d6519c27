"""The columns of a company table: their canonical headers, and how Russian and Chinese tables call them."""

import re
from collections.abc import Iterable

from fairs.models import Site
from fairs.sheet_reader import normal_header

COMPANY = {
    "legal_name": ["юридическое название", "юр. название", "юридическое лицо", "公司全称", "法定名称", "企业名称"],
    "name_ru": ["название", "название (рус.)", "название по-русски", "俄文名称"],
    "name_zh": ["название (кит.)", "название по-китайски", "中文名称"],
    "name_en": ["name", "название (англ.)", "название по-английски", "英文名称"],
    "brands_ru": ["бренды", "бренды (рус.)", "俄文品牌"],
    "brands_zh": ["бренды (кит.)", "中文品牌"],
    "brands_en": ["brands", "бренды (англ.)", "英文品牌"],
    "description_ru": ["описание", "описание (рус.)", "俄文简介"],
    "description_zh": ["описание (кит.)", "中文简介"],
    "description_en": ["description", "описание (англ.)", "英文简介"],
    "country": ["страна", "国家"],
    "region": ["регион", "код региона", "地区", "地区代码"],
    "inn": ["ИНН", "俄罗斯纳税人识别号", "俄罗斯税号"],
    "ogrn": ["ОГРН", "ОГРНИП", "ОГРН/ОГРНИП", "俄罗斯国家注册号"],
    "kpp": ["КПП", "俄罗斯税务登记原因代码"],
    "uscc": ["统一社会信用代码", "единый код социального кредита"],
    "website": ["сайт", "web", "网站", "网址"],
    "categories": ["категории", "категории товаров", "товарные группы", "产品类别", "商品类别"],
    "contact_name": ["контактное лицо", "контакт", "联系人"],
    "contact_email": ["почта", "электронная почта", "e-mail", "email", "邮箱", "电子邮箱"],
    "contact_phone": ["телефон", "phone", "电话"],
    "contact_language": ["язык", "язык контакта", "语言"],
    "contact_time_zone": ["часовой пояс", "时区"],
}
PARTICIPATION = {
    "role": ["роль", "角色"],
    "main_company": ["основной экспонент", "основной участник", "主参展商"],
    "status": ["статус", "состояние заявки", "状态"],
    "submitted_at": ["подана", "дата заявки", "дата подачи", "提交时间"],
    "responsible": ["ответственный", "куратор", "负责人"],
    "message": ["сообщение", "причина", "说明"],
    "note": ["примечание", "заметка", "备注"],  # for the people who keep the table; not imported
}
REQUIRED = ["legal_name", "country", "region"]

# What a table may say for one site; the header is "<site's slug>_<suffix>", or the city and the other words.
SITE = {
    "area": ["площадь", "площадь, м²", "area, m²", "面积"],
    "area_min": ["площадь от", "площадь не менее", "最小面积"],
    "area_max": ["площадь до", "площадь не более", "最大面积"],
    "open_sides": ["открытых сторон", "открытые стороны", "开口"],
    "scheme": ["застройка", "搭建方式"],
    "stand": ["стенд", "展位"],
    "first_day": ["первый день", "с", "开始日期"],
    "last_day": ["последний день", "по", "结束日期"],
}

_CITIES = {"ru": "city_ru", "zh-hans": "city_zh_hans", "en": "city_en"}
_SCRIPTS = {"ru": re.compile("[а-яё]", re.IGNORECASE), "zh-hans": re.compile("[\u4e00-\u9fff]")}


def columns_of(sites: Iterable[Site]) -> dict[str, list[str]]:
    """All headers that the table of a fair with these sites may have, each with its other spellings."""
    sites = list(sites)
    known = {**COMPANY, **PARTICIPATION}
    for site in sites:
        places = sorted({site.slug, *_own_cities(site, sites).values()})
        for suffix, words in SITE.items():
            known[f"{site.slug}_{suffix}"] = [f"{place} {word}" for place in places for word in [suffix, *words]]
    return known


def headers_in(language: str, sites: Iterable[Site]) -> dict[str, str]:
    """Of each column the header that a table in this language has: in Russian and Chinese a spelling, else the column's own name."""
    sites = list(sites)
    headers = {column: _spelling(language, column, words) for column, words in {**COMPANY, **PARTICIPATION}.items()}
    for site in sites:
        place = _own_cities(site, sites).get(language, site.slug)
        for suffix, words in SITE.items():
            column = f"{site.slug}_{suffix}"
            word = _spelling(language, "", words)
            headers[column] = f"{place} {word[:1].lower()}{word[1:]}" if word else column
    return headers


def _spelling(language: str, column: str, words: Iterable[str]) -> str:
    script = _SCRIPTS.get(language)
    word = next((word for word in words if script and script.search(word)), column)
    return word if word == column else word[:1].upper() + word[1:]


def _own_cities(site: Site, sites: Iterable[Site]) -> dict[str, str]:
    """The site's city by language, as far as no other of the sites may be meant by it."""
    others = {normal_header(name) for other in sites if other is not site for name in (other.slug, *_cities(other).values())}
    return {language: city for language, city in _cities(site).items() if normal_header(city) not in others}


def _cities(site: Site) -> dict[str, str]:
    return {language: city for language, field in _CITIES.items() if (city := getattr(site, field))}
