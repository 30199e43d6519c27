"""What hangs on somebody on the programme: links to the own page, slides, and who changed what."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from api.models import StoredFile
from conferences.models.session import Session, Speaker


class SpeakerLink(models.Model):
    """A link to somebody's own page, out of one letter. Of its word the hash alone is kept; revoked, the row is deleted."""

    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="links", verbose_name=_("person"))
    word_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("link to the own page")
        verbose_name_plural = _("links to the own page")
        ordering = ["speaker_id", "pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.speaker_id}"


class SpeakerSlides(models.Model):
    """Slides of somebody for a session; all versions stay, the latest counts."""

    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="slides", verbose_name=_("person"))
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="slides", verbose_name=_("session"))
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="slides", verbose_name=_("file"))
    version = models.PositiveIntegerField(_("version"))
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("slides")
        verbose_name_plural = _("slides")
        ordering = ["session", "speaker", "-version"]
        constraints = [models.UniqueConstraint(fields=["session", "speaker", "version"], name="slides_version_once")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.file.original_name}"


class SpeakerChange(models.Model):
    """Something about somebody on the programme that was changed on the own page: ``what`` is a field of theirs, slides or times."""

    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="changes", verbose_name=_("person"))
    what = models.CharField(_("what"), max_length=40)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )  # null: by the link of a letter
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("change on the own page")
        verbose_name_plural = _("changes on the own page")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.what}"
