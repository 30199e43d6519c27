from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import PlanChangeKind
from exhibitors.models.application import Application
from fairs.models import Site, Stand


class PlanChangeQuerySet(models.QuerySet["PlanChange"]):
    def standing(self) -> "PlanChangeQuerySet":
        """Neither undone nor the undoing of another one."""
        return self.filter(undone_at__isnull=True, is_undo=False)


class PlanChange(models.Model):
    """What was done with the planned placement of an application at a site: the history of the allocation, and what can be undone.

    Changes made at one go share their ``batch``. A plan that is given up leaves no placement behind, only these rows.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="plan_changes", verbose_name=_("application"))
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    kind = models.CharField(_("change"), max_length=10, choices=PlanChangeKind)
    from_stand = models.ForeignKey(Stand, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("from"))
    from_placement = models.BigIntegerField(null=True, help_text="Id of the plan that this change ended; its row may be gone.")
    from_first_day = models.DateField(null=True)
    from_last_day = models.DateField(null=True)
    to_stand = models.ForeignKey(Stand, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("to"))
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    batch = models.UUIDField()
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_undo = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True)

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of the plan")
        verbose_name_plural = _("changes of the plan")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["batch"], name="plan_change_batch"),
            models.Index(fields=["from_placement"], name="plan_change_ended"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PlanChangeKind.values), name="plan_change_kind_known"),
            models.CheckConstraint(
                condition=Q(from_stand__isnull=False) | Q(to_stand__isnull=False), name="plan_change_from_or_to_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind}"
