"""A file that goes with a letter."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterAttachment(models.Model):
    """Kept with its letter, byte for byte. A secret letter has none: a trigger refuses it (notifications/rules.py)."""

    letter = models.ForeignKey("notifications.Letter", on_delete=models.CASCADE, related_name="attachments", verbose_name=_("letter"))
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("content type"), max_length=100)
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.name}"
