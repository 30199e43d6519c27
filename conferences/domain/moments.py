"""Moments as they are written: on the clock of the fair's zone, which is put forward and back in some."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _


class NoSuchTime(ValueError):
    """The clock never shows this time on that day, or shows it twice; the text says which."""


def moment_in(zone: ZoneInfo, written: datetime) -> datetime:
    """``written`` as a moment; without an offset it is on the clock of ``zone``. Raises NoSuchTime."""
    first, second = (written.replace(tzinfo=written.tzinfo or zone, fold=fold) for fold in (0, 1))
    if written.tzinfo is not None or first.utcoffset() == second.utcoffset():
        try:
            return first.astimezone(UTC)
        except OverflowError as error:
            raise NoSuchTime(_("%(time)s is at the end of the calendar.") % {"time": f"{written:%Y-%m-%d %H:%M}"}) from error
    facts = {"time": f"{written:%Y-%m-%d %H:%M}", "zone": zone.key}
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != written.replace(fold=0):
        raise NoSuchTime(_("%(time)s does not exist in %(zone)s: the clock is put forward then.") % facts)
    raise NoSuchTime(_("%(time)s is there twice in %(zone)s: the clock is put back then. Write the offset from UTC, too.") % facts)
