"""What an application wishes beyond area and days: which stands, and whom to stand near to or far from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from api.text import labelled
from exhibitors.enums import NeighbourKind
from exhibitors.models.application import Application, SiteWish
from exhibitors.models.catalogue import Exhibitor
from exhibitors.models.company import Company
from fairs.models import Stand

MOST_PREFERENCES = 3
MOST_NEIGHBOURS = 10


class StandPreference(models.Model):
    """A stand that is wished for at a site: 1 is the dearest. The stand is one of the wish's site, by trigger."""

    wish = models.ForeignKey(SiteWish, on_delete=models.CASCADE, related_name="preferences", verbose_name=_("site wished"))
    stand = models.ForeignKey(Stand, on_delete=models.CASCADE, related_name="preferred_by", verbose_name=_("stand"))
    rank = models.PositiveSmallIntegerField(_("rank"))

    class Meta:
        verbose_name = _("stand preferred")
        verbose_name_plural = _("stands preferred")
        ordering = ["wish_id", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["wish", "rank"], name="stand_preference_rank_once"),
            models.UniqueConstraint(fields=["wish", "stand"], name="stand_preference_stand_once"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=MOST_PREFERENCES), name="stand_preference_rank_one_to_three"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.stand}"


class NeighbourWish(models.Model):
    """Somebody whom the applicant wants to stand near to, or far from.

    The applicant names an exhibitor of the public catalogue, or writes a name (and an INN): who else has applied is not told.
    ``company`` is what staff, or the catalogue, know it to be.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="neighbour_wishes", verbose_name=_("application"))
    kind = models.CharField(_("near or away"), max_length=4, choices=NeighbourKind)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("who"), max_length=300, help_text=_("As the applicant wrote it."))
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    exhibitor = models.ForeignKey(
        Exhibitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("exhibitor of the catalogue")
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="wished_as_neighbour",
        verbose_name=_("company"),
        help_text=_("Whom it means, as far as it is known: only the organisers see it."),
    )

    class Meta:
        verbose_name = _("neighbour wished or not")
        verbose_name_plural = _("neighbours wished or not")
        ordering = ["application_id", "-kind", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NeighbourKind.values), name="neighbour_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="neighbour_has_name"),
        ]

    def __str__(self) -> str:
        return labelled(self.get_kind_display(), self.name)
