"""What an application asks for at each site: checked with pointers, written all together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.places import by_place
from api.problems import Conflict, Findings, Invalid, field_error
from exhibitors.domain import plans
from exhibitors.domain.differences import Diff
from exhibitors.domain.standing import COLUMNS, Standing
from exhibitors.enums import PlanChangeKind, Scheme
from exhibitors.models import Application, SiteWish, StandPreference
from exhibitors.models.application import MOST_COLD_STORAGE_M2, MOST_POWER_KW
from exhibitors.models.wishes import MOST_PREFERENCES
from fairs.models import Site, Stand
from fairs.units import day_text

NOT_WISHED = gettext_lazy("The application does not ask for this site: add it there first, or leave it out here.")

_TWO_PLACES = DecimalValidator(max_digits=None, decimal_places=2)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What can be asked for at a site. Areas in m², power in kW; days None: all days of the site; the dearest stand first."""

    area_min_m2: Decimal | None = None
    area_wished_m2: Decimal | None = None
    area_max_m2: Decimal | None = None
    open_sides: int | None = None
    scheme: str = Scheme.SHELL
    first_day: date | None = None
    last_day: date | None = None
    power_kw: Decimal | None = None
    water: bool = False
    cold_storage_m2: Decimal | None = None
    stands: Sequence[Stand] = ()


@dataclass(frozen=True, kw_only=True)
class SiteWishInput(Wish):
    """What is asked for at one site."""

    site: Site

    @classmethod
    def of(cls, wish: SiteWish) -> "SiteWishInput":
        """The same wish once more, to be written with a change."""
        stands = tuple(preference.stand for preference in wish.preferences.select_related("stand__hall"))
        return cls(site=wish.site, stands=stands, **{name: getattr(wish, name) for name in COLUMNS})


def columns_of(wish: SiteWishInput) -> dict[str, Any]:
    """The columns of a SiteWish but for application and site; days that are not named are all days of the site."""
    columns = {name: getattr(wish, name) for name in COLUMNS}
    return {**columns, "first_day": wish.first_day or wish.site.starts_on, "last_day": wish.last_day or wish.site.ends_on}


def write_sites(
    application: Application, sites: Sequence[SiteWishInput], there: Standing, diff: Diff, *, by: User | None, now: datetime
) -> None:
    """Replace the whole list, which is ``there`` now; ``diff`` gets what changes. What was planned at a site left out is over.

    Raises Invalid with pointers, Conflict where a site with a stand is left out.
    """
    wanted: set[int] = set()
    found = Findings()
    for number, wish in by_place(sites):
        if wish.site.pk in wanted:
            found.errors.append(field_error(f"/sites/{number}/site", "unique", _("A site is named twice: name each once.")))
        wanted.add(wish.site.pk)
        with found.more():
            check_site(application.fair_id, wish, pointer=f"/sites/{number}")
    found.refuse()
    _note_sites(diff, sites, there)
    if gone := [row.pk for site, row in there.wishes.items() if site not in wanted]:
        _keep_placed_sites(application, wanted)
        plans.take_off(application.placements.plans().exclude(site__in=wanted), PlanChangeKind.ENDED, plans.an_act(by=by, now=now))
        application.site_wishes.filter(pk__in=gone).delete()
    rows = _write_rows(application, sites, there.wishes)
    _write_preferences(rows, there, diff)


def _note_sites(diff: Diff, sites: Sequence[SiteWishInput], there: Standing) -> None:
    """Which sites are wished, by slug, and what changes at those that stay."""
    diff.note("sites", sorted(there.slugs.values()), sorted(wish.site.slug for wish in sites))
    for wish in sites if there.wishes else ():
        row = there.wishes.get(wish.site.pk)
        for name, value in columns_of(wish).items() if row else [("area_wished_m2", wish.area_wished_m2)]:
            diff.note(f"sites.{name}", getattr(row, name, None), value, of=wish.site.slug)


def _write_rows(
    application: Application, sites: Sequence[SiteWishInput], there: dict[int, SiteWish]
) -> list[tuple[SiteWish, SiteWishInput]]:
    rows, new, changed = [], [], []
    for wish in sites:
        columns = columns_of(wish)
        row = there.get(wish.site.pk)
        if row is None:
            row = SiteWish(application=application, site=wish.site, **columns)
            new.append(row)
        elif any(getattr(row, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(row, name, value)
            changed.append(row)
        rows.append((row, wish))
    if new:
        SiteWish.objects.bulk_create(new)
    for row in changed:
        row.save(update_fields=COLUMNS)
    return rows


def _write_preferences(rows: Sequence[tuple[SiteWish, SiteWishInput]], standing: Standing, diff: Diff) -> None:
    wanted = {(row.pk, rank): stand.pk for row, wish in rows for rank, stand in enumerate(wish.stands, start=1)}
    kept = {row.pk for row, _wish in rows}  # the preferences of a site that is left out went with it
    numbers = {place: number for place, (_stand, number) in standing.preferences.items() if place[0] in kept}
    there = {place: standing.preferences[place][0] for place in numbers}
    if wanted == there:
        return
    for row, wish in rows:
        before = [number for (pk, _rank), number in sorted(numbers.items()) if pk == row.pk]
        diff.note("sites.stands", before, [stand.number for stand in wish.stands], of=wish.site.slug)
    wrong = {pk for (pk, _rank), _stand in wanted.items() ^ there.items()}  # the wishes whose list differs
    StandPreference.objects.filter(wish__in=wrong).delete()
    StandPreference.objects.bulk_create(
        [StandPreference(wish_id=pk, rank=rank, stand_id=stand) for (pk, rank), stand in wanted.items() if pk in wrong]
    )


def _keep_placed_sites(application: Application, wanted: set[int]) -> None:
    if application.placements.known_or_held().exclude(site__in=wanted).exists():
        raise Conflict(_("A site where a stand is offered or accepted cannot be left out."))


def check_site(fair_id: int, wish: SiteWishInput, *, pointer: str) -> None:
    """Raise Invalid for all that is wrong with one wish."""
    if wish.site.fair_id != fair_id:
        raise Invalid([field_error(f"{pointer}/site", "unknown_site", _("This fair has no such site."))])
    errors = [
        *wrong_anywhere(wish, pointer=pointer),
        *_outside(wish, pointer=pointer),
        *_wrong_stands(wish, pointer=f"{pointer}/stand_preferences"),
    ]
    if errors:
        raise Invalid(errors)


def wrong_anywhere(wish: Wish, *, pointer: str) -> Iterator[dict[str, Any]]:
    """What is wrong with a wish at whatever site."""
    if wish.first_day and wish.last_day and wish.last_day < wish.first_day:
        yield field_error(f"{pointer}/last_day", "days_in_order", _("The last day is before the first."))
    yield from _wrong_areas(wish, pointer=f"{pointer}/requested_area_m2")
    yield from _wrong_services(wish, pointer=pointer)
    if wish.open_sides is not None and not 1 <= wish.open_sides <= 4:
        yield field_error(f"{pointer}/open_sides", "out_of_range", _("A stand has 1 to 4 open sides."))


def _outside(wish: SiteWishInput, *, pointer: str) -> Iterator[dict[str, Any]]:
    for name, day in (("first_day", wish.first_day), ("last_day", wish.last_day)):
        if day is not None and not wish.site.starts_on <= day <= wish.site.ends_on:
            days = {"first": day_text(wish.site.starts_on), "last": day_text(wish.site.ends_on)}
            yield field_error(f"{pointer}/{name}", "outside_site_days", _("This site is open from %(first)s to %(last)s.") % days)


def _wrong_areas(wish: Wish, *, pointer: str) -> Iterator[dict[str, Any]]:
    areas = {"min": wish.area_min_m2, "wished": wish.area_wished_m2, "max": wish.area_max_m2}
    given = [(name, area) for name, area in areas.items() if area is not None]
    for name, area in given:
        if area < 1:
            yield field_error(f"{pointer}/{name}", "min_value", _("An area is 1 m² or more."))
        elif too_fine := fineness_problem(area):
            yield field_error(f"{pointer}/{name}", "max_decimal_places", too_fine)
    for (_smaller, less), (name, more) in pairwise(given):
        if more < less:
            yield field_error(f"{pointer}/{name}", "areas_in_order", _("The areas are not in order: at least ≤ wished ≤ at most."))


def _wrong_services(wish: Wish, *, pointer: str) -> Iterator[dict[str, Any]]:
    for name, most in (("power_kw", MOST_POWER_KW), ("cold_storage_m2", MOST_COLD_STORAGE_M2)):
        value = getattr(wish, name)
        if value is not None and not 0 <= value <= most:
            yield field_error(f"{pointer}/{name}", "out_of_range", _("Write a number from 0 to %(most)d.") % {"most": most})
        elif value is not None and (too_fine := fineness_problem(value)):
            yield field_error(f"{pointer}/{name}", "max_decimal_places", too_fine)


def fineness_problem(number: Decimal) -> str:
    """Why a number cannot be kept as it is; '' where it can. Rounded in silence, 1,234 for 1234 would become 1.23."""
    try:
        _TWO_PLACES(Decimal(number))
    except ValidationError as error:
        return error.messages[0]
    return ""


def _wrong_stands(wish: SiteWishInput, *, pointer: str) -> Iterator[dict[str, Any]]:
    if len(wish.stands) > MOST_PREFERENCES:
        yield field_error(pointer, "max_length", _("Name three stands at the most, the dearest first."))
    for place, (number, stand) in enumerate(by_place(wish.stands)):
        if stand.hall.site_id != wish.site.pk:
            yield field_error(f"{pointer}/{number}", "unknown_stand", _("This site has no such stand."))
        elif stand in wish.stands[:place]:
            yield field_error(f"{pointer}/{number}", "unique", _("This stand is named twice."))
        elif stand.blocked:
            yield field_error(f"{pointer}/{number}", "stand_blocked", _("Nobody is placed on this stand: choose another."))
