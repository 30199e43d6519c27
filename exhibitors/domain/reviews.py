"""What reviewers think of an application: scores by criterion, and notes for colleagues. Exhibitors see neither."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F, FloatField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Invalid, field_error
from api.text import clean_text
from exhibitors.domain import steps
from exhibitors.models import Application, ReviewCriterion, ReviewNote, ReviewScore
from exhibitors.models.review import HIGHEST, LOWEST

LONGEST_NOTE = 4000


@dataclass
class CriterionScores:
    """One criterion with the scores of all reviewers; ``own`` is the reader's."""

    criterion: ReviewCriterion
    scores: list[ReviewScore] = field(default_factory=list)
    own: int | None = None

    @property
    def mean(self) -> float | None:
        return sum(score.value for score in self.scores) / len(self.scores) if self.scores else None


@transaction.atomic
def score(*, application_id: int, by: User, now: datetime, values: Mapping[int, int | None]) -> None:
    """Write the scores of ``by`` by criterion's id; None takes one back, and what is not named stays. Others' are not touched.

    Raises Invalid for a criterion of another fair, and for a score that is not 1 to 5.
    """
    application = steps.locked(application_id)
    known = set(ReviewCriterion.objects.filter(fair=application.fair_id).values_list("pk", flat=True))
    errors = [field_error(f"/{pk}", "unknown_criterion", _("This fair has no such criterion.")) for pk in values if pk not in known] + [
        field_error(f"/{pk}", "out_of_range", _("Between %(lowest)d and %(highest)d.") % {"lowest": LOWEST, "highest": HIGHEST})
        for pk, value in values.items()
        if value is not None and not LOWEST <= value <= HIGHEST
    ]
    if errors:
        raise Invalid(errors)
    own = ReviewScore.objects.filter(application=application, reviewer=by)
    own.filter(criterion__in=[pk for pk, value in values.items() if value is None]).delete()
    for pk, value in values.items():
        if value is not None:
            ReviewScore.objects.update_or_create(
                application=application, reviewer=by, criterion_id=pk, defaults={"value": value, "at": now}
            )


def note(*, application_id: int, by: User, now: datetime, text: str) -> ReviewNote:
    """Add a note for colleagues. Raises Invalid when it is empty or too long."""
    text = clean_text(text).strip()
    if not text:
        raise Invalid([field_error("/text", "required", _("Write something."))])
    if len(text) > LONGEST_NOTE:
        raise Invalid([field_error("/text", "max_length", _("At most %(count)d characters.") % {"count": LONGEST_NOTE})])
    return ReviewNote.objects.create(application_id=application_id, author=by, text=text, at=now)


def scores_of(application: Application, *, reader: User) -> list[CriterionScores]:
    """Every criterion of the fair with its scores, in two queries."""
    by_criterion: defaultdict[int, list[ReviewScore]] = defaultdict(list)
    for row in application.review_scores.select_related("reviewer").order_by("pk"):
        by_criterion[row.criterion_id].append(row)
    return [
        CriterionScores(
            criterion=criterion,
            scores=by_criterion[criterion.pk],
            own=next((row.value for row in by_criterion[criterion.pk] if row.reviewer_id == reader.pk), None),
        )
        for criterion in ReviewCriterion.objects.filter(fair=application.fair_id).order_by("pk")
    ]


def weighted_mean(criteria: list[CriterionScores]) -> float | None:
    """Of all scores, each by the weight of its criterion; None without any."""
    weights = sum(one.criterion.weight * len(one.scores) for one in criteria)
    total = sum(one.criterion.weight * row.value for one in criteria for row in one.scores)
    return total / weights if weights else None


def with_mean_score(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Adds ``mean_score``, the same mean, for lists."""
    scores = ReviewScore.objects.filter(application=OuterRef("pk")).order_by().values("application")
    total = Cast(Sum(F("value") * F("criterion__weight")), FloatField())
    return applications.annotate(mean_score=Subquery(scores.annotate(mean=total / Sum("criterion__weight")).values("mean")))
