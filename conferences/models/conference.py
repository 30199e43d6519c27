from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fairs.enums import FairStatus
from fairs.models import Fair, Site

MOST_OFFER_HOURS = 30 * 24
hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour such as #1f6f54."), code="colour")


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def public(self) -> "ConferenceQuerySet":
        """Those of fairs that visitors may see."""
        return self.exclude(fair__status=FairStatus.DRAFT)


class Conference(models.Model):
    """A programme of sessions beside a fair, on days of its own."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="conferences", verbose_name=_("fair"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="conferences", verbose_name=_("site"))
    slug = models.SlugField(_("short name for addresses"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    capacity = models.PositiveIntegerField(_("places for delegates"), default=300)
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offered place"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_OFFER_HOURS)],
        help_text=_("Who waits and is offered a place that has come free answers within this time; then it goes to the next."),
    )

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="conference_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(condition=Q(offer_hours__range=(1, MOST_OFFER_HOURS)), name="conference_offer_hours_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.name or self.slug)


class Room(models.Model):
    """Where sessions are held."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="rooms", verbose_name=_("conference"))
    code = models.SlugField(_("code"), max_length=40)
    guid = models.UUIDField(default=uuid4, unique=True, editable=False)  # by which programmes elsewhere know it, for good
    name = models.CharField(_("name"), max_length=120)
    capacity = models.PositiveIntegerField(_("seats"))
    interpretation_booths = models.PositiveSmallIntegerField(_("interpretation booths"), default=0)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["conference", "code"]
        constraints = [models.UniqueConstraint(fields=["conference", "code"], name="room_code_once")]

    def __str__(self) -> str:
        return str(self.name or self.code)


class Track(models.Model):
    """A thread of the programme."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="tracks", verbose_name=_("conference"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    colour = models.CharField(_("colour"), max_length=7, default="#1f6f54", validators=[hex_colour])

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["conference", "code"]
        constraints = [models.UniqueConstraint(fields=["conference", "code"], name="track_code_once")]

    def __str__(self) -> str:
        return str(self.name or self.code)
