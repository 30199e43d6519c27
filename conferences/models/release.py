from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conferences.enums import ChangeKind
from conferences.models.conference import Conference, Room
from conferences.models.session import Session

Place = tuple[datetime, datetime, Room | None]


class ProgrammeRelease(models.Model):
    """A version of the programme that everybody sees: what changed with it is in its ``changes``. Numbers begin with 1."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="releases", verbose_name=_("conference"))
    number = models.PositiveIntegerField(_("version"))
    released_at = models.DateTimeField(_("released"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )
    note = models.TextField(_("note"), max_length=1000, blank=True)
    letters = models.PositiveIntegerField(_("letters"), default=0, editable=False)

    class Meta:
        verbose_name = _("release of the programme")
        verbose_name_plural = _("releases of the programme")
        ordering = ["conference_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return f"{self.conference}: {self.number}"


class ReleaseChange(models.Model):
    """What a release changed about one session, with its place before and after. It outlives the session.

    Of a session that became confidential since nothing is public (conferences/revision_rules.py).
    """

    release = models.ForeignKey(ProgrammeRelease, on_delete=models.CASCADE, related_name="changes", verbose_name=_("release"))
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, related_name="changes", verbose_name=_("session"))
    guid = models.UUIDField(db_index=True)
    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=250)
    kind = models.CharField(_("change"), max_length=10, choices=ChangeKind)
    is_public = models.BooleanField(_("shown to everybody"), default=True)
    starts_before = models.DateTimeField(null=True)
    ends_before = models.DateTimeField(null=True)
    room_before = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, related_name="+")
    starts_after = models.DateTimeField(null=True)
    ends_after = models.DateTimeField(null=True)
    room_after = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("change of the programme")
        verbose_name_plural = _("changes of the programme")
        ordering = ["release_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "guid"], name="release_change_once"),
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="release_change_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind__in=ChangeKind.comes) & Q(starts_before=None, starts_after__isnull=False))
                | (Q(kind__in=ChangeKind.goes) & Q(starts_before__isnull=False, starts_after=None))
                | (Q(kind__in=ChangeKind.stays) & Q(starts_before__isnull=False, starts_after__isnull=False)),
                name="release_change_has_its_places",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.get_kind_display()}"

    @property
    def before(self) -> Place | None:
        """Beginning, end and room until this release, if the session was on the programme."""
        return (self.starts_before, self.ends_before, self.room_before) if self.starts_before and self.ends_before else None

    @property
    def after(self) -> Place | None:
        """Beginning, end and room from this release on, if the session is on the programme."""
        return (self.starts_after, self.ends_after, self.room_after) if self.starts_after and self.ends_after else None
