from datetime import UTC, date, datetime

import pytest

from notifications.moments import city_of, moment_in_zones, written_day

DEADLINE = datetime(2023, 12, 12, 15, 59, tzinfo=UTC)  # 23:59 in Shenyang


@pytest.mark.parametrize(
    ("language", "reader_zone", "written"),
    [
        ("ru", "Europe/Moscow", "12 декабря 2023 г., 23:59 (Пекин) / 18:59 (Москва)"),
        ("ru", "Asia/Vladivostok", "12 декабря 2023 г., 23:59 (Пекин) / 13 декабря 2023 г., 01:59 (Владивосток)"),
        ("zh-hans", "Europe/Moscow", "2023年12月12日 23:59（北京时间） / 18:59（莫斯科时间）"),
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


def test_a_city_that_is_not_listed_keeps_its_own_name():
    assert city_of("America/Argentina/Buenos_Aires", language="ru") == "Buenos Aires"
