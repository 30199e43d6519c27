from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allocations.enums import LineState
from allocations.models.run import AllocationRun
from exhibitors.models import Application, Placement
from fairs.models import Site, Stand


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def due(self, *, now: datetime) -> "ProposalQuerySet":
        """Those that are to be published at ``now`` and are not yet."""
        return self.filter(publish_at__lte=now, published_at__isnull=True)


class Proposal(models.Model):
    """Who would stand where. It occupies nothing until its lines are taken over as planned placements."""

    run = models.OneToOneField(AllocationRun, on_delete=models.CASCADE, related_name="proposal", verbose_name=_("allocation run"))
    method = models.CharField(_("found by"), max_length=20)
    score = models.FloatField(_("score"), default=0)
    greedy_score = models.FloatField(
        _("score of the careful planner"), default=0, help_text=_("One after the other, each on its best stand.")
    )
    bound = models.FloatField(_("no proposal can reach more than"), null=True, blank=True)
    is_optimal = models.BooleanField(_("nothing better exists"), default=False)
    created_at = models.DateTimeField(_("created"))
    edited_at = models.DateTimeField(_("changed by hand"), null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    taken_over_at = models.DateTimeField(_("taken over"), null=True, blank=True)
    taken_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("taken over by")
    )
    publish_at = models.DateTimeField(_("offers go at"), null=True, blank=True)
    publish_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index("publish_at", name="proposal_to_publish", condition=Q(published_at__isnull=True))]
        constraints = [
            models.CheckConstraint(condition=Q(published_at__isnull=True) | Q(publish_at__isnull=False), name="proposal_published_was_due"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.run_id}"


class ProposalLine(models.Model):
    """One application at one site: the stand proposed with its score term by term, or none and why.

    ``terms``, ``reasons`` and ``alternatives`` are codes and numbers; domain/reasons.py says them in words.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="lines", verbose_name=_("proposal"))
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+", verbose_name=_("application"))
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    stand = models.ForeignKey(Stand, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("stand"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    score = models.FloatField(_("score"), default=0)
    terms = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    alternatives = models.JSONField(default=list)
    locked = models.BooleanField(_("fixed"), default=False, help_text=_("A re-run leaves it where it is."))
    by_hand = models.BooleanField(_("changed by hand"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=LineState, default=LineState.OPEN)
    refusal = models.TextField(_("why it could not be taken over"), blank=True)
    placement = models.ForeignKey(
        Placement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("placement")
    )

    class Meta:
        verbose_name = _("line of a proposal")
        verbose_name_plural = _("lines of a proposal")
        ordering = ["proposal_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "application", "site"], name="proposal_line_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="proposal_line_days_in_order"),
            models.CheckConstraint(condition=Q(state__in=LineState.values), name="proposal_line_state_known"),
            models.CheckConstraint(condition=Q(locked=False) | Q(stand__isnull=False), name="proposal_line_fixed_on_a_stand"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.application_id} → {self.stand_id or '–'}"
