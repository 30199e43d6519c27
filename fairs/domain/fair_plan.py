"""A fair written down as plain values (the TOML of ``import_fair``) into its rows: made where missing, changed where different."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from fairs.domain import drawn_sides, ladder_plan, ladders
from fairs.domain.stands import check_hall
from fairs.domain.tally import Tally
from fairs.models import Building, Deadline, Fair, Hall, OpeningHours, QuietDays, Site, Stand, TradeFigure, Zone
from fairs.tables import RowError, TableError

Values = Mapping[str, Any]
AnyModel = TypeVar("AnyModel", bound=Model)

_PARTS = {"fair", "sites", "deadlines", "quiet_days", "trade_figures", "conference", "documents"}
_ENDINGS = {"_zh": "_zh_hans"}  # the file's short ending of Chinese texts
_MOMENTS = {"applications_open_at", "applications_close_at", "due_at"}
_DECIMALS = {"latitude", "longitude", "amount", "amount_usd", "growth_percent"}
_FIELDS: dict[type[Model], set[str]] = {
    Fair: {
        *("slug", "name", "edition", "starts_on", "ends_on", "time_zone", "currency", "status", "reply_to"),
        *(
            "applications_open_at",
            "applications_close_at",
            "takes_late_applications",
            "requires_products",
            "silence_accepts",
            "most_offers",
        ),
    },
    Site: {"slug", "kind", "country", "province", "city", "name", "address", "starts_on", "ends_on", "latitude", "longitude"},
    OpeningHours: {"day", "opens", "closes"},
    Building: {"slug", "name"},
    Hall: {"slug", "name", "outline", "building", "north_degrees"},
    Zone: {"slug", "name", "category_codes"},
    Deadline: {"code", "title", "due_at", "audience", "is_public", "consequence", "category_codes"},
    QuietDays: {"country", "first_day", "last_day"},
    TradeFigure: {"province", "year", "flow", "goods", "amount", "currency", "amount_usd", "growth_percent", "source"},
}
# What a table of the file holds beside its own values: tables, and lists that are read in a way of their own.
_INNER: dict[type[Model], dict[str, type[Model]]] = {
    Site: {"opening_hours": OpeningHours, "buildings": Building, "halls": Hall},
    Hall: {"zones": Zone},
}
_LISTS: dict[type[Model], set[str]] = {Deadline: {"ladder", "sites"}}
_TRANSLATED = {
    Fair: {"name"},
    Site: {"name", "city", "address"},
    Building: {"name"},
    Hall: {"name"},
    Zone: {"name"},
    Deadline: {"title", "consequence"},
    TradeFigure: {"goods", "source"},
}


@transaction.atomic
def ensure_fair(*, plan: Values) -> tuple[Fair, Tally]:
    """Make or change the fair that ``plan`` describes, with its sites, halls, opening hours, deadlines and trade figures.

    What the plan does not name stays, except opening hours: a site has exactly those of the plan, and so have a deadline its steps
    of reminding and the fair its quiet days where the plan names some; new ones without begin with the usual. Times without an offset
    are in the fair's zone. A ``conference`` and ``documents`` are left to imports of their own. Raises TableError with every error, each at
    its place ("sites[2].halls[1]", counted from 1), but of what belongs to something refused only those that need nothing of it; nothing
    is changed then.
    """
    loading = _Loading()
    for unknown in sorted(set(plan) - _PARTS):
        loading.refuse(unknown, _("This part is not known."))
    fair = loading.load_fair(_mapping(plan.get("fair")))
    if fair is not None and not loading.errors:
        for place, values in _numbered(plan, "sites"):
            loading.load_site(fair, place, values)
        for place, values in _numbered(plan, "deadlines"):
            loading.load_deadline(fair, place, values)
        loading.load_quiet_days(fair, plan)
        for place, values in _numbered(plan, "trade_figures"):
            loading.load_trade_figure(fair, place, values)
        loading.finish(fair)
    else:
        loading.look_at(plan, {"sites": Site, "deadlines": Deadline, "quiet_days": QuietDays, "trade_figures": TradeFigure})
    if loading.errors:
        raise TableError(loading.errors)
    assert fair is not None  # noqa: S101 - without a fair there was an error
    return fair, loading.tally


def _mapping(value: Any) -> Values:
    return value if isinstance(value, Mapping) else {}


def _numbered(values: Values, name: str, within: str = "") -> list[tuple[str, Values]]:
    """The tables of a list with their places, from 1 as people count."""
    rows = values.get(name, [])
    rows = rows if isinstance(rows, Sequence) else []
    return [(f"{within}{name}[{number}]", _mapping(row)) for number, row in enumerate(rows, start=1)]


class _Loading:
    """One run: what it counted, and what it found wrong."""

    def __init__(self) -> None:
        self.errors: list[RowError] = []
        self.tally = Tally()
        self.zone = ZoneInfo("UTC")
        self.is_new_fair = False

    def refuse(self, place: str, message: str) -> None:
        self.errors.append(RowError(0, place, message))

    def load_fair(self, values: Values) -> Fair | None:
        zone = values.get("time_zone")
        if not isinstance(zone, str) or zone not in available_timezones():
            self.refuse("fair.time_zone", _("Write an IANA time zone, such as Asia/Shanghai."))
            return None
        self.zone = ZoneInfo(zone)
        fair = Fair.objects.select_for_update().filter(slug=values.get("slug")).first()
        if fair is None:
            self.is_new_fair = True
            return self.put(Fair, "fair", values, keys={"slug": values.get("slug")})
        old = (fair.starts_on, fair.ends_on)
        if self.differs(Fair, "fair", values, row=fair):
            # The database never lets a fair be shorter than its sites, and those still have their old days:
            # the row holds both until finish(), the object has the new ones.
            final = (fair.starts_on, fair.ends_on)
            fair.starts_on, fair.ends_on = min(old[0], final[0]), max(old[1], final[1])
            fair.save()
            fair.starts_on, fair.ends_on = final
        return fair

    def load_site(self, fair: Fair, place: str, values: Values) -> None:
        plain = _own_values(Site, values)
        hours = _numbered(values, "opening_hours", f"{place}.")
        # Before the site's own days move: old hours outside them would stand in the way.
        there = OpeningHours.objects.filter(site__fair=fair, site__slug=values.get("slug"))
        self.tally.removed += there.exclude(day__in=_days_of(plain, hours)).delete()[0]
        site = self.put(Site, place, plain, keys={"fair": fair, "slug": values.get("slug")})
        if site is None:
            self.look_at(values, _INNER[Site], f"{place}.")
            return
        for hours_place, row in hours:
            self.put(OpeningHours, hours_place, row, keys={"site": site, "day": row.get("day")})
        for building_place, row in _numbered(values, "buildings", f"{place}."):
            self.put(Building, building_place, row, keys={"site": site, "slug": row.get("slug")})
        for hall_place, row in _numbered(values, "halls", f"{place}."):
            self.load_hall(site, hall_place, row)

    def load_hall(self, site: Site, place: str, values: Values) -> None:
        there = Hall.objects.select_for_update(of=("self",)).filter(fair=site.fair_id, slug=values.get("slug")).first()
        problems = check_hall(outline=values.get("outline"), stands=list(Stand.objects.filter(hall=there)) if there else [])
        for problem in problems:
            self.refuse(f"{place}.{problem.field}", problem.message)
        if there is not None and there.site_id != site.pk:
            self.refuse(f"{place}.slug", _("This hall belongs to another site of the fair."))
            return
        plain = _own_values(Hall, values)
        if "building" in plain:
            plain["building"] = self.building_of(site, f"{place}.building", plain["building"])
        if problems:
            self._fields(Hall, place, plain)
        hall = None if problems else self.put(Hall, place, plain, keys={"site": site, "slug": values.get("slug")})
        if hall is None:
            self.look_at(values, _INNER[Hall], f"{place}.")
            return
        if there is not None and there.outline != hall.outline:
            drawn_sides.refresh(hall)
        for zone_place, row in _numbered(values, "zones", f"{place}."):
            self.put(Zone, zone_place, row, keys={"hall": hall, "slug": row.get("slug")})

    def building_of(self, site: Site, place: str, slug: Any) -> Building | None:
        """The building that a hall names; "" takes it out of its own."""
        found = Building.objects.filter(site=site, slug=slug).first() if isinstance(slug, str) and slug else None
        if found is None and slug != "":
            self.refuse(place, _("This site has no such building: %(slug)s.") % {"slug": str(slug)[:80]})
        return found

    def load_deadline(self, fair: Fair, place: str, values: Values) -> None:
        plain = _own_values(Deadline, values)
        is_new = not Deadline.objects.filter(fair=fair, code=values.get("code")).exists()
        deadline = self.put(Deadline, place, plain, keys={"fair": fair, "code": values.get("code")})
        if deadline is None:
            return
        if "sites" in values:
            self.load_sites_of(deadline, f"{place}.sites", values["sites"])
        if "ladder" in values:
            try:
                ladder_plan.write(deadline, values["ladder"])
            except ValueError as error:
                self.refuse(f"{place}.ladder", str(error))
        elif is_new:
            ladders.give_usual(deadline)

    def load_sites_of(self, deadline: Deadline, place: str, slugs: Any) -> None:
        sites = {site.slug: site for site in Site.objects.filter(fair=deadline.fair_id)}
        unknown = [slug for slug in slugs if slug not in sites] if isinstance(slugs, list) else [slugs]
        if unknown:
            self.refuse(place, _("This fair has no such site: %(slug)s.") % {"slug": str(unknown[0])[:80]})
        else:
            deadline.sites.set([sites[slug] for slug in slugs])

    def load_quiet_days(self, fair: Fair, plan: Values) -> None:
        if "quiet_days" not in plan:
            if self.is_new_fair and not self.errors:
                ladders.give_usual_quiet_days(fair)
            return
        kept = []
        for place, row in _numbered(plan, "quiet_days"):
            values = {"country": "", **row}
            days = self.put(
                QuietDays, place, values, keys={"fair": fair, "first_day": row.get("first_day"), "last_day": row.get("last_day")}
            )
            kept += [days.pk] if days else []
        self.tally.removed += QuietDays.objects.filter(fair=fair).exclude(pk__in=kept).delete()[0]

    def load_trade_figure(self, fair: Fair, place: str, values: Values) -> None:
        # Two figures of a province, year and flow differ by their goods, whose English name is the stable one.
        goods = values.get("goods_en")
        same = TradeFigure.objects.filter(Q(goods_en=goods) if goods else Q(goods_en=None) | Q(goods_en=""), fair=fair)
        row = same.filter(**{name: values.get(name) for name in ("province", "year", "flow")}).first()
        self.put(TradeFigure, place, values, keys={"fair": fair}, row=row or TradeFigure(fair=fair))

    def finish(self, fair: Fair) -> None:
        """Give the fair its own days, once its sites have theirs."""
        if self.errors:
            return
        for site in Site.objects.filter(fair=fair).exclude(starts_on__gte=fair.starts_on, ends_on__lte=fair.ends_on):
            self.refuse("fair", _("The site “%(site)s” takes place outside the fair's days.") % {"site": site.slug})
        if not self.errors:
            days = {"starts_on": fair.starts_on, "ends_on": fair.ends_on}
            Fair.objects.filter(pk=fair.pk).exclude(**days).update(**days)

    def look_at(self, values: Values, parts: Mapping[str, type[Model]], within: str = "") -> None:
        """Note what can be seen to be wrong in tables that are not loaded, for what they belong to was refused."""
        for name, model in parts.items():
            for place, row in _numbered(values, name, within):
                self._fields(model, place, _own_values(model, row))
                if model is Hall:
                    for problem in check_hall(outline=row.get("outline"), stands=[]):
                        self.refuse(f"{place}.{problem.field}", problem.message)
                self.look_at(row, _INNER.get(model, {}), f"{place}.")

    def put(self, model: type[AnyModel], place: str, values: Values, *, keys: Values, row: AnyModel | None = None) -> AnyModel | None:
        """The row of ``keys`` (or ``row``), saved where it is new or different; None, with the errors noted, where it may not be so."""
        before = len(self.errors)
        if any(key is None or key == "" for key in keys.values()):
            self.refuse(
                place, _("One of these is missing: %(names)s.") % {"names": ", ".join(sorted(set(keys) - {"fair", "site", "hall"}))}
            )
            self._fields(model, place, values)
            return None
        found = row or model._default_manager.filter(**keys).first() or model(**keys)
        if self.differs(model, place, values, row=found):
            found.save()
        return found if len(self.errors) == before else None

    def differs(self, model: type[AnyModel], place: str, values: Values, *, row: AnyModel) -> bool:
        """Set the values on ``row``; whether it must be saved. False, with the errors noted, where it may not be so."""
        fields = self._fields(model, place, values)
        if fields is None or not self.tally.count(row, fields):
            return False
        try:
            row.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.refuse(place if name == "__all__" else f"{place}.{name}", " ".join(messages))
            return False
        return True

    def _fields(self, model: type[Model], place: str, values: Values) -> dict[str, Any] | None:
        """The values under the names of the model's columns, or None with the errors noted."""
        fields: dict[str, Any] = {}
        before = len(self.errors)
        for written, value in values.items():
            ending = next((ending for ending in _ENDINGS if written.endswith(ending)), "")
            name = written.removesuffix(ending) + _ENDINGS.get(ending, "")
            stem = next((name.removesuffix(end) for end in ("_ru", "_zh_hans", "_en") if name.endswith(end)), name)
            if stem not in _FIELDS[model] or (stem != name and stem not in _TRANSLATED.get(model, set())):
                self.refuse(f"{place}.{written}", _("This name is not known."))
                continue
            try:
                fields[name] = self._value(name, value)
            except ValueError as error:
                self.refuse(f"{place}.{written}", str(error))
        return fields if len(self.errors) == before else None

    def _value(self, name: str, value: Any) -> Any:
        if name in _MOMENTS:
            if not isinstance(value, datetime):
                raise ValueError(_("Write a date with a time, such as 2024-01-26T12:00:00."))
            return value if value.tzinfo else value.replace(tzinfo=self.zone)
        if name in _DECIMALS:
            try:
                return Decimal(str(value))
            except InvalidOperation:
                raise ValueError(_("“%(text)s” is not a number.") % {"text": str(value)[:40]}) from None
        if name in ("starts_on", "ends_on", "day", "first_day", "last_day") and type(value) is not date:
            raise ValueError(_("Write a day, such as 2024-01-27."))
        if name in ("opens", "closes") and not isinstance(value, time):
            raise ValueError(_("Write a time of day, such as 10:00:00."))
        return value


def _own_values(model: type[Model], values: Values) -> dict[str, Any]:
    """Those that are columns of its row."""
    return {name: value for name, value in values.items() if name not in {*_INNER.get(model, {}), *_LISTS.get(model, ())}}


def _days_of(site: Values, hours: Sequence[tuple[str, Values]]) -> list[date]:
    """The days with opening hours that the plan leaves to the site; those outside its own days are refused later, with their place."""
    days = [day for _place, row in hours if type(day := row.get("day")) is date]
    first, last = (value if type(value := site.get(name)) is date else None for name in ("starts_on", "ends_on"))
    return [day for day in days if (first is None or first <= day) and (last is None or day <= last)]
