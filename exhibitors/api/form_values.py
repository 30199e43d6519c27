"""From the names in a body (slugs, codes, ids) to what the domain takes. What is not there for this reader is unknown."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from api.problems import Invalid, field_error
from exhibitors.domain.form import FormValues
from exhibitors.domain.neighbours import Neighbour
from exhibitors.domain.site_wishes import SiteWishInput
from exhibitors.models import Exhibitor, Pavilion, ProductCategory
from fairs.models import Fair, Site, Stand


def form_values(fair: Fair, body: dict[str, Any]) -> FormValues:
    """The values of a checked body, with the fair's own sites, stands and pavilions. Raises Invalid for unknown ones."""
    values: FormValues = {}
    if "categories" in body:
        values["categories"] = categories(body["categories"])
    if "sites" in body:
        values["sites"] = site_wishes(fair, body["sites"])
    if "pavilion" in body:
        values["pavilion"] = _pavilion(fair, body["pavilion"])
    if "fascia_text" in body:
        values["fascia_text"] = body["fascia_text"]
    if "near" in body:
        values["near"] = _neighbours(fair, "near", body["near"])
    if "away" in body:
        values["away"] = _neighbours(fair, "away", body["away"])
    if "answers" in body:
        values["answers"] = body["answers"]
    return values


def categories(codes: list[str]) -> list[ProductCategory]:
    """The categories of these codes. Raises Invalid for an unknown one."""
    known = {category.code: category for category in ProductCategory.objects.filter(code__in=codes)} if codes else {}
    unknown = [
        field_error(f"/categories/{number}", "unknown_category", _("There is no such product category."))
        for number, code in enumerate(codes)
        if code not in known
    ]
    if unknown:
        raise Invalid(unknown)
    return list(known.values())


def site_wishes(fair: Fair, values: list[dict[str, Any]]) -> list[SiteWishInput]:
    """What the body says of sites. Raises Invalid for an unknown site or stand."""
    sites = {site.slug: site for site in Site.objects.filter(fair=fair)} if values else {}
    unknown = [
        field_error(f"/sites/{number}/site", "unknown_site", _("This fair has no such site."))
        for number, value in enumerate(values)
        if value["site"] not in sites
    ]
    if unknown:
        raise Invalid(unknown)
    stands = _stands(fair, [one for value in values for one in value.get("stand_preferences", ())])
    return [
        _wish(sites[value["site"]], value, _preferred(value, stands, pointer=f"/sites/{number}/stand_preferences"))
        for number, value in enumerate(values)
    ]


def _stands(fair: Fair, named: list[dict[str, Any]]) -> list[Stand]:
    wanted = Q(pk__in=[])
    for one in named:
        wanted |= Q(pk=one["stand"]) if "stand" in one else Q(hall__slug=one["hall"], number=one["number"])
    return list(Stand.objects.of_fair(fair.pk).filter(wanted).select_related("hall")) if named else []


def _preferred(value: dict[str, Any], stands: list[Stand], *, pointer: str) -> tuple[Stand, ...]:
    found = []
    for number, one in enumerate(value.get("stand_preferences", ())):
        stand = next((stand for stand in stands if _is_meant(stand, one)), None)
        if stand is None:
            raise Invalid([field_error(f"{pointer}/{number}", "unknown_stand", _("This site has no such stand."))])
        found.append(stand)
    return tuple(found)


def _is_meant(stand: Stand, named: dict[str, Any]) -> bool:
    facts = {"stand": stand.pk, "hall": stand.hall.slug, "number": stand.number}
    return all(facts[name] == value for name, value in named.items())


def _wish(site: Site, value: dict[str, Any], stands: tuple[Stand, ...]) -> SiteWishInput:
    areas = value.get("requested_area_m2") or {}
    return SiteWishInput(
        site=site,
        area_min_m2=areas.get("min"),
        area_wished_m2=areas.get("wished"),
        area_max_m2=areas.get("max"),
        open_sides=value.get("open_sides"),
        scheme=value["scheme"],
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
        raise Invalid([field_error("/pavilion", "unknown_pavilion", _("This fair has no such pavilion."))])
    return found


def _neighbours(fair: Fair, kind: str, values: list[dict[str, Any]]) -> list[Neighbour]:
    ids = [value["exhibitor"] for value in values if value.get("exhibitor") is not None]
    known = {row.pk: row for row in Exhibitor.objects.filter(fair=fair, pk__in=ids).select_related("company")} if ids else {}
    unknown = [
        field_error(f"/{kind}/{place}/exhibitor", "unknown_exhibitor", _("The catalogue has no such exhibitor."))
        for place, value in enumerate(values)
        if value.get("exhibitor") is not None and value["exhibitor"] not in known
    ]
    if unknown:
        raise Invalid(unknown)
    return [
        Neighbour(exhibitor=known.get(value.get("exhibitor") or 0), name=value.get("name", ""), inn=value.get("inn", ""))
        for value in values
    ]
