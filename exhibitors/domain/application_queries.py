"""Applications as exhibitors and organisers read them: who sees which, and a page of them in one query."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from operator import itemgetter
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from accounts.models import User
from api.statements import ASKER, MARKER, RowStatement, Statement
from exhibitors.domain import deadlines, window
from exhibitors.domain.json_rows import json_rows, moment, number
from exhibitors.domain.permitted import allowed_actions, has_lapsed
from exhibitors.domain.standing import COLUMNS
from exhibitors.enums import CompanyRole, NeighbourKind, PlacementStatus
from exhibitors.models import (
    Answer,
    Application,
    ApplicationStep,
    Company,
    CompanyMember,
    NeighbourWish,
    Placement,
    SiteWish,
    StandHold,
    StandPreference,
)
from exhibitors.roles import COMPANY_RIGHTS, CompanyRight, roles_with
from fairs import access
from fairs.enums import FairStatus
from fairs.models import Fair, StaffMembership
from fairs.roles import Right

_FAIR = "<fair>"  # stands for the slug of the fair that is asked for


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
        """The same for one application; one query for the role in its company, none for what :func:`find` found."""
        if hasattr(application, "own_role"):
            role: str | None = application.own_role
        else:
            role = CompanyMember.objects.filter(company=application.company_id, user=self.user).values_list("role", flat=True).first()
        region = application.company.region
        return self.rights_on(company_role=role, region_code=region.code if region else None)


def find(user: User, *, fair_slug: str, pk: int, lock: bool = False) -> tuple[Application, Reader] | None:
    """The application with its fair, its company and what ``user`` is to both, in one query; None for one that ``user`` does not see.

    ``lock``: nobody else changes it until the transaction ends.
    """
    application: Any = _one(lock=lock).first({_FAIR: fair_slug, MARKER: pk, ASKER: user.pk})
    if application is None:
        return None
    fair = application.fair
    reader = Reader.of(user, [StaffMembership(fair=fair, user=user, **role) for role in application.staff_roles or ()])
    if fair.status == FairStatus.DRAFT and Right.VIEW_FAIR not in reader.rights:
        return None
    rights, company_rights = reader.rights_at(application)
    if Right.VIEW_APPLICATIONS not in rights and CompanyRight.VIEW not in company_rights:
        return None
    return application, reader


@cache
def _one(*, lock: bool) -> RowStatement[Application]:
    applications = Application.objects.select_for_update(of=("self",), no_key=True) if lock else Application.objects.all()
    own_role = CompanyMember.objects.filter(company=OuterRef("company"), user=ASKER).order_by().values("role")[:1]
    own_staff = StaffMembership.objects.filter(user=ASKER)
    return RowStatement(
        applications.filter(fair__slug=_FAIR, pk=MARKER)
        .select_related("fair", "company__region")
        .annotate(
            own_role=Subquery(own_role), staff_roles=json_rows(own_staff, of="fair", to="fair", role="role", region_code="region_code")
        )
        .order_by(),  # one row needs no sorting
        markers=(_FAIR, MARKER, ASKER),
    )


def rows(
    applications: QuerySet[Application], *, fair: Fair, reader: Reader, clock: Callable[[], datetime], whole: bool = False
) -> list[dict[str, Any]]:
    """The applications of a page (a slice of a queryset) with wishes, live placements and the steps open to the reader now.

    ``whole``: with the answers and, for staff, the stands that are held, which a list leaves out. ``clock`` is asked only where there is
    a draft, where an exhibitor has an offer to answer (staff may record an answer that came late), or a stand is held.
    """
    found = _applications_by(tuple(applications.query.order_by), whole=whole, for_staff=reader.is_staff).for_rows_of(
        applications, asker=reader.user.pk
    )
    closed = _closed_drafts([row["id"] for row in found if row["submitted_at"] is None], fair=fair, clock=clock)
    return [_present(row, fair=fair, reader=reader, clock=clock, is_closed=row["id"] in closed) for row in found]


def _closed_drafts(drafts: list[int], *, fair: Fair, clock: Callable[[], datetime]) -> set[int]:
    """Those of the applications that were never sent which cannot be sent now: the fair takes none, nor has given them more time."""
    if not drafts or window.is_open(fair, now := clock()):
        return set()
    moments = deadlines.closing_moments(drafts, fair)
    return {pk for pk, closes_at in moments.items() if not window.is_open(fair, now, closes_at=closes_at)}


@cache
def _applications_by(order: tuple[Any, ...], *, whole: bool, for_staff: bool) -> Statement:
    own_role = CompanyMember.objects.filter(company=OuterRef("company"), user=ASKER).values("role")[:1]
    columns = (
        "id", "company_id", "company__legal_name", "company__region__code", "status", "late", "message", "waitlist_rank",
        "submitted_at", "decided_at", "responsible__email", "told_status", "told_message", "told_waitlist_rank", "told_decided_at",
        "changes_due_at", "move_requested_at", "move_placement_id", "move_reason", "move_wish", "pavilion__slug", "fascia_text",
    )  # fmt: skip
    applications = Application.objects.filter(pk__in=[MARKER]).order_by(*order).values(*columns)
    return Statement(
        applications.annotate(
            own_role=Subquery(own_role),
            wishes=_wishes(),
            preferences=_preferences(),
            neighbours=_neighbours(),
            kept_placements=_placements(),
            held_steps=_held(),
            category_codes=_categories(),
            **({"given_answers": _answers()} if whole else {}),
            **({"holds": _holds()} if whole and for_staff else {}),
        )
    )


def _wishes() -> Subquery:
    columns = ("site_id", *COLUMNS)
    return json_rows(
        SiteWish.objects.all(), of="application", site="site__slug", begins="site__starts_on", **{name: name for name in columns}
    )


def _preferences() -> Subquery:
    return json_rows(
        StandPreference.objects.all(),
        of="wish__application",
        site_id="wish__site_id",
        rank="rank",
        stand="stand_id",
        hall="stand__hall__slug",
        number="stand__number",
    )


def _neighbours() -> Subquery:
    columns = ("kind", "position", "exhibitor_id", "name", "inn")
    return json_rows(NeighbourWish.objects.all(), of="application", **{name: name for name in columns})


def _placements() -> Subquery:
    """Live ones, and those that the exhibitor let go."""
    columns = ("id", "site_id", "first_day", "last_day", "status", "answer_by", "is_relocation", "is_plan")
    return json_rows(
        Placement.objects.filter(status__in=(*PlacementStatus.live, *PlacementStatus.let_go)),
        of="application",
        site="site__slug",
        begins="site__starts_on",
        hall="stand__hall__slug",
        stand="stand__number",
        **{name: name for name in columns},
    )


def _held() -> Subquery:
    columns = ("id", "step", "at", "placement_id", "announcement_id")
    pending = ApplicationStep.objects.pending()
    return json_rows(pending, of="application", announced_at="announcement__at", **{name: name for name in columns})


def _holds() -> Subquery:
    """Those whose end was not written: some have expired."""
    kept = StandHold.objects.filter(ended_at=None)
    places = {"site": "stand__hall__site__slug", "hall": "stand__hall__slug", "number": "stand__number"}
    return json_rows(kept, of="application", id="id", stand="stand_id", until="until", note="note", **places)


def _categories() -> Subquery:
    return json_rows(Application.categories.through.objects.all(), of="application", code="productcategory__code")


def _answers() -> Subquery:
    # As text: of a JSON column within JSON the two databases make different things.
    return json_rows(Answer.objects.all(), of="application", code="question__code", value=Cast("value", TextField()))


def _present(row: dict[str, Any], *, fair: Fair, reader: Reader, clock: Callable[[], datetime], is_closed: bool) -> dict[str, Any]:
    wishes = sorted(row["wishes"] or (), key=itemgetter("begins", "site_id"))
    placements = sorted(row["kept_placements"] or (), key=itemgetter("begins", "id"))
    rights, company_rights = reader.rights_on(company_role=row["own_role"], region_code=row["company__region__code"])
    # Of what is decided and not told yet, only staff hear.
    held = sorted(row["held_steps"] or (), key=itemgetter("id")) if rights else []
    live = [placement for placement in placements if placement["status"] in PlacementStatus.live and not placement["is_plan"]]
    open_offers = [placement for placement in live if placement["status"] == PlacementStatus.OFFERED]
    told = "" if rights else "told_"  # staff see what was decided, the exhibitor what it was told
    return {
        "id": row["id"],
        "fair": fair.slug,
        "company": row["company_id"],
        "company_name": row["company__legal_name"],
        "role": "MAIN",
        "categories": sorted(link["code"] for link in row["category_codes"] or ()),
        "status": row[f"{told}status"],
        "late": row["late"],
        "allowed_actions": allowed_actions(
            row[f"{told}status"],
            told_status=row["told_status"],
            wished_sites={wish["site_id"] for wish in wishes},
            placed_sites={placement["site_id"] for placement in live},
            full_sites=_full_sites(placements, most_offers=fair.most_offers),
            open_offers=len(open_offers),
            held_offers=sum(placement["status"] == PlacementStatus.PLANNED for placement in live),
            lapsed_offers=sum(has_lapsed(moment(offer["answer_by"]), clock()) for offer in open_offers) if company_rights else 0,
            is_held=bool(held),
            is_moving=row["move_requested_at"] is not None,
            is_closed=is_closed,
            rights=rights,
            company_rights=company_rights,
        ),
        "sites": [_wish(wish, row["preferences"] or ()) for wish in wishes],
        "pavilion": row["pavilion__slug"],
        "fascia_text": row["fascia_text"],
        "near": _neighbours_of(row, NeighbourKind.NEAR),
        "away": _neighbours_of(row, NeighbourKind.AWAY),
        **({"answers": {one["code"]: json.loads(one["value"]) for one in row["given_answers"] or ()}} if "given_answers" in row else {}),
        "placements": [_placement(placement, fair.zone) for placement in live if placement["status"] != PlacementStatus.PLANNED],
        "message": row[f"{told}message"],
        "waitlist_rank": row[f"{told}waitlist_rank"],
        "submitted_at": _moment(row["submitted_at"], fair.zone),
        "decided_at": _moment(row[f"{told}decided_at"], fair.zone),
        "changes_due_at": _moment(row["changes_due_at"], fair.zone),
        "move_request": _move_request(row, fair.zone),
        **(_for_staff(row, held, live, fair.zone, clock) if rights else {}),
    }


def _for_staff(
    row: dict[str, Any], held: list[dict[str, Any]], live: list[dict[str, Any]], zone: tzinfo, clock: Callable[[], datetime]
) -> dict[str, Any]:
    """What nobody of the company hears of."""
    found = {"responsible": row["responsible__email"], "held": _held_steps(held, live, zone)}
    return {**found, "held_stands": _held_stands(row["holds"] or (), zone, clock)} if "holds" in row else found


def _held_stands(holds: Iterable[dict[str, Any]], zone: tzinfo, clock: Callable[[], datetime]) -> list[dict[str, Any]]:
    return [
        {**{name: hold[name] for name in ("stand", "site", "hall", "number", "note")}, "until": _moment(moment(hold["until"]), zone)}
        for hold in sorted(holds, key=itemgetter("until", "id"))
        if moment(hold["until"]) > clock()  # type: ignore[operator]
    ]


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
                "at": _moment(moment(step["at"]), zone),
                "placement": _place(planned[step["placement_id"]]) if step["placement_id"] in planned else None,
            }
            for step in held
        ],
        "announcement": held[0]["announcement_id"],
        "at": _moment(moment(held[0]["announced_at"]), zone),
    }


def _wish(row: dict[str, Any], preferences: Iterable[dict[str, Any]]) -> dict[str, Any]:
    preferred = sorted((one for one in preferences if one["site_id"] == row["site_id"]), key=itemgetter("rank"))
    return {
        "site": row["site"],
        "requested_area_m2": {
            "min": number(row["area_min_m2"]),
            "wished": number(row["area_wished_m2"]),
            "max": number(row["area_max_m2"]),
        },
        "open_sides": row["open_sides"],
        "scheme": row["scheme"],
        "first_day": row["first_day"],
        "last_day": row["last_day"],
        "power_kw": number(row["power_kw"]),
        "water": bool(row["water"]),
        "cold_storage_m2": number(row["cold_storage_m2"]),
        "stand_preferences": [{name: one[name] for name in ("stand", "hall", "number")} for one in preferred],
    }


def _neighbours_of(row: dict[str, Any], kind: NeighbourKind) -> list[dict[str, Any]]:
    """As the applicant wrote them: whom staff take them for is not told."""
    found = sorted((one for one in row["neighbours"] or () if one["kind"] == kind), key=itemgetter("position"))
    return [{"exhibitor": one["exhibitor_id"], "name": one["name"], "inn": one["inn"]} for one in found]


def _place(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "site", "hall", "stand", "first_day", "last_day")}


def _placement(row: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    return {
        **_place(row),
        "status": row["status"],
        # Of a stand that was accepted nothing is to be answered any more.
        "answer_by": _moment(moment(row["answer_by"]), zone) if row["status"] == PlacementStatus.OFFERED else None,
    }


def _moment(at: datetime | None, zone: tzinfo) -> str | None:
    """A moment with the offset of the fair's zone."""
    return None if at is None else at.astimezone(zone).isoformat()
