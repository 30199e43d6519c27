"""What organisers lay down before a run: who stands apart from whom, and which stand is fixed."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exhibitors.models import Application, Company, ProductCategory
from fairs.models import Fair, Site, Stand


class ApartPair(models.Model):
    """Two companies, or two product groups, whose stands are no neighbours: competitors, fish beside chocolate.

    The pair is kept in one order, so that the database refuses it a second time. A group may be paired with itself.
    """

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="apart_pairs", verbose_name=_("fair"))
    company_a = models.ForeignKey(Company, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("company"))
    company_b = models.ForeignKey(
        Company, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("apart from the company")
    )
    category_a = models.ForeignKey(
        ProductCategory, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("product group")
    )
    category_b = models.ForeignKey(
        ProductCategory, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("apart from the group")
    )
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pair kept apart")
        verbose_name_plural = _("pairs kept apart")
        ordering = ["fair_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(company_a__isnull=False, company_b__isnull=False, category_a__isnull=True, category_b__isnull=True)
                | Q(company_a__isnull=True, company_b__isnull=True, category_a__isnull=False, category_b__isnull=False),
                name="apart_pair_of_one_kind",
                violation_error_message=_("Name two companies, or two product groups."),
            ),
            models.CheckConstraint(
                condition=Q(company_a__isnull=True) | Q(company_a__lt=F("company_b")),
                name="apart_pair_of_two_companies",
                violation_error_message=_("A company cannot stand apart from itself."),
            ),
            models.CheckConstraint(
                condition=Q(category_a__isnull=True) | Q(category_a__lte=F("category_b")), name="apart_pair_of_groups_in_order"
            ),
            models.UniqueConstraint(
                fields=["fair", "company_a", "company_b"],
                name="apart_companies_once",
                violation_error_message=_("This pair is there already."),
            ),
            models.UniqueConstraint(
                fields=["fair", "category_a", "category_b"],
                name="apart_groups_once",
                violation_error_message=_("This pair is there already."),
            ),
        ]

    def __str__(self) -> str:
        first, second = (self.company_a, self.company_b) if self.company_a_id else (self.category_a, self.category_b)
        return f"{first} – {second}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._order()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self._order()
        if self.company_a_id and self.company_a_id == self.company_b_id:
            raise ValidationError({"company_b": _("A company cannot stand apart from itself.")}, code="same_company")

    def _order(self) -> None:
        for name in ("company", "category"):
            first, second = getattr(self, f"{name}_a_id"), getattr(self, f"{name}_b_id")
            if first is not None and second is not None and first > second:
                setattr(self, f"{name}_a_id", second)
                setattr(self, f"{name}_b_id", first)


class StandLock(models.Model):
    """One stand is fixed before a run: for this application, or for nobody."""

    stand = models.OneToOneField(Stand, on_delete=models.CASCADE, related_name="allocation_lock", verbose_name=_("stand"))
    # The stand's site once more, so that the database can hold one fixed stand an application and site; a trigger keeps the two equal.
    site = models.ForeignKey(Site, on_delete=models.CASCADE, editable=False, related_name="+", verbose_name=_("site"))
    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="stand_locks",
        verbose_name=_("application"),
        help_text=_("Left empty: the stand is kept out, nobody is placed there by a run."),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("fixed"), editable=False)

    class Meta:
        verbose_name = _("fixed stand")
        verbose_name_plural = _("fixed stands")
        ordering = ["site", "stand"]
        constraints = [models.UniqueConstraint(fields=["application", "site"], name="stand_lock_one_per_site")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.stand}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.site_id = self.stand.hall.site_id
        super().save(*args, **kwargs)
