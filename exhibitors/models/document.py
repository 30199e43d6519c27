from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from api.file_kinds import FileKind
from api.models import StoredFile
from exhibitors.enums import DocumentState
from exhibitors.models.application import Application
from exhibitors.models.reference import ProductCategory
from fairs.enums import Audience
from fairs.models import Deadline, Fair, Site

EXHIBITORS = (Audience.ALL, Audience.ACCEPTED, Audience.RAW_SPACE, Audience.SHELL_SCHEME, Audience.FOOD)


def validate_kinds(value: object) -> None:
    """A list of kinds of files that we take."""
    if not isinstance(value, list) or not value or set(map(str, value)) - set(FileKind.values):
        raise ValidationError(_("Choose one or more kinds of files."), code="kinds")


def every_kind() -> list[str]:
    return list(FileKind.values)


class DocumentRequirement(models.Model):
    """A document that the fair asks for: of whom, by when, in force from when to when."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="document_requirements", verbose_name=_("fair"))
    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    help = models.TextField(_("what it has to be"), max_length=2000, blank=True, help_text=_("The exhibitor reads it beside the title."))
    audience = models.CharField(
        _("whom it concerns"), max_length=12, choices=[(each.value, each.label) for each in EXHIBITORS], default=Audience.ACCEPTED
    )
    categories = models.ManyToManyField(
        ProductCategory,
        blank=True,
        related_name="document_requirements",
        verbose_name=_("product categories"),
        help_text=_("Only exhibitors of one of these; none chosen: of any."),
    )
    per_site = models.BooleanField(_("one for each site"), default=False)
    deadline = models.ForeignKey(
        Deadline, on_delete=models.SET_NULL, null=True, blank=True, related_name="document_requirements", verbose_name=_("deadline")
    )
    is_required = models.BooleanField(_("required"), default=True)
    needs_expiry = models.BooleanField(_("has a last day of validity"), default=False, help_text=_("It is asked for with the file."))
    valid_from = models.DateField(_("in force from"), null=True, blank=True, help_text=_("Of the rule itself, where a law changes."))
    valid_to = models.DateField(_("in force to"), null=True, blank=True)
    kinds = models.JSONField(_("kinds of files"), default=every_kind, validators=[validate_kinds])

    class Meta:
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
        ordering = ["fair_id", "deadline__due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "code"],
                name="document_requirement_code_once_per_fair",
                violation_error_message=_("Another required document of this fair has this code."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="document_requirement_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[each.value for each in EXHIBITORS]), name="document_requirement_audience_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title or self.code)

    def is_in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class DocumentQuerySet(models.QuerySet["Document"]):
    def current(self) -> "DocumentQuerySet":
        """The versions that count, one of each requirement (and site) and every other document."""
        return self.exclude(state=DocumentState.SUPERSEDED)


class Document(models.Model):
    """One version of a document that an exhibitor handed in; without a requirement it is something else that was worth sending."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents", verbose_name=_("application"))
    requirement = models.ForeignKey(
        DocumentRequirement, on_delete=models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("required document")
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("site"))
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("What it is, where nobody asked for it."))
    version = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=DocumentState, default=DocumentState.UPLOADED)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="document", verbose_name=_("file"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=4000, blank=True, help_text=_("Why it was returned; the exhibitor reads it."))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    announced_at = models.DateTimeField(_("staff told"), null=True, blank=True, editable=False)
    # When the exhibitor was told that this version will end soon, and that it has.
    expiry_warned_at = models.DateTimeField(_("told of the coming end"), null=True, blank=True, editable=False)
    expiry_told_at = models.DateTimeField(_("told of the end"), null=True, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["application_id", "pk"]
        indexes = [models.Index(fields=["state", "uploaded_at"], name="document_state_age")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DocumentState.values), name="document_state_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="document_version_from_one"),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.RETURNED) | (~Q(reason="") & Q(reviewed_at__isnull=False)),
                name="document_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.APPROVED) | Q(reviewed_at__isnull=False), name="document_approved_has_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.EXPIRED) | Q(valid_until__isnull=False), name="document_expired_has_last_day"
            ),
            models.UniqueConstraint(
                fields=["application", "requirement"],
                condition=Q(requirement__isnull=False, site__isnull=True) & ~Q(state=DocumentState.SUPERSEDED),
                name="document_one_current_version",
            ),
            models.UniqueConstraint(
                fields=["application", "requirement", "site"],
                condition=Q(requirement__isnull=False, site__isnull=False) & ~Q(state=DocumentState.SUPERSEDED),
                name="document_one_current_version_per_site",
            ),
            models.UniqueConstraint(
                fields=["application", "requirement", "version"],
                condition=Q(requirement__isnull=False, site__isnull=True),
                name="document_version_once",
            ),
            models.UniqueConstraint(
                fields=["application", "requirement", "site", "version"],
                condition=Q(requirement__isnull=False, site__isnull=False),
                name="document_version_once_per_site",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.requirement or self.title or self.file.original_name}"

    @property
    def was(self) -> DocumentState:
        """The state before a newer version replaced it."""
        if self.reviewed_at is None:
            return DocumentState.UPLOADED
        return DocumentState.RETURNED if self.reason else DocumentState.APPROVED
