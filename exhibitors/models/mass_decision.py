"""One decision on more applications than a request decides by itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import MASS_STEPS, MassItemState
from exhibitors.models.application import Application
from fairs.models import Fair


class MassDecisionQuerySet(models.QuerySet["MassDecision"]):
    def open(self) -> "MassDecisionQuerySet":
        """Neither done nor stopped."""
        return self.filter(done_at=None, stopped_at=None)


class MassDecision(models.Model):
    """One step that a worker takes with each of its ``items``, in their order."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="mass_decisions", verbose_name=_("fair"))
    step = models.CharField(_("step"), max_length=20)
    hold = models.BooleanField(_("held until it is announced"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    # What was chosen in which states: the same page sent twice is one decision.
    token = models.CharField(max_length=64, editable=False)
    language = models.CharField(
        max_length=10, choices=settings.LANGUAGES, editable=False, help_text="of the reasons why some are not decided"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    created_at = models.DateTimeField(_("begun"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    objects = MassDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mass decision")
        verbose_name_plural = _("mass decisions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(done_at=None) | Q(stopped_at=None), name="mass_decision_done_or_stopped"),
            models.CheckConstraint(condition=Q(step__in=[step.value for step in MASS_STEPS]), name="mass_decision_step_known"),
            models.UniqueConstraint(fields=["token"], condition=Q(done_at=None, stopped_at=None), name="mass_decision_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self._meta.verbose_name}"


class MassDecisionItem(models.Model):
    """One application of a mass decision; ``seen`` is the state in which it was chosen, and from which alone it is decided."""

    decision = models.ForeignKey(MassDecision, on_delete=models.CASCADE, related_name="items", verbose_name=_("mass decision"))
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+", verbose_name=_("application"))
    seen = models.CharField(max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=MassItemState, default=MassItemState.WAITING)
    reason = models.TextField(_("why"), blank=True)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)  # turns of workers that began with it, see domain/tries.py

    class Meta:
        verbose_name = _("decided application")
        verbose_name_plural = _("decided applications")
        ordering = ["pk"]
        indexes = [models.Index("decision", "id", name="mass_decision_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint(fields=["decision", "application"], name="mass_decision_application_once"),
            models.CheckConstraint(condition=Q(state__in=MassItemState.values), name="mass_decision_item_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"
