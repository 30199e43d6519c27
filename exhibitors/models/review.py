from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exhibitors.models.application import Application
from fairs.models import Fair

LOWEST, HIGHEST = 1, 5


class ReviewCriterion(models.Model):
    """What reviewers of a fair look at, such as “goods fit the fair”, and how much it counts."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="review_criteria", verbose_name=_("fair"))
    name = models.CharField(_("name"), max_length=120)
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("A criterion of weight 2 counts twice."),
    )

    class Meta:
        verbose_name = _("review criterion")
        verbose_name_plural = _("review criteria")
        ordering = ["fair_id", "pk"]
        constraints = [models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="review_weight_in_range")]

    def __str__(self) -> str:
        return str(self.name)


class ReviewScore(models.Model):
    """What one reviewer thinks of an application by one criterion. Staff only; its author alone changes it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="review_scores", verbose_name=_("application"))
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("reviewer"))
    criterion = models.ForeignKey(ReviewCriterion, on_delete=models.CASCADE, related_name="scores", verbose_name=_("criterion"))
    value = models.PositiveSmallIntegerField(pgettext_lazy("review", "score"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("review score")
        verbose_name_plural = _("review scores")
        ordering = ["application_id", "criterion_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer", "criterion"], name="review_score_once"),
            models.CheckConstraint(condition=Q(value__gte=LOWEST, value__lte=HIGHEST), name="review_score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.value}"


class ReviewNote(models.Model):
    """What a member of staff writes for colleagues about an application. Never shown to exhibitors; rows are added, never changed."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="review_notes", verbose_name=_("application"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"), max_length=4000)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("review note")
        verbose_name_plural = _("review notes")
        ordering = ["application_id", "at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="review_note_not_empty")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.author}"


class ReviewLook(models.Model):
    """When a reader last had an application's review open, and when before that: what changed in between is marked for this reader."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="review_looks", verbose_name=_("application"))
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("reader"))
    at = models.DateTimeField(_("looked at"))
    before_at = models.DateTimeField(_("looked at before"), null=True)

    class Meta:
        verbose_name = _("look at a review")
        verbose_name_plural = _("looks at reviews")
        constraints = [models.UniqueConstraint(fields=["application", "reader"], name="review_look_once")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.at}"
