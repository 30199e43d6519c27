from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from allocations.enums import FreedReason, FreedState
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, Placement, PlacementDay
from fairs.models import Fair, Stand


class FreedStandQuerySet(models.QuerySet["FreedStand"]):
    def new(self) -> "FreedStandQuerySet":
        return self.filter(state=FreedState.NEW)

    def open(self) -> "FreedStandQuerySet":
        return self.filter(state__in=FreedState.open)

    def to_be_seen_to(self) -> "FreedStandQuerySet":
        """The open ones, and of those that nobody waited for the ones that somebody of the fair may wait for now, or has."""
        movers = Q(move_requested_at__isnull=False, told_status=ApplicationStatus.ACCEPTED)
        waiting = Q(status=ApplicationStatus.WAITLISTED, told_status=ApplicationStatus.WAITLISTED)
        somebody = Exists(Application.objects.filter(movers | waiting, fair=OuterRef("fair")))
        had = Exists(PlacementDay.objects.filter(stand=OuterRef("stand"), day__range=(OuterRef("first_day"), OuterRef("last_day"))))
        return self.filter(Q(state__in=FreedState.open) | Q(somebody | had, state=FreedState.NOBODY))


class FreedStand(models.Model):
    """A stand that fell free on these days, and who gets it now.

    The row is written by the database when an offered or accepted placement ends, whoever ends it (allocations/rules.py): one a placement.
    """

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="freed_stands", verbose_name=_("fair"))
    placement = models.OneToOneField(
        Placement, on_delete=models.CASCADE, related_name="freed_stand", verbose_name=_("placement that ended")
    )
    stand = models.ForeignKey(Stand, on_delete=models.CASCADE, related_name="freed", verbose_name=_("stand"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    freed_at = models.DateTimeField(_("fell free"))
    state = models.CharField(_("state"), max_length=10, choices=FreedState, default=FreedState.NEW)
    candidate = models.ForeignKey(
        Application, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("goes to")
    )
    why = models.CharField(_("why"), max_length=10, choices=FreedReason, blank=True)
    points = models.FloatField(_("priority points"), null=True, blank=True)
    offer = models.ForeignKey(Placement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("offer"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = FreedStandQuerySet.as_manager()

    class Meta:
        verbose_name = _("freed stand")
        verbose_name_plural = _("freed stands")
        ordering = ["-freed_at", "-pk"]
        indexes = [models.Index("freed_at", name="freed_stand_new", condition=Q(state=FreedState.NEW))]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="freed_stand_days_in_order"),
            models.CheckConstraint(condition=Q(state__in=FreedState.values), name="freed_stand_state_known"),
            models.CheckConstraint(condition=Q(why="") | Q(why__in=FreedReason.values), name="freed_stand_reason_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.stand}"
