from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fairs.enums import STAND_KIND_BY_OPEN_SIDES, StandKind
from fairs.models.site import Hall
from fairs.models.zone import Zone
from fairs.units import day_text
from fairs.validators import validate_outline


class StandQuerySet(models.QuerySet["Stand"]):
    def of_fair(self, fair_id: int) -> "StandQuerySet":
        return self.filter(hall__fair_id=fair_id)

    def for_rent(self, first_day: date, last_day: date) -> "StandQuerySet":
        """Those that are rented on all of these days."""
        return self.filter(Q(first_day=None) | Q(first_day__lte=first_day, last_day__gte=last_day))


class Stand(models.Model):
    """A piece of a hall's floor that an exhibitor can have. Lengths in metres, area in m² net, power in kW, floor load in kg/m².

    ``open_sides`` holds for everybody; ``open_sides_drawn`` is what the plan says (domain/open_sides.py keeps it). Where the two are
    equal the first follows the second; where they differ somebody has stated it otherwise.
    """

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="stands", verbose_name=_("hall"))
    number = models.CharField(_("number"), max_length=20)
    outline = models.JSONField(_("outline"), validators=[validate_outline], help_text=_("Corners [x, y] in metres."))
    area_m2 = models.DecimalField(_("area, m²"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0.01)])
    open_sides = models.PositiveSmallIntegerField(
        _("open sides"), choices=[(sides, kind.label) for sides, kind in STAND_KIND_BY_OPEN_SIDES.items()]
    )
    open_sides_drawn = models.PositiveSmallIntegerField(_("open sides by the plan"), null=True, blank=True, editable=False)
    zone = models.ForeignKey(
        Zone,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stands",
        verbose_name=_("zone"),
        help_text=_("A part of this hall."),
    )
    power_kw = models.DecimalField(_("power, kW"), max_digits=6, decimal_places=2, default=0, validators=[MinValueValidator(0)])
    water = models.BooleanField(_("water"), default=False)
    drain = models.BooleanField(_("drain"), default=False)
    internet = models.BooleanField(_("internet"), default=False)
    floor_load_kg_m2 = models.PositiveIntegerField(
        _("floor load, kg/m²"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("The most that the floor bears; empty: not known."),
    )
    height_limit_m = models.DecimalField(
        _("height limit, m"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("How high a stand may be built here; empty: no limit of its own."),
    )
    first_day = models.DateField(_("rented from"), null=True, blank=True, help_text=_("Leave both days empty: all days of the site."))
    last_day = models.DateField(_("rented until"), null=True, blank=True)
    blocked = models.BooleanField(_("blocked"), default=False, help_text=_("Nobody is placed here: a fire lane, a stage."))
    blocked_reason = models.CharField(_("why it is blocked"), max_length=200, blank=True)

    objects = StandQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand")
        verbose_name_plural = _("stands")
        ordering = ["hall__site__starts_on", "hall__site_id", "hall__slug", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "number"],
                name="stand_number_once_per_hall",
                violation_error_message=_("Another stand of this hall has this number."),
            ),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="stand_area_positive"),
            models.CheckConstraint(condition=Q(open_sides__gte=1, open_sides__lte=4), name="stand_open_sides_one_to_four"),
            models.CheckConstraint(
                condition=Q(open_sides_drawn=None) | Q(open_sides_drawn__lte=4), name="stand_drawn_open_sides_up_to_four"
            ),
            models.CheckConstraint(condition=Q(power_kw__gte=0), name="stand_power_not_negative"),
            models.CheckConstraint(condition=Q(floor_load_kg_m2=None) | Q(floor_load_kg_m2__gte=1), name="stand_floor_load_positive"),
            models.CheckConstraint(condition=Q(height_limit_m=None) | Q(height_limit_m__gt=0), name="stand_height_limit_positive"),
            models.CheckConstraint(
                condition=Q(first_day=None, last_day=None)
                | Q(first_day__isnull=False, last_day__isnull=False, last_day__gte=F("first_day")),
                name="stand_days_in_order",
                violation_error_message=_("Write both days, the first before the last, or none."),
            ),
            models.CheckConstraint(
                condition=Q(blocked=False) | ~Q(blocked_reason=""),
                name="stand_blocked_for_a_reason",
                violation_error_message=_("Write why it is blocked."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """What the database would refuse too (fairs/rules.py), said so that a person can mend it."""
        errors = {}
        if self.blocked and not self.blocked_reason.strip():
            errors["blocked_reason"] = ValidationError(_("Write why it is blocked."), code="required")
        if self.zone and self.zone.hall_id != self.hall_id:
            errors["zone"] = ValidationError(_("This zone belongs to another hall."), code="other_hall")
        if self.hall_id and self.first_day and self.last_day:
            site = self.hall.site
            if self.first_day < site.starts_on or self.last_day > site.ends_on:
                days = {"first": day_text(site.starts_on), "last": day_text(site.ends_on)}
                sentence = _("A stand's days lie within the site's: %(first)s to %(last)s.")
                errors["first_day"] = ValidationError(sentence, code="outside_site", params=days)
        if errors:
            raise ValidationError(errors)

    def is_for_rent(self, *, first_day: date, last_day: date) -> bool:
        """Whether the stand is for rent on all of these days."""
        return self.first_day is None or self.last_day is None or (self.first_day <= first_day and last_day <= self.last_day)

    @property
    def kind(self) -> StandKind:
        return STAND_KIND_BY_OPEN_SIDES[self.open_sides]
