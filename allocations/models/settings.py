"""How a fair wants its stands allocated."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allocations.enums import FreedRule, PointsPreset, WeightPreset
from fairs.models import Fair

MOST_WEIGHT = 1000

# The weights by the names that the engine, the API and the admin share.
WEIGHTS = ("preference", "open_sides", "area", "zone", "priority", "near", "away", "products", "moved_offered", "moved_planned")


def _weight(label: Any, usual: int, help_text: Any) -> Any:
    return models.PositiveSmallIntegerField(label, default=usual, validators=[MaxValueValidator(MOST_WEIGHT)], help_text=help_text)


class AllocationSettings(models.Model):
    """What a fair's allocation runs weigh, how its priority points are counted, and what becomes of stands that fall free.

    A weight is how many points a placement gains at most by the aim in question (loses, for ``away``, ``products`` and ``moved_…``);
    0 leaves it out. A placement that fulfils everything is worth about 100. The usual numbers are those of the balanced preset.
    """

    fair = models.OneToOneField(Fair, on_delete=models.CASCADE, related_name="allocation_settings", verbose_name=_("fair"))
    preset = models.CharField(
        _("begin from"),
        max_length=20,
        choices=WeightPreset,
        default=WeightPreset.BALANCED,
        help_text=_("A set replaces the weights below when it is chosen; then change them as you like."),
    )
    preference = _weight(
        _("stands that were named"), 30, _("The stand is one of the three that the exhibitor named; the first counts most.")
    )
    open_sides = _weight(_("open sides"), 15, _("The stand has as many open sides as were wished."))
    area = _weight(_("area"), 20, _("The area is near to the one that was wished."))
    zone = _weight(_("zone of the product group"), 15, _("The stand lies in a zone that is meant for the exhibitor's product group."))
    priority = _weight(
        _("priority points"), 20, _("Who has the most points is placed first, and its wishes count more; others in proportion.")
    )
    near = _weight(_("near to each other"), 20, _("Two that both asked for it are neighbours."))
    away = _weight(
        _("competitors close to each other"), 30, _("Taken off where two competitors are neighbours, half of it across an aisle.")
    )
    products = _weight(
        _("products that do not go together"), 15, _("Taken off where two product groups that should be apart are neighbours.")
    )
    moved_offered = _weight(_("another stand than was offered"), 40, _("Taken off for everybody who is moved from an offered stand."))
    moved_planned = _weight(_("another stand than was planned"), 0, _("Taken off for everybody who is moved from a planned stand."))
    points_preset = models.CharField(_("priority points are"), max_length=12, choices=PointsPreset, default=PointsPreset.TMEA)
    freed_rule = models.CharField(
        _("a stand that falls free is"),
        max_length=12,
        choices=FreedRule,
        default=FreedRule.PROPOSE,
        help_text=_("It goes first to those who asked to move, in order of their points, then to the waiting list by rank."),
    )

    class Meta:
        verbose_name = _("rules of allocation")
        verbose_name_plural = _("rules of allocation")
        ordering = ["fair_id"]
        constraints = [
            models.CheckConstraint(condition=Q(preset__in=WeightPreset.values), name="allocation_preset_known"),
            models.CheckConstraint(condition=Q(points_preset__in=PointsPreset.values), name="allocation_points_preset_known"),
            models.CheckConstraint(condition=Q(freed_rule__in=FreedRule.values), name="allocation_freed_rule_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.fair}"
