from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from api.text import labelled
from exhibitors.enums import StandRole
from exhibitors.models.application import Application
from exhibitors.validators import validate_phone
from fairs.models import Fair, Site
from fairs.units import area_text


class StandStaff(models.Model):
    """Somebody who works on an exhibitor's stand.

    Kept: the names for badge and visa invitation, what the person does there, which of the fair's languages it speaks, and
    an address or phone only if the exhibitor gives one, to reach the person on site. Nothing else: passport numbers, birth
    dates and the like belong into the visa office's own form. The rows go with the application.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="stand_staff", verbose_name=_("application"))
    name_in_latin = models.CharField(
        _("name in Latin letters"), max_length=100, blank=True, help_text=_("As in the passport: A–Z, spaces, hyphens and apostrophes.")
    )
    name_in_cyrillic = models.CharField(_("name in Cyrillic"), max_length=100, blank=True)
    name_in_chinese = models.CharField(_("name in Chinese"), max_length=60, blank=True)
    role = models.CharField(_("role on the stand"), max_length=12, choices=StandRole)
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text=_("Which of Russian, Chinese and English."))
    email = models.EmailField(_("email address"), blank=True)
    phone = models.CharField(
        _("phone"), max_length=20, blank=True, validators=[validate_phone], help_text=_("E.164, such as +74232550123.")
    )
    needs_visa_invitation = models.BooleanField(
        _("needs a visa invitation"), default=False, help_text=_("The name in Latin letters is needed for it.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("person on the stand")
        verbose_name_plural = _("people on the stands")
        ordering = ["application_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_in_latin="") | ~Q(name_in_cyrillic=""),
                name="stand_staff_has_name",
                violation_error_message=_("Write the name in Latin letters or in Cyrillic."),
            ),
            models.CheckConstraint(
                condition=Q(needs_visa_invitation=False) | ~Q(name_in_latin=""),
                name="stand_staff_visa_needs_latin",
                violation_error_message=_("A visa invitation needs the name in Latin letters, as in the passport."),
            ),
            models.CheckConstraint(condition=Q(role__in=StandRole.values), name="stand_staff_role_known"),
        ]

    def __str__(self) -> str:
        return str(self.name_in_latin or self.name_in_cyrillic)


class StandStaffDays(models.Model):
    """From which day to which a person is at a site: one pass. They lie within the days that the application asks for there."""

    staff = models.ForeignKey(StandStaff, on_delete=models.CASCADE, related_name="days", verbose_name=_("person on the stand"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="stand_staff_days", verbose_name=_("site"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("days at a site")
        verbose_name_plural = _("days at sites")
        ordering = ["staff_id", "site__starts_on", "site_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "site"], name="stand_staff_once_per_site", violation_error_message=_("This site is named twice.")
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="stand_staff_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.site, f"{self.first_day}–{self.last_day}")


class PassQuota(models.Model):
    """How many passes a stand of some size earns. Of the rules for its site (else of those for all sites) the one for the
    largest area that the stand reaches counts."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="pass_quotas", verbose_name=_("fair"))
    site = models.ForeignKey(
        Site,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="pass_quotas",
        verbose_name=_("site"),
        help_text=_("Empty: for every site that has no rule of its own."),
    )
    from_area_m2 = models.DecimalField(
        _("from area, m²"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("The rule holds for stands of this size and larger."),
    )
    passes = models.PositiveSmallIntegerField(pgettext_lazy("quota", "passes"), help_text=_("For a stand of just this size."))
    extra_passes = models.PositiveSmallIntegerField(_("further passes"), default=0, help_text=_("For each further piece of area begun."))
    extra_per_m2 = models.DecimalField(
        _("per further m²"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("Size of the piece. Empty: area beyond earns nothing more."),
    )
    per_co_exhibitor = models.PositiveSmallIntegerField(
        _("passes per co-exhibitor"), default=0, help_text=_("For each that has confirmed or is admitted.")
    )

    class Meta:
        verbose_name = _("quota of passes")
        verbose_name_plural = _("quotas of passes")
        ordering = ["fair_id", "site__starts_on", "site_id", "from_area_m2"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "site", "from_area_m2"],
                name="pass_quota_once_per_site_and_area",
                violation_error_message=_("There is a rule for this site and area already."),
            ),
            models.UniqueConstraint(
                fields=["fair", "from_area_m2"],
                condition=Q(site__isnull=True),
                name="pass_quota_once_per_area",
                violation_error_message=_("There is a rule for this site and area already."),
            ),
            models.CheckConstraint(condition=Q(from_area_m2__gte=0), name="pass_quota_area_not_negative"),
            models.CheckConstraint(condition=Q(extra_per_m2__isnull=True) | Q(extra_per_m2__gt=0), name="pass_quota_piece_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {area_text(self.from_area_m2)} → {self.passes}"


class ExtraPasses(models.Model):
    """Passes that the organiser grants to one exhibitor beyond its quota, and why. Rows are added, never changed."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="extra_passes", verbose_name=_("application"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="extra_passes", verbose_name=_("site"))
    passes = models.PositiveSmallIntegerField(pgettext_lazy("quota", "passes"))
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("extra passes")
        verbose_name_plural = _("extra passes")
        ordering = ["application_id", "at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(passes__gte=1), name="extra_passes_one_or_more"),
            models.CheckConstraint(condition=~Q(reason=""), name="extra_passes_have_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.site} +{self.passes}"
