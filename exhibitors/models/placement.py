from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import PlacementStatus
from exhibitors.models.application import Application
from fairs.models import Site, Stand
from fairs.units import day_text


class PlacementQuerySet(models.QuerySet["Placement"]):
    def live(self) -> "PlacementQuerySet":
        """Those that occupy their days: planned, offered or accepted."""
        return self.filter(status__in=PlacementStatus.live)

    def plans(self) -> "PlacementQuerySet":
        """Planned, without a step of the application behind them: no held offer is among them (docs/adr/0017)."""
        return self.filter(is_plan=True)

    def known_or_held(self) -> "PlacementQuerySet":
        """The live ones that a step of the application stands behind: offered, accepted, or held until they are announced."""
        return self.live().filter(is_plan=False)

    def public(self) -> "PlacementQuerySet":
        """What visitors may know: an offer is never shown."""
        return self.filter(status=PlacementStatus.ACCEPTED)

    def let_go(self) -> "PlacementQuerySet":
        """Offers that the exhibitor declined or did not answer. Another stand in place of an accepted one is no such offer."""
        return self.filter(status__in=PlacementStatus.let_go, is_relocation=False)


class Placement(models.Model):
    """One application on one stand at one site, from a first to a last day.

    The site is the stand's site once more, so that the database can hold "one offered and one accepted placement an
    application and site"; a trigger keeps the two equal (exhibitors/rules.py).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="placements", verbose_name=_("application"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="placements", verbose_name=_("site"))
    stand = models.ForeignKey(Stand, on_delete=models.PROTECT, related_name="placements", verbose_name=_("stand"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    status = models.CharField(_("status"), max_length=12, choices=PlacementStatus)
    offered_at = models.DateTimeField(_("offered"), null=True, blank=True)
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    # Put on the plan by hand or from a proposal. A held offer is planned as well, and is none: a step of the application waits with it.
    is_plan = models.BooleanField(_("on the plan"), default=False, db_default=False, editable=False)
    is_relocation = models.BooleanField(_("in place of another stand"), default=False)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        indexes = [
            # what the scheduler asks every minute
            models.Index("answer_by", name="placement_answer_due", condition=Q(status=PlacementStatus.OFFERED)),
        ]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["application_id", "site__starts_on", "site_id", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="placement_days_in_order"),
            models.CheckConstraint(condition=Q(status__in=PlacementStatus.values), name="placement_status_known"),
            # A relocation has one accepted and one offered placement side by side, and a held one a planned third; never two of a kind.
            models.UniqueConstraint(
                fields=["application", "site"], condition=Q(status=PlacementStatus.ACCEPTED), name="placement_one_accepted_per_site"
            ),
            models.UniqueConstraint(
                fields=["application", "site"],
                condition=Q(status=PlacementStatus.OFFERED),
                name="placement_one_offered_per_site",
            ),
            models.UniqueConstraint(
                fields=["application", "site"],
                condition=Q(status=PlacementStatus.PLANNED),
                name="placement_one_planned_per_site",
            ),
            models.CheckConstraint(
                condition=~Q(status=PlacementStatus.PLANNED) | Q(offered_at__isnull=True, answer_by__isnull=True),
                name="placement_planned_is_not_offered",
            ),
            models.CheckConstraint(condition=Q(is_plan=False) | Q(status=PlacementStatus.PLANNED), name="placement_plan_is_planned"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.stand}, {day_text(self.first_day)} – {day_text(self.last_day)}"


class PlacementDay(models.Model):
    """One day of a live placement: it comes and goes with it by a trigger, and by nothing else (exhibitors/occupied_day_rules.py)."""

    placement = models.ForeignKey(Placement, on_delete=models.DO_NOTHING, related_name="days")
    stand = models.ForeignKey(Stand, on_delete=models.DO_NOTHING, related_name="occupied_days")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stand", "day"], name="stand_taken_once_a_day")]

    def __str__(self) -> str:
        return f"{self.stand} {self.day}"
