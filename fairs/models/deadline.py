import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from fairs.enums import Audience
from fairs.models.fair import Fair
from fairs.models.site import Site

MOST_CATEGORIES = 99  # there are 97 chapters


def validate_category_codes(value: object) -> None:
    """A list of codes of product categories, which are kept above this app: chapters of the Harmonized System, such as "03"."""
    codes: list[object] = value if isinstance(value, list) else [None]
    if len(codes) > MOST_CATEGORIES or not all(isinstance(code, str) and re.fullmatch(r"[0-9]{2,10}", code) for code in codes):
        raise ValidationError(_("Write codes of product categories, such as 03."), code="category_codes")


class Deadline(models.Model):
    """A moment by which something must be done; written and shown in the fair's time zone."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="deadlines", verbose_name=_("fair"))
    code = models.SlugField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    due_at = models.DateTimeField(_("due"))
    audience = models.CharField(_("whom it concerns"), max_length=12, choices=Audience, default=Audience.ACCEPTED)
    sites = models.ManyToManyField(
        Site,
        blank=True,
        related_name="deadlines",
        verbose_name=_("sites"),
        help_text=_("Only exhibitors at one of these; none chosen: at any."),
    )
    category_codes = models.JSONField(
        _("product categories"),
        default=list,
        blank=True,
        validators=[validate_category_codes],
        help_text=_("Only exhibitors of one of these; none chosen: of any."),
    )
    consequence = models.TextField(
        _("what happens afterwards"),
        max_length=1000,
        blank=True,
        help_text=_("What the fair does when it is not done in time; reminders say so."),
    )
    is_public = models.BooleanField(_("shown to everybody"), default=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["fair_id", "due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "code"],
                name="deadline_code_once_per_fair",
                violation_error_message=_("Another deadline of this fair has this code."),
            ),
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="deadline_audience_known"),
        ]

    def __str__(self) -> str:
        return str(self.title or self.code)

    @cached_property
    def site_ids(self) -> frozenset[int]:
        """The sites that it is narrowed to, as they were when first asked for; none: every site."""
        return frozenset(site.pk for site in self.sites.all())
