"""Applications as exhibitors and organisers read them: who sees which, and a page of them in three queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, OuterRef, Q, QuerySet, Subquery, TextField

from accounts.models import User
from exhibitors.domain.permitted import allowed_actions, has_lapsed
from exhibitors.enums import PlacementStatus
from exhibitors.models import Application, CompanyMember, Placement, SiteWish
from exhibitors.roles import COMPANY_RIGHTS, CompanyRight
from fairs import access
from fairs.models import StaffMembership
from fairs.roles import Right


class _Joined(Aggregate):
    """Codes with commas between them; no code has one."""

    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, function="GROUP_CONCAT", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, function="STRING_AGG", **context)


_LINKS = Application.categories.through.objects.filter(application=OuterRef("pk")).order_by()
_CATEGORY_CODES = Subquery(_LINKS.values("application").annotate(codes=_Joined("productcategory__code")).values("codes"))


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the applications of one fair: as staff, for own companies, or both."""

    rights: frozenset[Right]
    regions: set[str] | None  # None: the whole fair
    company_rights: dict[int, frozenset[CompanyRight]]

    @classmethod
    def of(cls, user: User, roles: list[StaffMembership]) -> "Reader":
        """``roles`` are the person's at the fair (fairs.access.memberships); one query for the companies."""
        own = CompanyMember.objects.filter(user=user).values_list("company", "role")
        return cls(
            rights=access.rights_of(user, roles),
            regions=None if user.is_superuser else access.regions_of(roles, Right.VIEW_APPLICATIONS),
            company_rights={company: COMPANY_RIGHTS[role] for company, role in own},
        )

    @property
    def is_staff(self) -> bool:
        return Right.VIEW_APPLICATIONS in self.rights

    def visible(self, fair_id: int) -> QuerySet[Application]:
        """The applications of the fair that this reader may see."""
        of_fair = Application.objects.filter(fair=fair_id)
        if self.is_staff and self.regions is None:
            return of_fair
        own = Q(company__in=list(self.company_rights))
        return of_fair.filter(own | Q(company__region__code__in=self.regions or ()))

    def rights_on(self, company_id: int, region_code: str | None) -> tuple[frozenset[Right], frozenset[CompanyRight]]:
        """What the reader may do with an application of this company: as staff, and for the company."""
        as_staff = self.rights if self.regions is None or region_code in self.regions else frozenset()
        return as_staff, self.company_rights.get(company_id, frozenset())


def rows(applications: QuerySet[Application], *, fair_slug: str, reader: Reader, now: datetime) -> list[dict[str, Any]]:
    """The applications of a page (a slice of a queryset) with wishes, live placements and the steps open to the reader at ``now``."""
    found = list(
        applications.values(
            "id", "company_id", "company__legal_name", "company__region__code", "status", "late", "message", "waitlist_rank",
            "submitted_at", "decided_at", "responsible__email", codes=_CATEGORY_CODES,
        )
    )  # fmt: skip
    ids = [row["id"] for row in found]
    wishes, placements = _wishes(ids), _placements(ids)
    return [_present(row, wishes[row["id"]], placements[row["id"]], fair_slug=fair_slug, reader=reader, now=now) for row in found]


def _present(
    row: dict[str, Any],
    wishes: list[SiteWish],
    placements: list[dict[str, Any]],
    *,
    fair_slug: str,
    reader: Reader,
    now: datetime,
) -> dict[str, Any]:
    rights, company_rights = reader.rights_on(row["company_id"], row["company__region__code"])
    open_offers = [placement for placement in placements if placement["status"] == PlacementStatus.OFFERED]
    seen = [placement for placement in placements if placement["status"] != PlacementStatus.PLANNED]
    return {
        "id": row["id"],
        "fair": fair_slug,
        "company": row["company_id"],
        "company_name": row["company__legal_name"],
        "role": "MAIN",
        "categories": sorted(row["codes"].split(",")) if row["codes"] else [],
        "status": row["status"],
        "late": row["late"],
        "allowed_actions": allowed_actions(
            row["status"],
            wished_sites={wish.site_id for wish in wishes},
            placed_sites={placement["site_id"] for placement in placements},
            open_offers=len(open_offers),
            lapsed_offers=sum(has_lapsed(offer["answer_by"], now) for offer in open_offers),
            rights=rights,
            company_rights=company_rights,
        ),
        "sites": [_wish(wish) for wish in wishes],
        "placements": [
            {
                "id": placement["id"],
                "site": placement["site__slug"],
                "hall": placement["stand__hall__slug"],
                "stand": placement["stand__number"],
                "first_day": placement["first_day"],
                "last_day": placement["last_day"],
                "status": placement["status"],
                "answer_by": placement["answer_by"],
            }
            for placement in seen
        ],
        "message": row["message"],
        "waitlist_rank": row["waitlist_rank"],
        "submitted_at": row["submitted_at"],
        "decided_at": row["decided_at"],
        **({"responsible": row["responsible__email"]} if rights else {}),
    }


def _wish(wish: SiteWish) -> dict[str, Any]:
    return {
        "site": wish.site.slug,
        "requested_area_m2": {
            "min": _number(wish.area_min_m2),
            "wished": _number(wish.area_wished_m2),
            "max": _number(wish.area_max_m2),
        },
        "open_sides": wish.open_sides,
        "scheme": wish.scheme,
        "first_day": wish.first_day,
        "last_day": wish.last_day,
    }


def _number(area: Decimal | None) -> float | None:
    """An area as a JSON number, in m²."""
    return None if area is None else float(area)


def _wishes(ids: Sequence[int]) -> defaultdict[int, list[SiteWish]]:
    found: defaultdict[int, list[SiteWish]] = defaultdict(list)
    wishes = SiteWish.objects.filter(application__in=ids).select_related("site").order_by("site__starts_on", "site_id")
    for wish in wishes.only(
        "application_id", "area_min_m2", "area_wished_m2", "area_max_m2", "open_sides", "scheme", "first_day", "last_day", "site__slug"
    ):
        found[wish.application_id].append(wish)
    return found


def _placements(ids: Sequence[int]) -> defaultdict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    live = Placement.objects.live().filter(application__in=ids).order_by("site__starts_on", "pk")
    for row in live.values(
        "id",
        "application_id",
        "site_id",
        "site__slug",
        "stand__hall__slug",
        "stand__number",
        "first_day",
        "last_day",
        "status",
        "answer_by",
    ):
        found[row["application_id"]].append(row)
    return found
