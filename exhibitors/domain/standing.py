"""What an application says of sites and categories before a change, read in one query."""

from dataclasses import dataclass, field
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
    preferences: dict[tuple[int, int], int] = field(default_factory=dict)  # the stand, by wish and rank
    category_ids: frozenset[int] = frozenset()
    has_answers: bool = False


def standing(application: Application) -> Standing:
    """What the application says now; the caller has locked it."""
    columns = {name: name for name in ("id", "site_id", *COLUMNS)}
    row = (
        Application.objects.filter(pk=application.pk)
        .order_by()
        .values(
            wishes=json_rows(SiteWish.objects.all(), of="application", **columns),
            preferred=json_rows(StandPreference.objects.all(), of="wish__application", wish="wish_id", rank="rank", stand="stand_id"),
            category_links=json_rows(Application.categories.through.objects.all(), of="application", id="productcategory_id"),
            has_answers=Exists(Answer.objects.filter(application=OuterRef("pk"))),
        )
        .get()
    )
    wishes = [_wish(application, values) for values in row["wishes"] or ()]
    return Standing(
        wishes={wish.site_id: wish for wish in sorted(wishes, key=lambda wish: wish.pk)},
        preferences={(one["wish"], one["rank"]): one["stand"] for one in row["preferred"] or ()},
        category_ids=frozenset(one["id"] for one in row["category_links"] or ()),
        has_answers=row["has_answers"],
    )


def _wish(application: Application, values: dict[str, Any]) -> SiteWish:
    """The row as the database wrote it into JSON, with the types of the model."""
    fields = {name: SiteWish._meta.get_field(name).to_python(value) for name, value in values.items() if name != "site_id"}  # type: ignore[union-attr]
    wish = SiteWish(application=application, site_id=values["site_id"], **fields)
    wish._state.adding = False
    return wish
