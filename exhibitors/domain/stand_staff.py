"""The people on an exhibitor's stand: named, changed and taken off under the application's lock, within its quota of passes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Conflict, Findings, Invalid, field_error
from exhibitors.domain import changes, stand_staff_twice, steps
from exhibitors.domain.deadlines import due_moment
from exhibitors.domain.differences import Diff
from exhibitors.domain.editing import require_live
from exhibitors.domain.pass_quotas import passes_of
from exhibitors.domain.site_wishes import NOT_WISHED
from exhibitors.domain.stand_staff_values import DaysInput, StaffValues, checked
from exhibitors.enums import ChangeSubject
from exhibitors.models import Application, SiteWish, StandStaff, StandStaffDays
from fairs.models import Deadline
from fairs.units import day_text

DEADLINES = ("badges_final", "badges_first")  # codes; the first that the fair has counts
MOST_PEOPLE = 500  # of one application: whoever needs more has made a mistake


class PassesUsedUp(Conflict):
    """All passes of a site are given away."""

    code = "passes-used-up"


class StaffClosed(Conflict):
    """The deadline for naming people is over; the organiser may still change them."""

    code = "staff-closed"


@transaction.atomic
def add(
    *,
    application_id: int,
    by: User | None,
    now: datetime,
    days: Sequence[DaysInput] = (),
    as_staff: bool = False,
    **values: Unpack[StaffValues],
) -> StandStaff:
    """Name somebody; each site in ``days`` takes one pass.

    Raises Invalid for wrong values, PassesUsedUp when a site has no pass left, StaffClosed after the deadline (staff may).
    """
    application = _locked_open(application_id, now=now, as_staff=as_staff)
    count = application.stand_staff.count()
    if count >= MOST_PEOPLE:
        raise PassesUsedUp(_("At most %(count)d people can be named.") % {"count": MOST_PEOPLE})
    _require_right(application, values, days)
    person = StandStaff.objects.create(application=application, **checked(values, country=application.company.country))
    _write_days(application, person, days, Diff())
    diff = Diff()
    diff.note("staff", count, count + 1)
    _record(application, diff, by=by, now=now, as_staff=as_staff)
    return person


@transaction.atomic
def update(
    *,
    staff_id: int,
    by: User | None,
    now: datetime,
    days: Sequence[DaysInput] | None = None,
    as_staff: bool = False,
    **values: Unpack[StaffValues],
) -> StandStaff:
    """Change what is given; ``days`` replaces the whole list. Raises as :func:`add`."""
    person = StandStaff.objects.get(pk=staff_id)
    application, diff = _locked_open(person.application_id, now=now, as_staff=as_staff), Diff()
    _require_right(application, values, days, person=person)
    fields = checked(values, country=application.company.country, person=person)
    for name, value in fields.items():
        if getattr(person, name) != value:
            diff.note_unsaid(f"staff.{name}")  # names, birthdays and numbers are the person's own
        setattr(person, name, value)
    if fields:
        person.save(update_fields=list(fields))
    if days is not None:
        _write_days(application, person, days, diff)
    _record(application, diff, by=by, now=now, as_staff=as_staff)
    return person


@transaction.atomic
def remove(*, staff_id: int, by: User | None, now: datetime, as_staff: bool = False) -> None:
    """Take somebody off: the row is deleted, and its passes are free again."""
    person = StandStaff.objects.get(pk=staff_id)
    application, diff = _locked_open(person.application_id, now=now, as_staff=as_staff), Diff()
    count = application.stand_staff.count()
    person.delete()
    diff.note("staff", count, count - 1)
    _record(application, diff, by=by, now=now, as_staff=as_staff)


def closes_at(application: Application) -> datetime:
    """Until when the exhibitor names people: the fair's deadline for badges, extended or not, else the end of its last day."""
    found = {deadline.code: deadline for deadline in Deadline.objects.filter(fair=application.fair_id, code__in=DEADLINES)}
    for code in DEADLINES:
        if code in found:
            return due_moment(application, found[code])
    fair = application.fair
    return datetime.combine(fair.ends_on + timedelta(days=1), time(), tzinfo=fair.zone) - timedelta(seconds=1)


def _record(application: Application, diff: Diff, *, by: User | None, now: datetime, as_staff: bool) -> None:
    changes.record_part(application=application, subject=ChangeSubject.STAFF, by=by, as_staff=as_staff, now=now, diff=diff)


def _locked_open(application_id: int, *, now: datetime, as_staff: bool) -> Application:
    application = steps.locked(application_id)
    require_live(application)
    closed_at = closes_at(application)
    if not as_staff and int(now.timestamp()) > int(closed_at.timestamp()):  # the closing second itself is in time
        text = _("The time to name people is over; ask the organiser.")
        raise StaffClosed(text, closed_at=closed_at.astimezone(application.fair.zone).isoformat())
    return application


def wrong(
    application: Application, values: StaffValues, days: Mapping[int, DaysInput] | None, *, person: StandStaff | None = None
) -> list[dict[str, Any]]:
    """All that is wrong with a person as they are given, or would be changed; ``days`` by their place in the list, None: as they are."""
    found = Findings()
    fields: dict[str, Any] = {}
    there = stand_staff_twice.days_of(person) if person and days is None else {}
    with found.more():
        fields = checked(values, country=application.company.country, person=person)
    with found.more():
        rows = _checked_days(_wishes(application) if days else {}, days or {})
        there = there or {site: (row["first_day"], row["last_day"]) for site, row in rows.items()}
    if not found.errors:
        found.errors += stand_staff_twice.find(application, fields, there, person=person)
    return found.errors


def _require_right(
    application: Application, values: StaffValues, days: Sequence[DaysInput] | None, *, person: StandStaff | None = None
) -> None:
    given = None if days is None else dict(enumerate(days))
    Findings(wrong(application, values, given, person=person)).refuse()


def _wishes(application: Application) -> dict[int, SiteWish]:
    return {wish.site_id: wish for wish in application.site_wishes.select_related("site")}


def _write_days(application: Application, person: StandStaff, days: Sequence[DaysInput], diff: Diff) -> None:
    rows = _checked_days(_wishes(application), dict(enumerate(days)))
    before = {site: (slug, days) for site, slug, *days in person.days.values_list("site", "site__slug", "first_day", "last_day")}
    here_before = set(before)
    slugs = {given.site.pk: given.site.slug for given in days}
    for site in rows.keys() | before.keys():
        old = before[site][1] if site in before else None
        new = [rows[site]["first_day"], rows[site]["last_day"]] if site in rows else None
        diff.note("staff.days", old, new, of=slugs.get(site) or before[site][0])
    _require_passes(application, [site_id for site_id in rows if site_id not in here_before], list(rows))
    person.days.exclude(site__in=rows).delete()
    for site_id, row in rows.items():
        StandStaffDays.objects.update_or_create(staff=person, site_id=site_id, defaults=row)


def _checked_days(wishes: dict[int, SiteWish], days: Mapping[int, DaysInput]) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    errors = []
    for place, given in days.items():
        wish = wishes.get(given.site.pk)
        if wish is None:
            errors.append(field_error(f"/days/{place}/site", "site_not_wished", NOT_WISHED))
            continue
        first, last = given.first_day or wish.first_day, given.last_day or wish.last_day
        if given.site.pk in rows:
            errors.append(field_error(f"/days/{place}/site", "unique", _("A site is named twice: name each once.")))
        else:
            errors += _wrong_days(wish, given, pointer=f"/days/{place}")
        rows[given.site.pk] = {"first_day": first, "last_day": last}
    if errors:
        raise Invalid(errors)
    return rows


def _wrong_days(wish: SiteWish, given: DaysInput, *, pointer: str) -> Iterator[dict[str, Any]]:
    if given.first_day and given.last_day and given.last_day < given.first_day:
        yield field_error(f"{pointer}/last_day", "days_in_order", _("The last day is before the first."))
    asked = {"first": day_text(wish.first_day), "last": day_text(wish.last_day)}
    for name, day in (("first_day", given.first_day), ("last_day", given.last_day)):
        if day is not None and not wish.first_day <= day <= wish.last_day:
            yield field_error(f"{pointer}/{name}", "outside_wish", _("The application asks for %(first)s to %(last)s.") % asked)


def _require_passes(application: Application, new_sites: Sequence[int], sites: Sequence[int]) -> None:
    """Raise PassesUsedUp unless each site where the person is new has a pass left; counted under the application's lock."""
    if not new_sites:
        return
    for passes in passes_of(application):
        if passes.site.pk in new_sites and not passes.left:
            detail = _("%(site)s: all %(quota)d passes are used. Take somebody off, or ask the organiser for more.") % {
                "site": passes.site,
                "quota": passes.quota,
            }
            error = field_error(f"/days/{sites.index(passes.site.pk)}/site", PassesUsedUp.code, detail)
            raise PassesUsedUp(detail, site=passes.site.slug, quota=passes.quota, used=passes.used, errors=[error])
