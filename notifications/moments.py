"""Moments as a reader of Russian, Chinese or English writes them, in more than one time zone."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

_RUSSIAN_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()  # noqa: SIM905
_ENGLISH_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
# zone: city in Russian, in Chinese (English takes it from the zone's own name)
_CITIES = {
    "Asia/Shanghai": ("Пекин", "北京"),  # China has one time, and everybody calls it Beijing's
    "Asia/Hong_Kong": ("Гонконг", "香港"),
    "Asia/Urumqi": ("Урумчи", "乌鲁木齐"),
    "Asia/Almaty": ("Алматы", "阿拉木图"),
    "Asia/Tashkent": ("Ташкент", "塔什干"),
    "Asia/Tokyo": ("Токио", "东京"),
    "Asia/Seoul": ("Сеул", "首尔"),
    "Asia/Ulaanbaatar": ("Улан-Батор", "乌兰巴托"),
    "Europe/Berlin": ("Берлин", "柏林"),
    "Europe/London": ("Лондон", "伦敦"),
    "Europe/Paris": ("Париж", "巴黎"),
    "Europe/Minsk": ("Минск", "明斯克"),
    "Europe/Istanbul": ("Стамбул", "伊斯坦布尔"),
    "America/New_York": ("Нью-Йорк", "纽约"),
    "Europe/Kaliningrad": ("Калининград", "加里宁格勒"),
    "Europe/Moscow": ("Москва", "莫斯科"),
    "Europe/Simferopol": ("Симферополь", "辛菲罗波尔"),
    "Europe/Kirov": ("Киров", "基洛夫"),
    "Europe/Volgograd": ("Волгоград", "伏尔加格勒"),
    "Europe/Astrakhan": ("Астрахань", "阿斯特拉罕"),
    "Europe/Saratov": ("Саратов", "萨拉托夫"),
    "Europe/Ulyanovsk": ("Ульяновск", "乌里扬诺夫斯克"),
    "Europe/Samara": ("Самара", "萨马拉"),
    "Asia/Yekaterinburg": ("Екатеринбург", "叶卡捷琳堡"),
    "Asia/Omsk": ("Омск", "鄂木斯克"),
    "Asia/Novosibirsk": ("Новосибирск", "新西伯利亚"),
    "Asia/Barnaul": ("Барнаул", "巴尔瑙尔"),
    "Asia/Tomsk": ("Томск", "托木斯克"),
    "Asia/Novokuznetsk": ("Новокузнецк", "新库兹涅茨克"),
    "Asia/Krasnoyarsk": ("Красноярск", "克拉斯诺亚尔斯克"),
    "Asia/Irkutsk": ("Иркутск", "伊尔库茨克"),
    "Asia/Chita": ("Чита", "赤塔"),
    "Asia/Yakutsk": ("Якутск", "雅库茨克"),
    "Asia/Khandyga": ("Хандыга", "汉德加"),
    "Asia/Vladivostok": ("Владивосток", "符拉迪沃斯托克"),
    "Asia/Ust-Nera": ("Усть-Нера", "乌斯季涅拉"),
    "Asia/Magadan": ("Магадан", "马加丹"),
    "Asia/Sakhalin": ("Южно-Сахалинск", "南萨哈林斯克"),
    "Asia/Srednekolymsk": ("Среднеколымск", "中科雷姆斯克"),
    "Asia/Kamchatka": ("Петропавловск-Камчатский", "彼得罗巴甫洛夫斯克"),
    "Asia/Anadyr": ("Анадырь", "阿纳德尔"),
    "UTC": ("UTC", "UTC"),
}


def city_of(zone: str, *, language: str) -> str:
    """The city a time zone goes by, such as “Владивосток” for Asia/Vladivostok; Beijing for Asia/Shanghai."""
    russian, chinese = _CITIES.get(zone, ("", ""))
    own_name = "Beijing" if zone == "Asia/Shanghai" else zone.rpartition("/")[2].replace("_", " ")
    return {"ru": russian, "zh-hans": chinese}.get(language, "") or own_name


def written_day(day: date, *, language: str) -> str:
    """12 декабря 2023 г. · 2023年12月12日 · 12 December 2023"""
    return _DAY.get(language, _DAY["en"])(day)


def written_days(first: date, last: date, *, language: str) -> str:
    """28–30 января 2024 г. · 2024年1月28日至30日 · 28–30 January 2024; what both days share stands once."""
    if first == last:
        return written_day(first, language=language)
    return _DAYS.get(language, _DAYS["en"])(first, last)


def moment_in_zones(moment: datetime, *, fair_zone: str, reader_zone: str, language: str) -> str:
    """The moment in the fair's zone and, where clocks differ, in the reader's: “12 декабря 2023 г., 23:59 (Пекин) / 18:59 (Москва)”."""
    at_fair = moment.astimezone(ZoneInfo(fair_zone))
    at_reader = moment.astimezone(ZoneInfo(reader_zone))
    first = _written(at_fair, zone=fair_zone, language=language)
    if at_fair.utcoffset() == at_reader.utcoffset():
        return first
    second = _written(at_reader, zone=reader_zone, language=language, with_day=at_reader.date() != at_fair.date())
    return f"{first}/{second}" if language == "zh-hans" else f"{first} / {second}"  # a full-width bracket has its blank in it


def _written(moment: datetime, *, zone: str, language: str, with_day: bool = True) -> str:
    city = city_of(zone, language=language)
    time = f"{moment:%H:%M}"
    if language == "zh-hans":
        place = city if city == "UTC" else f"{city}时间"
        return f"{written_day(moment, language=language)} {time}（{place}）" if with_day else f"{time}（{place}）"
    return f"{written_day(moment, language=language)}, {time} ({city})" if with_day else f"{time} ({city})"


_DAY: dict[str, Callable[[date], str]] = {
    "ru": lambda day: f"{day.day} {_RUSSIAN_MONTHS[day.month - 1]} {day.year} г.",
    "zh-hans": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "en": lambda day: f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}",
}


def _range(first: date, last: date, *, without_month: str, without_year: str, language: str) -> str:
    """A European range: what both ends share is left out of the first; blanks stand around the dash when an end has more than a number."""
    end = written_day(last, language=language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{without_month}–{end}"
    start = without_year if first.year == last.year else written_day(first, language=language)
    return f"{start} – {end}"


def _chinese_range(first: date, last: date) -> str:
    end = f"{last.day}日"
    if (first.year, first.month) != (last.year, last.month):
        end = f"{last.month}月{end}"
    if first.year != last.year:
        end = f"{last.year}年{end}"
    return f"{_DAY['zh-hans'](first)}至{end}"


_DAYS: dict[str, Callable[[date, date], str]] = {
    "ru": lambda first, last: _range(
        first, last, without_month=str(first.day), without_year=f"{first.day} {_RUSSIAN_MONTHS[first.month - 1]}", language="ru"
    ),
    "zh-hans": _chinese_range,
    "en": lambda first, last: _range(
        first, last, without_month=str(first.day), without_year=f"{first.day} {_ENGLISH_MONTHS[first.month - 1]}", language="en"
    ),
}
