from datetime import UTC, date, datetime

import pytest

from notifications.moments import city_of, moment_in_zones, written_day, written_days

DEADLINE = datetime(2023, 12, 12, 15, 59, tzinfo=UTC)  # 23:59 in Shenyang


@pytest.mark.parametrize(
    ("language", "reader_zone", "written"),
    [
        ("ru", "Europe/Moscow", "12 декабря 2023 г., 23:59 (Пекин) / 18:59 (Москва)"),
        ("ru", "Asia/Vladivostok", "12 декабря 2023 г., 23:59 (Пекин) / 13 декабря 2023 г., 01:59 (Владивосток)"),
        ("zh-hans", "Europe/Moscow", "2023年12月12日 23:59（北京时间）/18:59（莫斯科时间）"),
        ("zh-hans", "Asia/Shanghai", "2023年12月12日 23:59（北京时间）"),
        ("en", "Asia/Irkutsk", "12 December 2023, 23:59 (Beijing)"),  # the same clock as in Shenyang
        ("en", "America/New_York", "12 December 2023, 23:59 (Beijing) / 10:59 (New York)"),
    ],
)
def test_a_moment_in_both_zones(language, reader_zone, written):
    assert moment_in_zones(DEADLINE, fair_zone="Asia/Shanghai", reader_zone=reader_zone, language=language) == written


@pytest.mark.parametrize(("language", "written"), [("ru", "1 мая 2024 г."), ("zh-hans", "2024年5月1日"), ("en", "1 May 2024")])
def test_a_day(language, written):
    assert written_day(date(2024, 5, 1), language=language) == written


@pytest.mark.parametrize(
    ("first", "last", "russian", "chinese", "english"),
    [
        (date(2024, 1, 28), date(2024, 1, 30), "28–30 января 2024 г.", "2024年1月28日至30日", "28–30 January 2024"),
        (date(2024, 1, 27), date(2024, 2, 5), "27 января – 5 февраля 2024 г.", "2024年1月27日至2月5日", "27 January – 5 February 2024"),
        (
            date(2024, 1, 30),
            date(2025, 1, 2),
            "30 января 2024 г. – 2 января 2025 г.",
            "2024年1月30日至2025年1月2日",
            "30 January 2024 – 2 January 2025",
        ),
        (date(2024, 1, 28), date(2024, 1, 28), "28 января 2024 г.", "2024年1月28日", "28 January 2024"),
    ],
)
def test_several_days(first, last, russian, chinese, english):
    written = [written_days(first, last, language=language) for language in ("ru", "zh-hans", "en")]
    assert written == [russian, chinese, english]


def test_a_city_that_is_not_listed_keeps_its_own_name():
    assert city_of("America/Argentina/Buenos_Aires", language="ru") == "Buenos Aires"
