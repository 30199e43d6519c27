from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fairs import site_days
from fairs.enums import SiteKind
from fairs.models.fair import Fair, hall_slug
from fairs.units import day_text
from fairs.validators import validate_outline

province_code = RegexValidator(r"^[A-Z]{2}-[A-Z0-9]{1,3}$", _("Write an ISO 3166-2 code, such as CN-LN."), code="iso_3166_2")
country_code = RegexValidator(r"^[A-Z]{2}$", _("Write an ISO 3166-1 code of two letters, such as CN."), code="iso_3166_1")


class Site(models.Model):
    """Where a part of the fair takes place, with its own days."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="sites", verbose_name=_("fair"))
    slug = models.SlugField(_("short name for addresses"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    city = models.CharField(_("city"), max_length=100)
    province = models.CharField(_("province"), max_length=6, validators=[province_code], help_text=_("ISO 3166-2 code, such as CN-LN."))
    country = models.CharField(_("country"), max_length=2, validators=[country_code], help_text=_("ISO 3166-1 code, such as CN."))
    kind = models.CharField(_("kind"), max_length=8, choices=SiteKind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    address = models.CharField(_("address"), max_length=300, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["fair_id", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "slug"], name="site_slug_once_per_fair"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="site_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(condition=Q(kind__in=SiteKind.values), name="site_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.name or self.slug)

    def clean(self) -> None:
        """What the database would refuse too (fairs/rules.py), said so that a person can mend it."""
        fair = self.fair if self.fair_id else None
        if fair and self.starts_on and self.ends_on and (self.starts_on < fair.starts_on or self.ends_on > fair.ends_on):
            days = {"first": day_text(fair.starts_on), "last": day_text(fair.ends_on)}
            raise ValidationError(_("A site's days lie within the fair's: %(first)s to %(last)s."), code="outside_fair", params=days)
        if self.pk and self.starts_on and self.ends_on:
            in_use = list(site_days.in_the_way(self.pk, first=self.starts_on, last=self.ends_on))
            if in_use:
                raise ValidationError([ValidationError(sentence, code="days_in_use") for sentence in in_use])


class OpeningHours(models.Model):
    """When a site is open to visitors on one day, in the fair's time zone."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="opening_hours", verbose_name=_("site"))
    day = models.DateField(_("day"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["site_id", "day"]
        constraints = [
            models.UniqueConstraint(fields=["site", "day"], name="opening_hours_once_a_day"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="opening_hours_in_order",
                violation_error_message=_("It closes before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        """What the database would refuse too (fairs/rules.py), said so that a person can mend it."""
        site = self.site
        if self.day and site.starts_on and site.ends_on and not site.starts_on <= self.day <= site.ends_on:
            raise ValidationError({"day": _("On this day the site is not open: it has its own first and last day.")}, code="outside_site")


class Building(models.Model):
    """A house of a site with several halls. A small site has none: its halls stand for themselves."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="buildings", verbose_name=_("site"))
    slug = models.CharField(_("short name for addresses"), max_length=60, validators=[hall_slug])
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["site_id", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "slug"],
                name="building_slug_once_per_site",
                violation_error_message=_("Another building of this site has this short name."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name or self.slug)


class Hall(models.Model):
    """A room of a site in which stands are laid out; lengths in metres from its lower left corner."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="halls", verbose_name=_("site"))
    # The site's own fair once more, so that the slug can be unique in the fair; a trigger keeps the two equal.
    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="halls", verbose_name=_("fair"), editable=False)
    building = models.ForeignKey(
        Building,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="halls",
        verbose_name=_("building"),
        help_text=_("Leave this empty where the site is one building."),
    )
    slug = models.CharField(_("short name for addresses"), max_length=60, validators=[hall_slug])
    name = models.CharField(_("name"), max_length=100)
    outline = models.JSONField(_("outline"), validators=[validate_outline], help_text=_("Corners [x, y] in metres."))
    north_degrees = models.PositiveSmallIntegerField(
        _("north, degrees"),
        default=0,
        validators=[MaxValueValidator(359)],
        help_text=_("How far north lies clockwise from the top of the plan: 0 up, 90 to the right, 180 down."),
    )

    class Meta:
        verbose_name = _("hall")
        verbose_name_plural = _("halls")
        ordering = ["site__starts_on", "site_id", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "slug"],
                name="hall_slug_once_per_fair",
                violation_error_message=_("Another hall of this fair has this short name."),
            ),
            models.CheckConstraint(condition=Q(north_degrees__lte=359), name="hall_north_within_a_turn"),
        ]

    def __str__(self) -> str:
        return str(self.name or self.slug)

    def save(self, *args: object, **kwargs: object) -> None:
        self.fair_id = self.site.fair_id
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        """What the database would refuse too (fairs/rules.py), said so that a person can mend it."""
        if self.building and self.site_id and self.building.site_id != self.site_id:
            raise ValidationError({"building": _("This building belongs to another site.")}, code="other_site")
