"""What an application says of sites and categories before a change, read in one query."""

from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef

from exhibitors.domain.json_rows import json_rows
from exhibitors.models import Answer, Application, SiteWish, StandPreference

AREAS = ("area_min_m2", "area_wished_m2", "area_max_m2")
SERVICES = ("power_kw", "water", "cold_storage_m2")
COLUMNS = (*AREAS, "open_sides", "scheme", *SERVICES, "first_day", "last_day")


@dataclass(frozen=True)
class Standing:
    """Nothing, for an application that begins."""

    wishes: dict[int, SiteWish] = field(default_factory=dict)  # by site
    slugs: dict[int, str] = field(default_factory=dict)  # of these sites
    preferences: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)  # the stand and its number, by wish and rank
    categories: dict[int, str] = field(default_factory=dict)  # the codes, by id
    has_answers: bool = False


def standing(application: Application) -> Standing:
    """What the application says now; the caller has locked it."""
    columns = {name: name for name in ("id", "site_id", *COLUMNS)}
    row = (
        Application.objects.filter(pk=application.pk)
        .order_by()
        .values(
            wishes=json_rows(SiteWish.objects.all(), of="application", slug="site__slug", **columns),
            preferred=json_rows(
                StandPreference.objects.all(),
                of="wish__application",
                wish="wish_id",
                rank="rank",
                stand="stand_id",
                number="stand__number",
            ),
            category_links=json_rows(
                Application.categories.through.objects.all(), of="application", id="productcategory_id", code="productcategory__code"
            ),
            has_answers=Exists(Answer.objects.filter(application=OuterRef("pk"))),
        )
        .get()
    )
    wishes = sorted(row["wishes"] or (), key=itemgetter("id"))
    return Standing(
        wishes={values["site_id"]: _wish(application, values) for values in wishes},
        slugs={values["site_id"]: values["slug"] for values in wishes},
        preferences={(one["wish"], one["rank"]): (one["stand"], one["number"]) for one in row["preferred"] or ()},
        categories={one["id"]: one["code"] for one in row["category_links"] or ()},
        has_answers=row["has_answers"],
    )


def _wish(application: Application, values: dict[str, Any]) -> SiteWish:
    """The row as the database wrote it into JSON, with the types of the model."""
    fields = {name: SiteWish._meta.get_field(name).to_python(values[name]) for name in ("id", *COLUMNS)}  # type: ignore[union-attr]
    wish = SiteWish(application=application, site_id=values["site_id"], **fields)
    wish._state.adding = False
    return wish
