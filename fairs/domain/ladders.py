"""The reminders that a deadline begins with, and the quiet days of a new fair. Both are rows that the organiser changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fairs.enums import RungAct, RungReader, RungUnit
from fairs.models import Deadline, Fair, QuietDays, Rung
from fairs.quiet_time import Days, QuietTime, usual_quiet_days

_PREPARATION = timedelta(days=366)  # before a fair in which it may write letters
_AFTERWARDS = timedelta(days=90)

# offset, unit, reader, act
USUAL = (
    *((days, RungUnit.DAYS, RungReader.OWNER, RungAct.REMIND) for days in (-14, -7, -3, -1, 0)),
    (0, RungUnit.DAYS, RungReader.OPERATIONS, RungAct.REMIND),
    (2, RungUnit.WORKING_DAYS, RungReader.RESPONSIBLE, RungAct.TASK),
    (5, RungUnit.WORKING_DAYS, RungReader.COORDINATOR, RungAct.REMIND),
    (7, RungUnit.WORKING_DAYS, RungReader.OWNER, RungAct.CONSEQUENCE),
)


def give_usual(deadline: Deadline) -> None:
    """The usual ladder, for a deadline that has just been made."""
    Rung.objects.bulk_create(
        Rung(deadline=deadline, offset=offset, unit=unit, reader=reader, act=act) for offset, unit, reader, act in USUAL
    )


def give_usual_quiet_days(fair: Fair) -> None:
    """The usual quiet days in the year before a fair that has just been made, and in the weeks after it."""
    first, last = fair.starts_on - _PREPARATION, fair.ends_on + _AFTERWARDS
    QuietDays.objects.bulk_create(
        QuietDays(fair=fair, country=days.country, first_day=days.first, last_day=days.last)
        for days in usual_quiet_days()
        if days.last >= first and days.first <= last
    )


def quiet_days_of(fair: Fair) -> list[Days]:
    return [Days(*row) for row in QuietDays.objects.filter(fair=fair).values_list("first_day", "last_day", "country")]


def moment_of(rung: Rung, *, due_at: datetime, fair_zone: ZoneInfo, quiet: QuietTime) -> datetime:
    """When a step of the ladder is due for the reader of ``quiet``: at nine on the reader's wall clock.

    Days are counted from the due day in the fair's calendar, working days in the reader's. What goes before the due moment goes
    before it, whatever the reader's clock shows; what comes afterwards, afterwards.
    """
    due_day = due_at.astimezone(fair_zone).date()
    if rung.unit == RungUnit.WORKING_DAYS:
        day = quiet.plus_working_days(due_day, rung.offset)
    else:
        day = due_day + timedelta(days=rung.offset)
    if rung.offset <= 0:
        return quiet.settle(quiet.at(day), due_at=due_at)
    return max(quiet.goes(quiet.at(day)), due_at.astimezone(UTC))
