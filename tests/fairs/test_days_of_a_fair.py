"""A fair's day is that of its own clock, whatever the server's is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fairs.models import Fair
from tests.factories.fairs import FairFactory

LAST = date(2030, 3, 10)
KIRITIMATI, SHENYANG, HONOLULU = "Pacific/Kiritimati", "Asia/Shanghai", "Pacific/Honolulu"  # UTC+14, UTC+8, UTC−10


def test_the_day_of_a_moment_is_read_off_the_fairs_clock() -> None:
    evening = datetime(2030, 3, 9, 20, tzinfo=UTC)
    days = [Fair(time_zone=zone).day_of(evening).day for zone in (KIRITIMATI, SHENYANG, HONOLULU)]
    assert days == [10, 10, 9]


@pytest.mark.django_db
@pytest.mark.parametrize("after", [timedelta(), timedelta(days=30)])
def test_a_fair_lasts_till_midnight_on_its_own_clock(after: timedelta) -> None:
    for zone in (KIRITIMATI, SHENYANG, HONOLULU):
        FairFactory(slug=zone.split("/")[1].lower(), time_zone=zone, ends_on=LAST, starts_on=LAST)
    midnights = [datetime(2030, 3, 10, 10, tzinfo=UTC), datetime(2030, 3, 10, 16, tzinfo=UTC), datetime(2030, 3, 11, 10, tzinfo=UTC)]
    lasting = [
        {fair.slug for fair in Fair.objects.lasting(midnight + after + step, after=after)}
        for midnight in midnights
        for step in (-timedelta(seconds=1), timedelta())
    ]
    assert lasting == [
        {"kiritimati", "shanghai", "honolulu"},
        {"shanghai", "honolulu"},
        {"shanghai", "honolulu"},
        {"honolulu"},
        {"honolulu"},
        set(),
    ]


def test_a_day_ends_before_the_end_of_the_calendar() -> None:
    for zone in (KIRITIMATI, HONOLULU):
        end = Fair(time_zone=zone).end_of(LAST)
        assert end < datetime.max.replace(tzinfo=UTC)
        assert Fair(time_zone=zone).day_of(end) == LAST + timedelta(days=1)
        assert Fair(time_zone=zone).day_of(end - timedelta(seconds=1)) == LAST
