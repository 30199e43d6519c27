"""When a reader is left in peace, and where a reminder that falls into it goes. 2024 is the demo's year; the days are DOMAIN.md's."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairs.domain.ladders import USUAL, moment_of
from fairs.enums import RungAct, RungReader, RungUnit
from fairs.models import Rung
from fairs.quiet_time import Days, QuietTime, country_of, holidays, usual_quiet_days

RUSSIA = Days(date(2023, 12, 29), date(2024, 1, 8), "RU")
CHINA = Days(date(2024, 2, 10), date(2024, 2, 17), "CN")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def quiet(zone: str = "Europe/Moscow") -> QuietTime:
    return QuietTime.of(zone, [RUSSIA, CHINA])


def at(text: str, zone: str = "Europe/Moscow") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_the_usual_quiet_days_are_those_of_the_domain():
    assert {RUSSIA, CHINA} <= set(usual_quiet_days())


def test_holidays_are_kept_for_russia_and_china_alone():
    assert {days.country for days in holidays()} == {"RU", "CN"}
    assert all(days.first <= days.last for days in holidays())


@pytest.mark.parametrize(
    ("zone", "country"), [("Asia/Vladivostok", "RU"), ("Asia/Shanghai", "CN"), ("Asia/Almaty", ""), ("Europe/Berlin", ""), ("UTC", "")]
)
def test_the_country_follows_from_the_zone(zone, country):
    assert country_of(zone) == country


@pytest.mark.parametrize(
    ("moment", "is_quiet", "ends"),
    [
        ("2024-03-12T07:59:59", True, "2024-03-12T08:00"),
        ("2024-03-12T08:00", False, "2024-03-12T08:00"),
        ("2024-03-12T19:59:59", False, "2024-03-12T19:59:59"),
        ("2024-03-12T20:00", True, "2024-03-13T08:00"),
        ("2024-03-16T12:00", False, "2024-03-16T12:00"),  # a Saturday is no working day, and not quiet
        ("2023-12-28T23:00", True, "2024-01-09T08:00"),  # the night before the quiet days
        ("2023-12-29T00:00", True, "2024-01-09T08:00"),
        ("2024-01-08T23:59:59", True, "2024-01-09T08:00"),
        ("2024-01-09T03:00", True, "2024-01-09T08:00"),
        ("2024-02-12T12:00", False, "2024-02-12T12:00"),  # quiet in China, not in Russia
    ],
)
def test_quiet_hours_and_quiet_days(moment, is_quiet, ends):
    assert quiet().is_quiet(at(moment)) is is_quiet
    assert quiet().ends(at(moment)) == at(ends)


def test_the_reader_s_own_calendar_counts():
    moment = at("2024-02-12T12:00", "Asia/Shanghai")
    assert quiet("Asia/Shanghai").ends(moment) == at("2024-02-18T08:00", "Asia/Shanghai")
    everybody = QuietTime.of("America/New_York", [Days(date(2024, 2, 12), date(2024, 2, 12))])
    assert everybody.is_quiet(at("2024-02-12T12:00", "America/New_York"))


@pytest.mark.parametrize(
    ("moment", "due", "goes"),
    [
        ("2024-03-12T09:00", "2024-03-13T18:59:59", "2024-03-12T09:00"),  # nothing in the way
        ("2024-01-03T09:00", "2024-01-10T18:59:59", "2024-01-09T09:00"),  # with the first digest after the quiet days
        ("2024-01-03T09:00", "2024-01-05T18:59:59", "2023-12-28T17:00"),  # due in them: the last free working hour before
        ("2024-01-08T09:00", "2024-01-09T08:00", "2023-12-28T17:00"),  # the end is not before the due moment
        ("2024-01-08T09:00", "2024-01-09T08:00:01", "2024-01-09T08:00"),
        ("2024-03-12T21:00", "2024-03-13T07:00", "2024-03-12T17:00"),  # due in the quiet hours
        ("2024-03-12T21:00", "2024-03-12T17:59", "2024-03-12T16:00"),  # the hour from 17 is not over by then
        ("2024-03-16T21:00", "2024-03-17T07:00", "2024-03-15T17:00"),  # a Sunday: the Friday before
        ("2024-05-09T21:00", "2024-05-10T07:00", "2024-05-08T17:00"),  # Victory Day and the day after are holidays
        ("2024-03-12T10:00", "2024-03-12T09:30", "2024-03-11T17:00"),  # meant for after the due moment
    ],
)
def test_where_a_reminder_goes(moment, due, goes):
    assert quiet().settle(at(moment), due_at=at(due)) == at(goes)


@pytest.mark.parametrize(
    ("day", "count", "zone", "reached"),
    [
        (date(2023, 12, 13), 2, "Europe/Moscow", date(2023, 12, 15)),
        (date(2023, 12, 15), 2, "Europe/Moscow", date(2023, 12, 19)),  # over a weekend
        (date(2023, 12, 28), 1, "Europe/Moscow", date(2024, 1, 9)),  # over the quiet days and the holidays
        (date(2023, 12, 28), 1, "Asia/Shanghai", date(2023, 12, 29)),
        (date(2024, 2, 9), 1, "Asia/Shanghai", date(2024, 2, 19)),  # Spring Festival, then a Sunday
        (date(2024, 1, 9), -1, "Europe/Moscow", date(2023, 12, 28)),
        (date(2024, 1, 6), 0, "Europe/Moscow", date(2024, 1, 6)),
    ],
)
def test_working_days_are_the_readers(day, count, zone, reached):
    assert quiet(zone).plus_working_days(day, count) == reached


def test_where_everything_is_quiet_the_moment_stays():
    always = QuietTime(ZoneInfo("UTC"), quiet=frozenset(date(2024, 1, 1) + timedelta(days=step) for step in range(120)))
    assert always.last_working_hour(datetime(2024, 4, 1, tzinfo=UTC)) is None
    moment = datetime(2024, 3, 1, 9, tzinfo=UTC)
    assert always.settle(moment, due_at=datetime(2024, 3, 2, tzinfo=UTC)) == moment


# --- clocks that change -------------------------------------------------------------------------------------------


def rung(offset: int, unit: str = RungUnit.DAYS) -> Rung:
    return Rung(offset=offset, unit=unit, reader=RungReader.OWNER, act=RungAct.REMIND)


def test_almatys_change_of_its_offset_keeps_nine_o_clock():
    """On 1 March 2024 Kazakhstan went from UTC+6 to UTC+5 for good."""
    due, almaty = at("2024-03-04T23:59:59", "Asia/Shanghai"), QuietTime.of("Asia/Almaty", [])
    found = [moment_of(rung(offset), due_at=due, fair_zone=SHANGHAI, quiet=almaty) for offset in (-7, -3, -1)]
    assert found == [datetime(2024, 2, 26, 3, tzinfo=UTC), datetime(2024, 3, 1, 4, tzinfo=UTC), datetime(2024, 3, 3, 4, tzinfo=UTC)]


def test_berlins_changes_of_the_clocks_keep_nine_o_clock():
    berlin = QuietTime.of("Europe/Berlin", [])
    spring = at("2024-04-01T12:00", "Europe/Berlin")
    assert moment_of(rung(-1), due_at=spring, fair_zone=berlin.zone, quiet=berlin) == datetime(2024, 3, 31, 7, tzinfo=UTC)
    assert moment_of(rung(-2), due_at=spring, fair_zone=berlin.zone, quiet=berlin) == datetime(2024, 3, 30, 8, tzinfo=UTC)
    autumn = at("2024-10-28T12:00", "Europe/Berlin")
    assert moment_of(rung(-1), due_at=autumn, fair_zone=berlin.zone, quiet=berlin) == datetime(2024, 10, 27, 8, tzinfo=UTC)
    assert moment_of(rung(-2), due_at=autumn, fair_zone=berlin.zone, quiet=berlin) == datetime(2024, 10, 26, 7, tzinfo=UTC)


zones = st.sampled_from(
    ["Asia/Almaty", "Europe/Berlin", "Asia/Shanghai", "Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad", "America/New_York", "UTC"]
)
# around the changes: Almaty on 1 March, Berlin on 31 March and 27 October 2024, and the quiet days of both countries
due_days = st.one_of(st.dates(date(2023, 12, 20), date(2024, 4, 30)), st.dates(date(2024, 10, 15), date(2024, 11, 15)))
due_times = st.times(min_value=time(0), max_value=time(23, 59, 59))


@given(reader=zones, fair=zones, day=due_days, hour=due_times)
@settings(max_examples=300, deadline=None)
def test_each_step_falls_on_its_own_day_at_nine_whatever_the_clocks_do(reader, fair, day, hour):
    """Neither doubled nor skipped: one moment a day, a day apart on the wall, also where the day has 23 or 25 hours."""
    zone, reading = ZoneInfo(fair), QuietTime(ZoneInfo(reader))
    due = datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
    due_day = due.astimezone(zone).date()
    found = [moment_of(rung(offset), due_at=due, fair_zone=zone, quiet=reading) for offset in range(-14, -1)]
    local = [moment.astimezone(reading.zone) for moment in found]
    assert [(each.date(), each.time()) for each in local] == [(due_day + timedelta(days=offset), time(9)) for offset in range(-14, -1)]
    assert found == sorted(set(found))


@given(reader=zones, fair=zones, day=due_days, hour=due_times)
@settings(max_examples=300, deadline=None)
def test_no_step_comes_too_late_or_disturbs(reader, fair, day, hour):
    zone, reading = ZoneInfo(fair), quiet(reader)
    due = datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
    for offset, unit, *_who in USUAL:
        moment = moment_of(rung(offset, unit), due_at=due, fair_zone=zone, quiet=reading)
        assert (moment < due) if offset <= 0 else (moment >= due)
        assert not reading.is_quiet(moment)
