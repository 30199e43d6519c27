from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fairs.enums import Currency, FairStatus
from fairs.validators import validate_time_zone


class FairQuerySet(models.QuerySet["Fair"]):
    def public(self) -> "FairQuerySet":
        """What visitors may see: published fairs and past ones, no drafts."""
        return self.exclude(status=FairStatus.DRAFT)

    def lasting(self, now: datetime, *, after: timedelta = timedelta()) -> "FairQuerySet":
        """Those whose last day, in their own zone, is not over at ``now``, or not for longer than ``after``. Reads them at once."""
        moment = now - after
        perhaps = self.filter(ends_on__gte=moment.date() - timedelta(days=1))  # no zone's day is further from that of UTC
        return self.filter(pk__in=[fair.pk for fair in perhaps if fair.day_of(moment) <= fair.ends_on])


class Fair(models.Model):
    """An event of limited time at one or more sites where goods are presented and sold."""

    slug = models.SlugField(_("short name for addresses"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, help_text=_("1 for the first time it is held."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, validators=[validate_time_zone], help_text=_("IANA name, such as Asia/Shanghai.")
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default=Currency.CNY)
    applications_open_at = models.DateTimeField(_("applications open"))
    applications_close_at = models.DateTimeField(_("applications close"))
    takes_late_applications = models.BooleanField(
        _("takes late applications"), default=True, help_text=_("Later ones are taken and marked as late, instead of refused.")
    )
    silence_accepts = models.BooleanField(
        _("silence accepts an offer"),
        default=False,
        help_text=_("A stand offer that nobody answers in time is accepted, instead of falling free."),
    )
    most_offers = models.PositiveSmallIntegerField(
        _("offers at most"),
        default=3,
        help_text=_("So many offers a site may be declined or lapse; then the exhibitor gets no other one there."),
    )
    requires_products = models.BooleanField(
        _("asks for products"), default=False, help_text=_("An application names at least one product to be submitted.")
    )
    status = models.CharField(_("status"), max_length=12, choices=FairStatus, default=FairStatus.DRAFT)
    reply_to = models.EmailField(_("reply address"), blank=True, help_text=_("Where answers to the fair's letters go."))
    # Grows with every change of the fair's own texts of letters: see notifications/own_texts.py.
    letters_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = FairQuerySet.as_manager()

    class Meta:
        verbose_name = _("fair")
        verbose_name_plural = _("fairs")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="fair_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(applications_close_at__gt=F("applications_open_at")),
                name="fair_application_window_in_order",
                violation_error_message=_("Applications close before they open."),
            ),
            models.CheckConstraint(condition=Q(edition__gte=1), name="fair_edition_from_one"),
            models.CheckConstraint(
                condition=Q(most_offers__gte=1),
                name="fair_most_offers_from_one",
                violation_error_message=_("Allow one offer at the least."),
            ),
            models.CheckConstraint(condition=Q(status__in=FairStatus.values), name="fair_status_known"),
            models.CheckConstraint(condition=Q(currency__in=Currency.values), name="fair_currency_known"),
        ]

    def __str__(self) -> str:
        return str(self.name or self.slug)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day_of(self, moment: datetime) -> date:
        """The day at the fair, in its zone, that ``moment`` falls into."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The midnight at the fair that ends ``day``: to compare with what somebody wrote, which a zone might take beyond the year 9999."""
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=self.zone)

    def has_opened_applications(self, now: datetime) -> bool:
        return now >= self.applications_open_at

    def is_late(self, now: datetime, *, closes_at: datetime | None = None) -> bool:
        """Whether an application at ``now`` comes after the window, or after ``closes_at``. The closing second itself is in time."""
        return int(now.timestamp()) > int((closes_at or self.applications_close_at).timestamp())


class PublicRevision(models.Model):
    """A number that grows with every change of what the public sees of a fair. Kept by the database (fairs/rules.py)."""

    fair = models.OneToOneField(Fair, on_delete=models.CASCADE, primary_key=True, related_name="public_revision")
    number = models.BigIntegerField(default=1)
    changed_in = models.BigIntegerField(default=0)  # PostgreSQL's number of the transaction that changed it last

    def __str__(self) -> str:
        return f"{self.pk}: {self.number}"


hall_slug = RegexValidator(r"^[-a-z0-9]+$", _("Use lower-case Latin letters, digits and hyphens."), code="slug")
