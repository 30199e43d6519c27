"""Priority points: who chooses first. Counted from what the database knows of earlier fairs, and corrected by hand with a reason.

The presets are those used in the field (DOMAIN part 3); square feet are converted, and parts of a point count.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from allocations.domain.settings import settings_of
from allocations.enums import PointsPreset
from allocations.models import PriorityCorrection
from exhibitors.enums import PlacementStatus
from exhibitors.models import Application, Placement
from fairs.models import Fair

M2_PER_SQUARE_FOOT = 0.09290304
MOST_EARLY_POINTS = 30


@dataclass(frozen=True)
class PointTerm:
    """One reason for points: ``code`` names it (see ``TERM_TEXTS``), ``amount`` is what was counted, ``points`` what it gives."""

    code: str
    amount: float
    points: float


@dataclass
class PriorityPoints:
    """The points of one application and how they came about."""

    terms: list[PointTerm] = field(default_factory=list)

    @property
    def total(self) -> float:
        """Never below zero: who has lost all points is simply last."""
        return max(0.0, round(sum(term.points for term in self.terms), 1))


@dataclass
class _Past:
    """What a company had at fairs before this one: years, stands, m²."""

    years: set[int] = field(default_factory=set)
    stands: int = 0
    area_m2: float = 0.0


def points_of(fair: Fair, applications: Iterable[Application]) -> dict[int, PriorityPoints]:
    """The points of each of the fair's applications, by id, in three queries however many they are."""
    chosen = list(applications)
    preset = PointsPreset(settings_of(fair).points_preset)
    past = _past_of({application.company_id for application in chosen}, before=fair)
    rows = PriorityCorrection.objects.filter(application__in=[application.pk for application in chosen])
    corrections = {row.application_id: row for row in rows}
    return {
        application.pk: _points(application, fair, preset, past[application.company_id], corrections.get(application.pk))
        for application in chosen
    }


def _past_of(company_ids: Collection[int], *, before: Fair) -> dict[int, _Past]:
    accepted = Placement.objects.filter(
        status=PlacementStatus.ACCEPTED, application__company__in=company_ids, application__fair__ends_on__lt=before.starts_on
    )
    found: dict[int, _Past] = defaultdict(_Past)
    columns = ("application__company", "application__fair__starts_on", "stand__area_m2")
    for company_id, starts_on, area_m2 in accepted.values_list(*columns):
        past = found[company_id]
        past.years.add(starts_on.year)
        past.stands += 1
        past.area_m2 += float(area_m2)
    return found


def _points(
    application: Application, fair: Fair, preset: PointsPreset, past: _Past, correction: PriorityCorrection | None
) -> PriorityPoints:
    years, paid = len(past.years), float(correction.paid_usd) if correction else 0.0
    square_feet = past.area_m2 / M2_PER_SQUARE_FOOT
    terms = {
        PointsPreset.TMEA: [
            PointTerm("years", years, years),
            PointTerm("stands", past.stands, 5 * past.stands),
            PointTerm("early", round(100 * _earliness(application, fair)), MOST_EARLY_POINTS * _earliness(application, fair)),
        ],
        PointsPreset.LERN: [
            PointTerm("years", years, 3 * years),
            PointTerm("area", past.area_m2, square_feet / 80),
            PointTerm("paid", paid, paid / 500 / 2),
        ],
        PointsPreset.POOL_SPA: [
            PointTerm("years", years, years),
            PointTerm("area", past.area_m2, square_feet / 100),
        ],
    }[preset]
    if correction and correction.points:
        terms.append(PointTerm("hand", 0, correction.points))
    return PriorityPoints([PointTerm(term.code, round(term.amount, 2), round(term.points, 1)) for term in terms])


def _earliness(application: Application, fair: Fair) -> float:
    """1 for who applied when applications opened, falling evenly to 0 when they closed; later ones have 0."""
    if application.submitted_at is None:
        return 0.0
    window = (fair.applications_close_at - fair.applications_open_at).total_seconds()
    left = (fair.applications_close_at - application.submitted_at).total_seconds()
    return min(1.0, max(0.0, left / window))
