"""All that a checklist looks at, read for many applications at once in a number of queries that does not grow with theirs.

Only what the exhibitor knows goes in: ``told_status``, and placements that were offered. A decision that is held, or a stand that is
only planned, is not here.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch

from exhibitors.domain.deadlines import due_moments
from exhibitors.domain.exhibit_list import FOOD_CHAPTERS
from exhibitors.enums import ApplicationStatus, PlacementStatus, Scheme
from exhibitors.models import (
    Application,
    DeadlineTick,
    Document,
    DocumentRequirement,
    Placement,
    Product,
    ProductCategory,
    SiteWish,
    StandStaff,
)
from fairs.enums import Audience
from fairs.models import Deadline, Fair

_NOBODYS = (Audience.STAFF, Audience.CONFERENCE)
# The audiences that are told by the state alone, without an accepted stand.
_BY_STATE: dict[Audience, Collection[str]] = {
    Audience.ALL: ApplicationStatus.live,
    Audience.ADMITTED: (ApplicationStatus.ADMITTED, ApplicationStatus.STAND_OFFERED, ApplicationStatus.ACCEPTED),
    Audience.OFFERED: (ApplicationStatus.STAND_OFFERED,),
}


@dataclass
class Facts:
    """One application as its checklist sees it."""

    application: Application
    fair: Fair
    now: datetime
    wishes: list[SiteWish] = field(default_factory=list)
    categories: set[str] = field(default_factory=set)
    placements: list[Placement] = field(default_factory=list)  # offered and accepted ones
    documents: dict[tuple[int, int | None], Document] = field(default_factory=dict)  # current ones, by requirement and site
    products: list[Product] = field(default_factory=list)
    staff: int = 0
    due: dict[int, datetime] = field(default_factory=dict)  # by deadline, with what was extended
    ticks: dict[int, DeadlineTick] = field(default_factory=dict)  # by deadline: what an organiser has ticked off by hand

    @property
    def status(self) -> ApplicationStatus:
        return ApplicationStatus(self.application.told_status)

    @property
    def today(self) -> date:
        return self.fair.day_of(self.now)

    @property
    def is_accepted(self) -> bool:
        return self.status == ApplicationStatus.ACCEPTED

    @property
    def has_food(self) -> bool:
        return bool(self.categories & set(FOOD_CHAPTERS))

    def wishes_with(self, audience: str) -> list[SiteWish]:
        """The sites asked for, of an audience that is told by its scheme those with that scheme."""
        schemes = {Audience.RAW_SPACE: Scheme.RAW, Audience.SHELL_SCHEME: Scheme.SHELL}
        scheme = schemes.get(Audience(audience))
        return [wish for wish in self.wishes if scheme is None or wish.scheme == scheme]

    def belongs_to(self, audience: str) -> bool:
        """Whether the audience is this exhibitor's, once it has accepted a stand."""
        if audience in _NOBODYS:
            return False
        if audience == Audience.FOOD:
            return self.has_food
        return audience in _BY_STATE or audience == Audience.ACCEPTED or bool(self.wishes_with(audience))

    def is_concerned(self, audience: str) -> bool:
        """The same now."""
        if audience in _BY_STATE:
            return self.status in _BY_STATE[Audience(audience)]
        return self.is_accepted and self.belongs_to(audience)

    def is_meant(self, deadline: Deadline) -> bool:
        """Whether the deadline is this exhibitor's, once it has accepted a stand: by its audience, its sites and its categories."""
        if not self.belongs_to(deadline.audience):
            return False
        if deadline.category_codes and not self.categories.intersection(deadline.category_codes):
            return False
        return not deadline.site_ids or bool(deadline.site_ids & self._sites_with(deadline.audience))

    def _sites_with(self, audience: str) -> set[int]:
        """The sites with an accepted stand, before that those asked for; of an audience that is told by its scheme those with it."""
        wished = {wish.site_id for wish in self.wishes_with(audience)}
        accepted = {placement.site_id for placement in self.placements if placement.status == PlacementStatus.ACCEPTED}
        return wished & accepted if accepted else wished


def read(applications: Sequence[Application], *, fair: Fair, now: datetime) -> list[Facts]:
    """The facts of applications of one fair; each comes with its company."""
    by_id = {each.pk: Facts(each, fair, now) for each in applications}
    for wish in SiteWish.objects.filter(application__in=by_id).select_related("site").order_by("site__starts_on", "pk"):
        by_id[wish.application_id].wishes.append(wish)
    links = Application.categories.through.objects.filter(application__in=by_id)
    for application_id, code in links.values_list("application", "productcategory__code"):
        by_id[application_id].categories.add(code)
    known = (PlacementStatus.OFFERED, PlacementStatus.ACCEPTED)
    for placement in Placement.objects.filter(application__in=by_id, status__in=known).select_related("site", "stand").order_by("pk"):
        by_id[placement.application_id].placements.append(placement)
    for document in Document.objects.current().filter(application__in=by_id, requirement__isnull=False):
        by_id[document.application_id].documents[document.requirement_id or 0, document.site_id] = document
    for product in Product.objects.filter(application__in=by_id).defer("description").order_by("pk"):
        by_id[product.application_id].products.append(product)
    named = StandStaff.objects.filter(application__in=by_id).order_by().values("application").annotate(count=Count("pk"))
    for row in named:
        by_id[row["application"]].staff = row["count"]
    for tick in DeadlineTick.objects.filter(application__in=by_id).select_related("by"):
        by_id[tick.application_id].ticks[tick.deadline_id] = tick
    return list(by_id.values())


def wished(application: Application, *, now: datetime) -> Facts:
    """Of one application what tells whom it belongs to: its sites and its categories."""
    facts = Facts(application, application.fair, now)
    facts.wishes = list(SiteWish.objects.filter(application=application).select_related("site").order_by("site__starts_on", "pk"))
    facts.categories = set(application.categories.values_list("code", flat=True))
    return facts


def deadlines_of(fair: Fair, facts: Sequence[Facts]) -> list[Deadline]:
    """The fair's deadlines that concern exhibitors, in order; when each is due for whom is written into ``facts``."""
    rows = Deadline.objects.filter(fair=fair).exclude(audience__in=_NOBODYS)
    found = list(rows.prefetch_related("sites").order_by("due_at", "pk"))
    moments = due_moments([each.application.pk for each in facts], found)
    for each in facts:
        each.due = {deadline.pk: moments[each.application.pk, deadline.pk] for deadline in found}
    return found


def requirements_of(fair: Fair) -> list[DocumentRequirement]:
    codes: Any = Prefetch("categories", queryset=ProductCategory.objects.only("code"))
    return list(DocumentRequirement.objects.filter(fair=fair).select_related("deadline").prefetch_related(codes))


def grouped_by_deadline(requirements: Sequence[DocumentRequirement]) -> dict[int | None, list[DocumentRequirement]]:
    groups: defaultdict[int | None, list[DocumentRequirement]] = defaultdict(list)
    for requirement in requirements:
        groups[requirement.deadline_id].append(requirement)
    return groups
