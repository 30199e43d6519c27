"""From the names in a body (slugs, codes, ids) to what the domain takes. What is not there for this reader is unknown."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from api.places import Rest, by_place
from api.problems import Findings, Invalid, field_error
from api.statements import MARKER, RowStatement
from exhibitors.domain.company_values import no_such_category
from exhibitors.domain.form import FormValues
from exhibitors.domain.neighbours import Neighbour, check_named
from exhibitors.domain.site_wishes import SiteWishInput, Wish, check_site, wrong_anywhere
from exhibitors.enums import Scheme
from exhibitors.models import Exhibitor, Pavilion, ProductCategory
from fairs.models import Fair, Site, Stand


def form_values(fair: Fair, body: dict[str, Any], found: Findings) -> FormValues:
    """The values of a checked body, with the fair's own sites, stands and pavilions. Parts with unknown ones go to ``found``."""
    values: FormValues = {}
    if "categories" in body:
        with found.more():
            values["categories"] = categories(body["categories"])
    if "sites" in body:
        with found.more():
            values["sites"] = site_wishes(fair, body["sites"])
    if "pavilion" in body:
        with found.more():
            values["pavilion"] = _pavilion(fair, body["pavilion"])
    if "fascia_text" in body:
        values["fascia_text"] = body["fascia_text"]
    if "near" in body:
        with found.more():
            values["near"] = _neighbours(fair, "near", body["near"], refused=found)
    if "away" in body:
        with found.more():
            values["away"] = _neighbours(fair, "away", body["away"], refused=found)
    if "answers" in body:
        values["answers"] = body["answers"]
    return values


def categories(codes: list[str]) -> list[ProductCategory]:
    """The categories of these codes. Raises Invalid for an unknown one."""
    known = {category.code: category for category in ProductCategory.objects.filter(code__in=codes)} if codes else {}
    unknown = [
        field_error(
            f"/categories/{number}",
            "unknown_category",
            no_such_category(code),
        )
        for number, code in by_place(codes)
        if code not in known
    ]
    if unknown:
        raise Invalid(unknown)
    return list(known.values())


def site_wishes(fair: Fair, values: list[dict[str, Any]]) -> list[SiteWishInput]:
    """What the body says of sites. Raises Invalid for an unknown site or stand, and then for all that is wrong with the others too.

    Of a site that was refused, what is right of it is looked at; without its name it is no wish.
    """
    sites = {site.slug: site for site in _sites().all({MARKER: fair.pk})} if values else {}
    stands = _stands(fair, [one for value in values for one in value.get("stand_preferences", ())])
    found, wishes = Findings(), {}
    for number, value in enumerate(values):
        site, pointer = sites.get(value.get("site", "")), f"/sites/{number}"
        here = [stand for stand in stands if site is None or stand.hall.site_id == site.pk]
        unknown_stand = field_error(f"{pointer}/stand_preferences", "unknown_stand", no_such_stand(fair, site))
        asked = _wish(value, _preferred(value, here, found, unknown=unknown_stand))
        if site is None:
            unknown = [field_error(f"{pointer}/site", "unknown_site", no_such_site(fair))] if "site" in value else []
            found.errors += [*unknown, *wrong_anywhere(asked, pointer=pointer)]
        else:
            wishes[number] = SiteWishInput(site=site, **vars(asked))
    for number, wish in wishes.items() if found.errors else ():
        with found.more():
            check_site(fair.pk, wish, pointer=f"/sites/{number}")
    found.refuse()
    return Rest(wishes.values(), list(wishes))


@cache
def _sites() -> RowStatement[Site]:
    return RowStatement(Site.objects.filter(fair=MARKER).order_by(), markers=(MARKER,))


def no_such_site(fair: Fair) -> str:
    return _("This fair has no such site: %(address)s lists its sites.") % {"address": reverse("fair", args=[fair.slug])}


def no_such_stand(fair: Fair, site: Site | None) -> str:
    address = reverse("fair-stands", args=[fair.slug]) + (f"?site={site.slug}" if site else "")
    return _("This site has no such stand: %(address)s lists its stands.") % {"address": address}


def _stands(fair: Fair, named: list[dict[str, Any]]) -> list[Stand]:
    wanted = Q(pk__in=[])
    for one in filter(None, named):  # nothing is left of one that was refused
        wanted |= Q(pk=one["stand"]) if "stand" in one else Q(hall__slug=one["hall"], number=one["number"])
    return list(Stand.objects.of_fair(fair.pk).filter(wanted).select_related("hall")) if named else []


def _preferred(value: dict[str, Any], stands: list[Stand], found: Findings, *, unknown: dict[str, Any]) -> Sequence[Stand]:
    """The stands that are named; ``found`` gets the error ``unknown``, with its place, for each that is not there."""
    preferred = {}
    for number, one in enumerate(value.get("stand_preferences", ())):
        if not one:  # refused already
            continue
        stand = next((stand for stand in stands if _is_meant(stand, one)), None)
        if stand is None:
            found.errors.append({**unknown, "pointer": f"{unknown['pointer']}/{number}"})
        else:
            preferred[number] = stand
    return Rest(preferred.values(), list(preferred))


def _is_meant(stand: Stand, named: dict[str, Any]) -> bool:
    facts = {"stand": stand.pk, "hall": stand.hall.slug, "number": stand.number}
    return all(facts[name] == value for name, value in named.items())


def _wish(value: dict[str, Any], stands: Sequence[Stand]) -> Wish:
    areas = value.get("requested_area_m2") or {}
    return Wish(
        area_min_m2=areas.get("min"),
        area_wished_m2=areas.get("wished"),
        area_max_m2=areas.get("max"),
        open_sides=value.get("open_sides"),
        scheme=value.get("scheme", Scheme.SHELL),
        first_day=value.get("first_day"),
        last_day=value.get("last_day"),
        power_kw=value.get("power_kw"),
        water=value.get("water", False),
        cold_storage_m2=value.get("cold_storage_m2"),
        stands=stands,
    )


def _pavilion(fair: Fair, slug: str | None) -> Pavilion | None:
    if not slug:
        return None
    found = Pavilion.objects.filter(fair=fair, slug=slug).first()
    if found is None:
        raise Invalid([field_error("/pavilion", "unknown_pavilion", _no_such_pavilion(fair))])
    return found


def _no_such_pavilion(fair: Fair) -> str:
    return _("This fair has no such pavilion: %(address)s lists them.") % {"address": reverse("pavilions", args=[fair.slug])}


def _neighbours(fair: Fair, kind: str, values: list[dict[str, Any]], *, refused: Findings) -> list[Neighbour]:
    """Whom the body names. Raises Invalid for all that is wrong with them; of one that was ``refused`` what is right is looked at."""
    ids = [value["exhibitor"] for value in values if value.get("exhibitor") is not None]
    known = {row.pk: row for row in Exhibitor.objects.filter(fair=fair, pk__in=ids).select_related("company")} if ids else {}
    found, wished = Findings(), {}
    for place, value in enumerate(values):
        pointer, exhibitor = f"/{kind}/{place}", known.get(value.get("exhibitor") or 0)
        one = Neighbour(exhibitor=exhibitor, name=value.get("name", ""), inn=value.get("inn", ""))
        was_refused = refused.is_within(pointer)
        with found.more():
            if exhibitor is None and value.get("exhibitor") is not None:
                detail = _("The catalogue has no such exhibitor: write its name instead.")
                raise Invalid([field_error(f"{pointer}/exhibitor", "unknown_exhibitor", detail)])
            if exhibitor is None:
                check_named(one, pointer=pointer, may_lack_name=was_refused)
        if not was_refused:
            wished[place] = one
    found.refuse()
    return Rest(wished.values(), list(wished))
