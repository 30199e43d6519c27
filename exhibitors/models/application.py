from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.text import labelled
from exhibitors.enums import HOLDABLE_STEPS, ApplicationStatus, CoExhibitorStatus, PlacementStatus, Scheme, Step
from exhibitors.models.announcement import Announcement
from exhibitors.models.company import Company
from exhibitors.models.pavilion import Pavilion
from exhibitors.models.reference import ProductCategory
from fairs.models import Fair, Site
from fairs.units import area_text

LONGEST_FASCIA = 20  # characters of any script: what fits on the board of a standard stand
MOST_POWER_KW = 500
MOST_COLD_STORAGE_M2 = 500


class ApplicationQuerySet(models.QuerySet["Application"]):
    def live(self) -> "ApplicationQuerySet":
        """Sent and not over, as the exhibitor knows it."""
        return self.filter(told_status__in=ApplicationStatus.live)

    def with_held(self) -> "ApplicationQuerySet":
        """Those with a decision or an offer that the exhibitor has not been told yet."""
        return self.filter(Exists(ApplicationStep.objects.pending().filter(application=OuterRef("pk"))))

    def mark_held(self) -> "ApplicationQuerySet":
        """Each with ``has_held``."""
        return self.annotate(has_held=Exists(ApplicationStep.objects.pending().filter(application=OuterRef("pk"))))

    def overdue(self, *, now: datetime) -> "ApplicationQuerySet":
        """Those whose changes were asked for and have not come by the day that was named."""
        return self.filter(status=ApplicationStatus.CHANGES_REQUESTED, changes_due_at__lt=now)

    def for_listing(self) -> "ApplicationQuerySet":
        """Everything that one row of the API list or of the admin list shows, in a fixed number of queries."""
        from exhibitors.models.placement import Placement  # placement.py imports this file

        live = Placement.objects.filter(status__in=PlacementStatus.live).select_related("stand__hall", "site")
        return self.select_related("fair", "company", "responsible").prefetch_related(
            wishes_with_sites(),
            models.Prefetch("placements", queryset=live, to_attr="live_placements"),
            "categories",
        )


class Application(models.Model):
    """A company asks for a place at a fair: binding once it is submitted.

    ``status``, ``message``, ``waitlist_rank`` and ``decided_at`` are what the organiser decided; ``told_…`` is what the
    exhibitor has been told of it. They differ while a decision is held (domain/holding.py).
    """

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="applications", verbose_name=_("fair"))
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="applications", verbose_name=_("company"))
    status = models.CharField(_("status"), max_length=20, choices=ApplicationStatus, default=ApplicationStatus.DRAFT)
    late = models.BooleanField(_("late"), default=False, help_text=_("Submitted after the application window."))
    categories = models.ManyToManyField(ProductCategory, blank=True, related_name="applications", verbose_name=_("product categories"))
    pavilion = models.ForeignKey(
        Pavilion, on_delete=models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("pavilion")
    )
    fascia_text = models.CharField(
        _("fascia text"),
        max_length=LONGEST_FASCIA,
        blank=True,
        help_text=_("What is written above a shell scheme stand: at most 20 characters."),
    )
    message = models.TextField(
        _("message to the exhibitor"), max_length=4000, blank=True, help_text=_("What has to be changed, or why it was rejected.")
    )
    waitlist_rank = models.PositiveIntegerField(_("rank on the waiting list"), null=True, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="responsible_for",
        verbose_name=_("responsible staff member"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    told_status = models.CharField(
        _("status that the exhibitor knows"), max_length=20, choices=ApplicationStatus, default=ApplicationStatus.DRAFT
    )
    told_message = models.TextField(_("message that the exhibitor has got"), max_length=4000, blank=True)
    told_waitlist_rank = models.PositiveIntegerField(_("rank that the exhibitor knows"), null=True, blank=True)
    told_decided_at = models.DateTimeField(_("decided, as the exhibitor knows it"), null=True, blank=True)
    changes_due_at = models.DateTimeField(_("changes due"), null=True, blank=True)
    move_requested_at = models.DateTimeField(_("asked to move"), null=True, blank=True)
    move_reason = models.TextField(_("why it wishes to move"), max_length=4000, blank=True)
    move_wish = models.TextField(_("where it wishes to move"), max_length=4000, blank=True)
    move_placement = models.ForeignKey(
        "exhibitors.Placement",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stand that it wishes to leave"),
    )
    draft_nagged_days = models.PositiveSmallIntegerField(
        _("reminded of the draft after, days"), default=0, help_text=_("0: not reminded yet.")
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["fair", "status"], name="application_fair_status"),
            models.Index(fields=["fair", "id"], name="application_fair_latest"),
        ]
        constraints = [
            # One living application a company and fair; ended ones may pile up.
            models.UniqueConstraint(
                fields=["fair", "company"],
                condition=~Q(told_status__in=ApplicationStatus.ended),
                name="application_one_live_per_company",
                violation_error_message=_("This company has an application at this fair already."),
            ),
            models.CheckConstraint(condition=Q(status__in=ApplicationStatus.values), name="application_status_known"),
            # What can be held, and over what: everything else is told at once.
            models.CheckConstraint(
                condition=Q(told_status=F("status"))
                | Q(
                    status__in=["changes_requested", "admitted", "waitlisted", "rejected"],
                    told_status__in=["submitted", "in_review", "waitlisted", "admitted"],
                ),
                name="application_told_unless_held",
            ),
            models.CheckConstraint(
                condition=Q(changes_due_at__isnull=True) | Q(told_status="changes_requested"),
                name="application_changes_due_while_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(move_requested_at__isnull=True) | Q(told_status="accepted"), name="application_moves_from_accepted_stand"
            ),
            models.UniqueConstraint(
                fields=["fair", "waitlist_rank"], condition=Q(waitlist_rank__isnull=False), name="application_rank_once_per_fair"
            ),
            models.UniqueConstraint(
                fields=["fair", "told_waitlist_rank"],
                condition=Q(told_waitlist_rank__isnull=False),
                name="application_told_rank_once_per_fair",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn", "cancelled"]) | Q(submitted_at__isnull=False),
                name="application_submitted_has_moment",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("fascia_text"), LONGEST_FASCIA), name="application_fascia_at_most_20_characters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.company}"


def wishes_with_sites() -> "models.Prefetch[str]":
    """What ``prefetch_related`` takes to read the wishes of applications with their sites in one query."""
    return models.Prefetch("site_wishes", queryset=SiteWish.objects.select_related("site"))


class SiteWish(models.Model):
    """What an application asks for at one site: area in m² and days."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="site_wishes", verbose_name=_("application"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="site_wishes", verbose_name=_("site"))
    area_min_m2 = models.DecimalField(
        _("area at least, m²"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(1))]
    )
    area_wished_m2 = models.DecimalField(
        _("area wished, m²"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(1))]
    )
    area_max_m2 = models.DecimalField(
        _("area at most, m²"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(1))]
    )
    open_sides = models.PositiveSmallIntegerField(_("open sides wished"), null=True, blank=True)
    scheme = models.CharField(_("scheme"), max_length=6, choices=Scheme, default=Scheme.SHELL)
    power_kw = models.DecimalField(
        _("power wished, kW"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(MOST_POWER_KW))],
    )
    water = models.BooleanField(_("water and drain wished"), default=False)
    cold_storage_m2 = models.DecimalField(
        _("cold storage wished, m²"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(MOST_COLD_STORAGE_M2))],
        help_text=_("Floor in the site's cold store, beside the stand."),
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("site wished")
        verbose_name_plural = _("sites wished")
        ordering = ["application_id", "site__starts_on", "site_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "site"], name="site_wish_once", violation_error_message=_("This site is named twice.")
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="site_wish_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(condition=Q(area_min_m2__isnull=True) | Q(area_min_m2__gt=0), name="site_wish_area_min_positive"),
            models.CheckConstraint(
                condition=Q(area_wished_m2__isnull=True) | Q(area_wished_m2__gt=0), name="site_wish_area_wished_positive"
            ),
            models.CheckConstraint(
                condition=(Q(area_min_m2__isnull=True) | Q(area_max_m2__isnull=True) | Q(area_max_m2__gte=F("area_min_m2")))
                & (Q(area_min_m2__isnull=True) | Q(area_wished_m2__isnull=True) | Q(area_wished_m2__gte=F("area_min_m2")))
                & (Q(area_wished_m2__isnull=True) | Q(area_max_m2__isnull=True) | Q(area_max_m2__gte=F("area_wished_m2"))),
                name="site_wish_areas_in_order",
                violation_error_message=_("The areas are not in order: at least ≤ wished ≤ at most."),
            ),
            models.CheckConstraint(
                condition=Q(open_sides__isnull=True) | Q(open_sides__gte=1, open_sides__lte=4), name="site_wish_open_sides_one_to_four"
            ),
            models.CheckConstraint(condition=Q(scheme__in=Scheme.values), name="site_wish_scheme_known"),
            models.CheckConstraint(
                condition=Q(power_kw__isnull=True) | Q(power_kw__gte=0, power_kw__lte=MOST_POWER_KW), name="site_wish_power_0_to_500_kw"
            ),
            models.CheckConstraint(
                condition=Q(cold_storage_m2__isnull=True) | Q(cold_storage_m2__gte=0, cold_storage_m2__lte=MOST_COLD_STORAGE_M2),
                name="site_wish_cold_storage_0_to_500_m2",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.site, area_text(self.area_wished_m2 or 0))

    def holds(self, *, first_day: date, last_day: date) -> bool:
        """Whether these days lie within the days asked for."""
        return self.first_day <= first_day and last_day <= self.last_day


class CoExhibitorQuerySet(models.QuerySet["CoExhibitor"]):
    def of_known_companies(self) -> "CoExhibitorQuerySet":
        """Those whose company the organiser may see: whom a main exhibitor has named by its number alone first confirms itself."""
        return self.filter(Q(declared_legal_name="") | Q(confirmed_at__isnull=False))

    def standing(self) -> "CoExhibitorQuerySet":
        """Those that the main exhibitor has not taken back."""
        return self.exclude(status=CoExhibitorStatus.WITHDRAWN)

    def confirmed(self) -> "CoExhibitorQuerySet":
        """Those that have said themselves that they take part, admitted by the organiser or not yet."""
        return self.filter(status__in=(CoExhibitorStatus.CONFIRMED, CoExhibitorStatus.ADMITTED))


class CoExhibitor(models.Model):
    """A company on a main exhibitor's stand with own staff and own products; counts as an exhibitor.

    ``declared_…`` is what the main exhibitor wrote, and all that it reads later: which company stands behind a tax number
    is not its to know. They are empty where staff or an import chose the company.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="co_exhibitors", verbose_name=_("main exhibitor's application")
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="co_exhibits", verbose_name=_("company"))
    status = models.CharField(_("status"), max_length=12, choices=CoExhibitorStatus, default=CoExhibitorStatus.DECLARED)
    declared_legal_name = models.CharField(_("legal name as declared"), max_length=300, blank=True)
    declared_country = models.CharField(_("country as declared"), max_length=2, blank=True)
    declared_tax_number = models.CharField(_("tax number as declared"), max_length=30, blank=True)
    contact_email = models.EmailField(_("contact's address as declared"), blank=True)
    reason = models.TextField(_("reason of a refusal"), max_length=2000, blank=True)
    declared_at = models.DateTimeField(_("declared"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = CoExhibitorQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-exhibitor")
        verbose_name_plural = _("co-exhibitors")
        ordering = ["application_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "company"],
                condition=~Q(status=CoExhibitorStatus.WITHDRAWN),
                name="co_exhibitor_once",
                violation_error_message=_("This company is a co-exhibitor here already."),
            ),
            models.CheckConstraint(condition=Q(status__in=CoExhibitorStatus.values), name="co_exhibitor_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.shown_name}"

    @property
    def shown_name(self) -> str:
        """What the organiser calls it: by its own name once it has confirmed, before that by the one the main exhibitor wrote."""
        is_known = self.confirmed_at is not None or not self.declared_legal_name
        return str(self.company) if is_known else self.declared_legal_name


class ApplicationStepQuerySet(models.QuerySet["ApplicationStep"]):
    def pending(self) -> "ApplicationStepQuerySet":
        """Held, and neither announced nor taken back: what the exhibitor has not been told yet."""
        return self.filter(held=True, announced_at__isnull=True, voided_at__isnull=True)


class ApplicationStep(models.Model):
    """Who did what with an application, when and why. Rows are added; of a held step it is noted what became of it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steps", verbose_name=_("application"))
    step = models.CharField(_("step"), max_length=20, choices=[(step.value, step.value) for step in Step])
    from_status = models.CharField(_("from"), max_length=20, choices=ApplicationStatus)
    to_status = models.CharField(_("to"), max_length=20, choices=ApplicationStatus)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    on_behalf = models.BooleanField(_("for the exhibitor"), default=False, help_text=_("Staff recorded what the exhibitor decided."))
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    placement = models.ForeignKey(
        "exhibitors.Placement", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("placement")
    )
    held = models.BooleanField(_("held"), default=False, help_text=_("Decided first, and told to the exhibitor later."))
    announcement = models.ForeignKey(
        Announcement, on_delete=models.SET_NULL, null=True, blank=True, related_name="steps", verbose_name=_("announcement")
    )
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)  # workers that began to announce it, see domain/tries.py
    imported_at = models.DateTimeField(
        _("imported"), null=True, blank=True, editable=False, help_text=_("When a table brought it in; nobody took the step then.")
    )

    objects = ApplicationStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["application"],
                condition=Q(held=True, announced_at__isnull=True, voided_at__isnull=True),
                name="step_pending",
            ),
            models.Index(fields=["imported_at"], condition=Q(imported_at__isnull=False), name="step_imported"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(held=True) | Q(announcement__isnull=True, announced_at__isnull=True, voided_at__isnull=True),
                name="step_announced_if_held",
            ),
            models.CheckConstraint(condition=Q(announced_at__isnull=True) | Q(voided_at__isnull=True), name="step_announced_or_void"),
            models.CheckConstraint(condition=Q(held=False) | Q(step__in=[step.value for step in HOLDABLE_STEPS]), name="step_can_be_held"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.step}"
