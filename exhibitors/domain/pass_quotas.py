"""How many passes an application has at each site: earned by area and co-exhibitors, and granted by the organiser."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Invalid, field_error
from api.text import clean_line
from exhibitors.domain import steps
from exhibitors.domain.editing import require_live
from exhibitors.domain.site_wishes import NOT_WISHED
from exhibitors.enums import PlacementStatus
from exhibitors.models import Application, ExtraPasses, PassQuota, SiteWish, StandStaffDays
from fairs.models import Site

# A fair without rules of its own: two passes for each 9 m² begun (a standard stand), two for each co-exhibitor.
DEFAULT = PassQuota(from_area_m2=Decimal(0), passes=0, extra_passes=2, extra_per_m2=Decimal(9), per_co_exhibitor=2)
MOST_EXTRA = 1000


@dataclass(frozen=True)
class SitePasses:
    """The passes of one application at one site. More may be used than there are: a stand that became smaller keeps its people."""

    site: Site
    area_m2: Decimal
    earned: int
    extra: int
    used: int

    @property
    def quota(self) -> int:
        return self.earned + self.extra

    @property
    def left(self) -> int:
        return max(self.quota - self.used, 0)


def passes_of(application: Application) -> list[SitePasses]:
    """For each site that the application asks for, in the order of the sites."""
    rules = list(PassQuota.objects.filter(fair=application.fair_id))
    areas = dict(application.placements.filter(status=PlacementStatus.ACCEPTED).values_list("site").annotate(Sum("stand__area_m2")))
    used = dict(StandStaffDays.objects.filter(staff__application=application).order_by().values_list("site").annotate(Count("pk")))
    extra = Counter(dict(application.extra_passes.order_by().values_list("site").annotate(Sum("passes"))))
    beside = application.co_exhibitors.confirmed().count()
    found = []
    for wish in application.site_wishes.select_related("site").order_by("site__starts_on", "site_id"):
        area = areas.get(wish.site_id) or _wished(wish)
        earned = earned_by(area, co_exhibitors=beside, rules=rules_at(rules, wish.site_id))
        found.append(SitePasses(wish.site, area, earned, extra[wish.site_id], used.get(wish.site_id, 0)))
    return found


def _wished(wish: SiteWish) -> Decimal:
    return wish.area_wished_m2 or wish.area_min_m2 or wish.area_max_m2 or Decimal(0)


def rules_at(rules: Iterable[PassQuota], site_id: int) -> list[PassQuota]:
    """The rules that hold at a site: its own, else those for all sites."""
    rules = list(rules)
    own = [rule for rule in rules if rule.site_id == site_id]
    return own or [rule for rule in rules if rule.site_id is None]


def earned_by(area_m2: Decimal, *, co_exhibitors: int, rules: Sequence[PassQuota]) -> int:
    """What a stand of this size earns; ``rules`` are those of one site. Without any, those of :data:`DEFAULT`."""
    reached = [rule for rule in rules or [DEFAULT] if rule.from_area_m2 <= area_m2]
    if not reached or not area_m2:
        return 0
    rule = max(reached, key=lambda one: one.from_area_m2)
    pieces = math.ceil((area_m2 - rule.from_area_m2) / rule.extra_per_m2) if rule.extra_per_m2 else 0
    return rule.passes + pieces * rule.extra_passes + co_exhibitors * rule.per_co_exhibitor


@transaction.atomic
def grant_extra(*, application_id: int, site: Site, passes: int, reason: str, by: User | None, now: datetime) -> ExtraPasses:
    """The organiser gives one exhibitor passes beyond its quota. Raises Invalid without a reason or for a site not asked for."""
    application = steps.locked(application_id)
    require_live(application)
    reason = clean_line(reason)
    errors = []
    if not reason:
        errors.append(field_error("/reason", "required", _("Write why: colleagues read it later.")))
    if not 1 <= passes <= MOST_EXTRA:
        errors.append(field_error("/passes", "out_of_range", _("Between 1 and %(most)d.") % {"most": MOST_EXTRA}))
    if not application.site_wishes.filter(site=site).exists():
        errors.append(field_error("/site", "site_not_wished", NOT_WISHED))
    if errors:
        raise Invalid(errors)
    return ExtraPasses.objects.create(application=application, site=site, passes=passes, reason=reason[:500], by=by, at=now)
