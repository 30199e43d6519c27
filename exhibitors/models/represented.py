from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exhibitors.models.application import Application
from fairs.models.site import country_code


class RepresentedCompany(models.Model):
    """A company whose products are on the stand and whose people are not: never an exhibitor, never counted, in no catalogue."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="represented_companies", verbose_name=_("application")
    )
    legal_name = models.CharField(_("legal name"), max_length=300)
    name = models.CharField(_("name"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, validators=[country_code], help_text=_("ISO 3166-1 code, such as RU."))
    brands = models.TextField(_("brands"), max_length=2000, blank=True, help_text=_("One a line."))
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    ogrn = models.CharField(_("OGRN"), max_length=15, blank=True)
    kpp = models.CharField(_("KPP"), max_length=9, blank=True)
    uscc = models.CharField(_("USCC"), max_length=18, blank=True)

    class Meta:
        verbose_name = _("represented company")
        verbose_name_plural = _("represented companies")
        ordering = ["application_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "legal_name"],
                name="represented_company_once",
                violation_error_message=_("This company is named twice."),
            ),
            models.CheckConstraint(condition=~Q(legal_name=""), name="represented_company_has_legal_name"),
        ]

    def __str__(self) -> str:
        return str(self.name or self.legal_name)
