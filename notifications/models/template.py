"""Organisers' own texts of letters."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LetterTemplate(models.Model):
    """What a fair's letters of one occasion say in one language instead of the shipped text.

    Written through fairs.domain.letter_templates: it raises the fair's number, by which processes know that they must read anew.
    """

    # By name: a column, not an import, as in Letter.
    fair = models.ForeignKey("fairs.Fair", on_delete=models.CASCADE, related_name="letter_templates", verbose_name=_("fair"))
    occasion = models.CharField(_("occasion"), max_length=80)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("text"), max_length=20_000)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    broken_at = models.DateTimeField(_("of no use since"), null=True, blank=True)
    broken_because = models.TextField(_("why it is of no use"), blank=True)

    class Meta:
        verbose_name = _("own text of a letter")
        verbose_name_plural = _("own texts of letters")
        ordering = ["fair_id", "occasion", "language"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "occasion", "language"], name="lettertemplate_once"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(text=""), name="lettertemplate_says_something"),
            models.CheckConstraint(
                condition=Q(broken_at=None, broken_because="") | Q(broken_at__isnull=False) & ~Q(broken_because=""),
                name="lettertemplate_broken_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.occasion} ({self.language})"
