"""A table of companies that an organiser gave at the desk: checked by a worker, confirmed, imported by a worker."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exhibitors.enums import ImportState
from fairs.models import Fair


class CompanyImportQuerySet(models.QuerySet["CompanyImport"]):
    def working(self) -> "CompanyImportQuerySet":
        """Those that a worker has to do something with, or is at."""
        return self.filter(state__in=ImportState.working)


class CompanyImport(models.Model):
    """What became of one table. ``report`` holds the counts, errors and kept cells of the last look at it, as its uploader reads them."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="company_imports", verbose_name=_("fair"))
    file_name = models.CharField(_("file"), max_length=255)
    notify = models.BooleanField(_("with letters"), default=False)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, editable=False, help_text="of the errors")
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.CHECKING)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    report: Any = models.JSONField(_("report"), default=dict, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    stop_asked_at = models.DateTimeField(_("asked to stop"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)  # turns of workers that began with it, see domain/tries.py

    objects = CompanyImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of companies")
        verbose_name_plural = _("imports of companies")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index("id", name="company_import_working", condition=Q(state__in=ImportState.working))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="company_import_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=ImportState.open, ended_at__isnull=True) | Q(~Q(state__in=ImportState.open), ended_at__isnull=False),
                name="company_import_over_has_end",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.state in ImportState.open

    @property
    def is_working(self) -> bool:
        return self.state in ImportState.working


class CompanyImportFile(models.Model):
    """The table itself, deflated, until its import is over. Who works on the import holds this row: the import's own says how far it is."""

    company_import = models.OneToOneField(CompanyImport, on_delete=models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    class Meta:
        verbose_name = _("table of companies")
        verbose_name_plural = _("tables of companies")

    def __str__(self) -> str:
        return str(self.pk)
