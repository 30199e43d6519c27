"""Applications as exhibitors and organisers read them: who sees which, and a page of them in four queries."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from exhibitors.domain.permitted import allowed_actions, has_lapsed
from exhibitors.enums import CompanyRole, PlacementStatus
from exhibitors.models import Application, CompanyMember, Placement, SiteWish
from exhibitors.roles import COMPANY_RIGHTS, CompanyRight, roles_with
from fairs import access
from fairs.models import Fair, StaffMembership
from fairs.roles import Right
from fairs.statements import ASKER, MARKER, Statement


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the applications of one fair: as staff, for own companies, or both."""

    user: User
    rights: frozenset[Right]
    regions: set[str] | None  # None: the whole fair

    @classmethod
    def of(cls, user: User, roles: list[StaffMembership]) -> "Reader":
        """``roles`` are the person's at the fair (fairs.access.memberships)."""
        regions = None if user.is_superuser else access.regions_of(roles, Right.VIEW_APPLICATIONS)
        return cls(user=user, rights=access.rights_of(user, roles), regions=regions)

    @property
    def is_staff(self) -> bool:
        return Right.VIEW_APPLICATIONS in self.rights

    def visible(self, fair_id: int) -> QuerySet[Application]:
        """The applications of the fair that this reader may see."""
        of_fair = Application.objects.filter(fair=fair_id)
        if self.is_staff and self.regions is None:
            return of_fair
        own = Q(company__in=CompanyMember.objects.filter(user=self.user, role__in=roles_with(CompanyRight.VIEW)).values("company"))
        return of_fair.filter(own | Q(company__region__code__in=self.regions or ()))

    def rights_on(self, *, company_role: str | None, region_code: str | None) -> tuple[frozenset[Right], frozenset[CompanyRight]]:
        """What the reader may do with an application: as staff, and as one of the company with that role."""
        as_staff = self.rights if self.regions is None or region_code in self.regions else frozenset()
        return as_staff, COMPANY_RIGHTS[CompanyRole(company_role)] if company_role else frozenset()

    def rights_at(self, application: Application) -> tuple[frozenset[Right], frozenset[CompanyRight]]:
        """The same for one application; one query for the role in its company."""
        role = CompanyMember.objects.filter(company=application.company_id, user=self.user).values_list("role", flat=True).first()
        region = application.company.region
        return self.rights_on(company_role=role, region_code=region.code if region else None)


def rows(applications: QuerySet[Application], *, fair: Fair, reader: Reader, clock: Callable[[], datetime]) -> list[dict[str, Any]]:
    """The applications of a page (a slice of a queryset) with wishes, live placements and the steps open to the reader now.

    ``clock`` is asked only where an exhibitor has an offer to answer: staff may record an answer that came late.
    """
    found = _applications_by(tuple(applications.query.order_by)).for_rows_of(applications, asker=reader.user.pk)
    ids = [row["id"] for row in found]
    wishes, placements, categories = (_grouped(statement.for_ids(ids)) for statement in (_wishes(), _placements(), _categories()))
    return [
        _present(row, wishes[row["id"]], placements[row["id"]], categories[row["id"]], fair=fair, reader=reader, clock=clock)
        for row in found
    ]


def _grouped(found: list[dict[str, Any]]) -> defaultdict[int, list[dict[str, Any]]]:
    groups: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        groups[row["application_id"]].append(row)
    return groups


@cache
def _applications_by(order: tuple[str, ...]) -> Statement:
    own_role = CompanyMember.objects.filter(company=OuterRef("company"), user=ASKER).values("role")[:1]
    columns = (
        "id", "company_id", "company__legal_name", "company__region__code", "status", "late", "message", "waitlist_rank",
        "submitted_at", "decided_at", "responsible__email",
    )  # fmt: skip
    applications = Application.objects.filter(pk__in=[MARKER]).order_by(*order)
    return Statement(applications.values(*columns).annotate(own_role=Subquery(own_role)))


@cache
def _wishes() -> Statement:
    areas = ("area_min_m2", "area_wished_m2", "area_max_m2")
    columns = ("application_id", "site_id", "site__slug", *areas, "open_sides", "scheme", "first_day", "last_day")
    return Statement(SiteWish.objects.filter(application__in=[MARKER]).order_by("site__starts_on", "site_id").values(*columns))


@cache
def _placements() -> Statement:
    columns = (
        "id", "application_id", "site_id", "site__slug", "stand__hall__slug", "stand__number", "first_day", "last_day", "status",
        "answer_by",
    )  # fmt: skip
    # Live ones are told apart here: the statement keeps one list of ids.
    live = Q(status=PlacementStatus.PLANNED) | Q(status=PlacementStatus.OFFERED) | Q(status=PlacementStatus.ACCEPTED)
    return Statement(Placement.objects.filter(live, application__in=[MARKER]).order_by("site__starts_on", "pk").values(*columns))


@cache
def _categories() -> Statement:
    links = Application.categories.through.objects.filter(application__in=[MARKER]).order_by("productcategory__code")
    return Statement(links.values("application_id", "productcategory__code"))


def _present(
    row: dict[str, Any],
    wishes: list[dict[str, Any]],
    placements: list[dict[str, Any]],
    categories: list[dict[str, Any]],
    *,
    fair: Fair,
    reader: Reader,
    clock: Callable[[], datetime],
) -> dict[str, Any]:
    rights, company_rights = reader.rights_on(company_role=row["own_role"], region_code=row["company__region__code"])
    open_offers = [placement for placement in placements if placement["status"] == PlacementStatus.OFFERED]
    seen = [placement for placement in placements if placement["status"] != PlacementStatus.PLANNED]
    return {
        "id": row["id"],
        "fair": fair.slug,
        "company": row["company_id"],
        "company_name": row["company__legal_name"],
        "role": "MAIN",
        "categories": [link["productcategory__code"] for link in categories],
        "status": row["status"],
        "late": row["late"],
        "allowed_actions": allowed_actions(
            row["status"],
            wished_sites={wish["site_id"] for wish in wishes},
            placed_sites={placement["site_id"] for placement in placements},
            open_offers=len(open_offers),
            lapsed_offers=sum(has_lapsed(offer["answer_by"], clock()) for offer in open_offers) if company_rights else 0,
            rights=rights,
            company_rights=company_rights,
        ),
        "sites": [_wish(wish) for wish in wishes],
        "placements": [_placement(placement, fair.zone) for placement in seen],
        "message": row["message"],
        "waitlist_rank": row["waitlist_rank"],
        "submitted_at": _moment(row["submitted_at"], fair.zone),
        "decided_at": _moment(row["decided_at"], fair.zone),
        **({"responsible": row["responsible__email"]} if rights else {}),
    }


def _wish(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "site": row["site__slug"],
        "requested_area_m2": {
            "min": _number(row["area_min_m2"]),
            "wished": _number(row["area_wished_m2"]),
            "max": _number(row["area_max_m2"]),
        },
        "open_sides": row["open_sides"],
        "scheme": row["scheme"],
        "first_day": row["first_day"].isoformat(),
        "last_day": row["last_day"].isoformat(),
    }


def _placement(row: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    return {
        "id": row["id"],
        "site": row["site__slug"],
        "hall": row["stand__hall__slug"],
        "stand": row["stand__number"],
        "first_day": row["first_day"].isoformat(),
        "last_day": row["last_day"].isoformat(),
        "status": row["status"],
        # Of a stand that was accepted nothing is to be answered any more.
        "answer_by": _moment(row["answer_by"], zone) if row["status"] == PlacementStatus.OFFERED else None,
    }


def _moment(at: datetime | None, zone: tzinfo) -> str | None:
    """A moment with the offset of the fair's zone."""
    return None if at is None else at.astimezone(zone).isoformat()


def _number(area: Decimal | None) -> float | None:
    """An area as a JSON number, in m²."""
    return None if area is None else float(area)
