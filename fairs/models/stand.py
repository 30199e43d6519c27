from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairs.enums import STAND_KIND_BY_OPEN_SIDES, StandKind
from fairs.models.site import Hall
from fairs.validators import validate_outline


class StandQuerySet(models.QuerySet["Stand"]):
    def of_fair(self, fair_id: int) -> "StandQuerySet":
        return self.filter(hall__fair_id=fair_id)


class Stand(models.Model):
    """A piece of a hall's floor that an exhibitor can have. Lengths in metres, area in m² net, power in kW."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="stands", verbose_name=_("hall"))
    number = models.CharField(_("number"), max_length=20)
    outline = models.JSONField(_("outline"), validators=[validate_outline], help_text=_("Corners [x, y] in metres."))
    area_m2 = models.DecimalField(_("area, m²"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0.01)])
    open_sides = models.PositiveSmallIntegerField(
        _("open sides"), choices=[(sides, kind.label) for sides, kind in STAND_KIND_BY_OPEN_SIDES.items()]
    )
    power_kw = models.DecimalField(_("power, kW"), max_digits=6, decimal_places=2, default=0, validators=[MinValueValidator(0)])
    water = models.BooleanField(_("water"), default=False)
    drain = models.BooleanField(_("drain"), default=False)
    blocked = models.BooleanField(_("blocked"), default=False, help_text=_("Nobody is placed here: a fire lane, a stage."))
    blocked_reason = models.CharField(_("why it is blocked"), max_length=200, blank=True)

    objects = StandQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand")
        verbose_name_plural = _("stands")
        ordering = ["hall", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "number"],
                name="stand_number_once_per_hall",
                violation_error_message=_("Another stand of this hall has this number."),
            ),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="stand_area_positive"),
            models.CheckConstraint(condition=Q(open_sides__gte=1, open_sides__lte=4), name="stand_open_sides_one_to_four"),
            models.CheckConstraint(condition=Q(power_kw__gte=0), name="stand_power_not_negative"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def kind(self) -> StandKind:
        return STAND_KIND_BY_OPEN_SIDES[self.open_sides]
