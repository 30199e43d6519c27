"""Applications as exhibitors and organisers read them: who sees which, and a page of them in four queries."""

from collections import Counter, defaultdict
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
from exhibitors.models import Application, ApplicationStep, Company, CompanyMember, Placement, SiteWish
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

    def either(self, as_staff: Q, as_exhibitor: Q) -> Q:
        """A filter that asks one question of the rows seen as staff, and another of the reader's own companies' rows."""
        if not self.is_staff or self.regions is None:
            return as_staff if self.is_staff else as_exhibitor
        # A subquery, for a company may have no region, and what is not in a list is then unknown.
        of_region = Q(company__in=Company.objects.filter(region__code__in=self.regions).values("pk"))
        return (of_region & as_staff) | (~of_region & as_exhibitor)

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
    held = _grouped(_held().for_ids(ids if reader.is_staff else []))
    return [
        _present(
            row, wishes[row["id"]], placements[row["id"]], categories[row["id"]], held[row["id"]], fair=fair, reader=reader, clock=clock
        )
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
        "submitted_at", "decided_at", "responsible__email", "told_status", "told_message", "told_waitlist_rank", "told_decided_at",
        "changes_due_at", "move_requested_at", "move_placement_id", "move_reason", "move_wish",
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
        "answer_by", "is_relocation",
    )  # fmt: skip
    # Live ones, and those that the exhibitor let go. Said one by one: the statement keeps one list of ids.
    wanted = Q()
    for status in (*PlacementStatus.live, *PlacementStatus.let_go):
        wanted |= Q(status=status)
    return Statement(Placement.objects.filter(wanted, application__in=[MARKER]).order_by("site__starts_on", "pk").values(*columns))


@cache
def _held() -> Statement:
    columns = ("application_id", "step", "at", "placement_id", "announcement_id", "announcement__at")
    return Statement(ApplicationStep.objects.pending().filter(application__in=[MARKER]).order_by("pk").values(*columns))


@cache
def _categories() -> Statement:
    links = Application.categories.through.objects.filter(application__in=[MARKER]).order_by("productcategory__code")
    return Statement(links.values("application_id", "productcategory__code"))


def _present(
    row: dict[str, Any],
    wishes: list[dict[str, Any]],
    placements: list[dict[str, Any]],
    categories: list[dict[str, Any]],
    held: list[dict[str, Any]],
    *,
    fair: Fair,
    reader: Reader,
    clock: Callable[[], datetime],
) -> dict[str, Any]:
    rights, company_rights = reader.rights_on(company_role=row["own_role"], region_code=row["company__region__code"])
    live = [placement for placement in placements if placement["status"] in PlacementStatus.live]
    open_offers = [placement for placement in live if placement["status"] == PlacementStatus.OFFERED]
    told = "" if rights else "told_"  # staff see what was decided, the exhibitor what it was told
    return {
        "id": row["id"],
        "fair": fair.slug,
        "company": row["company_id"],
        "company_name": row["company__legal_name"],
        "role": "MAIN",
        "categories": [link["productcategory__code"] for link in categories],
        "status": row[f"{told}status"],
        "late": row["late"],
        "allowed_actions": allowed_actions(
            row[f"{told}status"],
            told_status=row["told_status"],
            wished_sites={wish["site_id"] for wish in wishes},
            placed_sites={placement["site_id"] for placement in live},
            full_sites=_full_sites(placements, most_offers=fair.most_offers),
            open_offers=len(open_offers),
            lapsed_offers=sum(has_lapsed(offer["answer_by"], clock()) for offer in open_offers) if company_rights else 0,
            is_held=bool(held),
            is_moving=row["move_requested_at"] is not None,
            rights=rights,
            company_rights=company_rights,
        ),
        "sites": [_wish(wish) for wish in wishes],
        "placements": [_placement(placement, fair.zone) for placement in live if placement["status"] != PlacementStatus.PLANNED],
        "message": row[f"{told}message"],
        "waitlist_rank": row[f"{told}waitlist_rank"],
        "submitted_at": _moment(row["submitted_at"], fair.zone),
        "decided_at": _moment(row[f"{told}decided_at"], fair.zone),
        "changes_due_at": _moment(row["changes_due_at"], fair.zone),
        "move_request": _move_request(row, fair.zone),
        **({"responsible": row["responsible__email"], "held": _held_steps(held, live, fair.zone)} if rights else {}),
    }


def _full_sites(placements: list[dict[str, Any]], *, most_offers: int) -> set[int]:
    """The sites at which no more offers are made: so many were declined or have lapsed."""
    gone = Counter(
        placement["site_id"] for placement in placements if placement["status"] in PlacementStatus.let_go and not placement["is_relocation"]
    )
    return {site for site, count in gone.items() if count >= most_offers}


def _move_request(row: dict[str, Any], zone: tzinfo) -> dict[str, Any] | None:
    if row["move_requested_at"] is None:
        return None
    return {
        "requested_at": _moment(row["move_requested_at"], zone),
        "placement": row["move_placement_id"],
        "reason": row["move_reason"],
        "wish": row["move_wish"],
    }


def _held_steps(held: list[dict[str, Any]], live: list[dict[str, Any]], zone: tzinfo) -> dict[str, Any] | None:
    if not held:
        return None
    planned = {placement["id"]: placement for placement in live if placement["status"] == PlacementStatus.PLANNED}
    return {
        "steps": [
            {
                "step": step["step"],
                "at": _moment(step["at"], zone),
                "placement": _place(planned[step["placement_id"]]) if step["placement_id"] in planned else None,
            }
            for step in held
        ],
        "announcement": held[0]["announcement_id"],
        "at": _moment(held[0]["announcement__at"], zone),
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


def _place(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "site": row["site__slug"],
        "hall": row["stand__hall__slug"],
        "stand": row["stand__number"],
        "first_day": row["first_day"].isoformat(),
        "last_day": row["last_day"].isoformat(),
    }


def _placement(row: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    return {
        **_place(row),
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
