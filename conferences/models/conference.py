from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conferences.enums import RoomEquipment, RoomLayout
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
    minutes_between_rooms = models.PositiveSmallIntegerField(
        _("minutes between rooms"), default=5, help_text=_("What somebody needs from one room to the next.")
    )
    minutes_between_sites = models.PositiveSmallIntegerField(
        _("minutes between sites"), default=240, help_text=_("What somebody needs from one site to another, from door to door.")
    )

    invitation_text = models.TextField(
        _("text of visa invitations"),
        max_length=6000,
        blank=True,
        help_text=_("Empty: as shipped. A blank line parts paragraphs, | words | {{ placeholder }} | is a row of a table."),
    )

    release_number = models.PositiveIntegerField(_("version of the programme"), default=0, editable=False)  # the last that the public sees

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


class ConferenceDay(models.Model):
    """When the doors are open on one day, on the clock of the fair's zone. Closing not after opening: past midnight.

    A day of the conference without such a row is open from midnight to midnight.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="days", verbose_name=_("conference"))
    date = models.DateField(_("day"))
    opens_at = models.TimeField(_("opens"))
    closes_at = models.TimeField(_("closes"), help_text=_("A time not after the opening is one of the next morning."))

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ["conference_id", "date"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "date"], name="conference_day_once", violation_error_message=_("This day is there twice.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


def validate_equipment(value: object) -> None:
    """A list of what a room has."""
    if not isinstance(value, list) or not all(each in RoomEquipment.values for each in value):
        raise ValidationError(_("Write a list of: %(choices)s."), code="equipment", params={"choices": ", ".join(RoomEquipment.values)})


class Room(models.Model):
    """Where sessions are held. ``site`` is named where it is not the conference's own."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="rooms", verbose_name=_("conference"))
    code = models.SlugField(_("code"), max_length=40)
    guid = models.UUIDField(default=uuid4, unique=True, editable=False)  # by which programmes elsewhere know it, for good
    name = models.CharField(_("name"), max_length=120)
    capacity = models.PositiveIntegerField(_("seats"))
    interpretation_booths = models.PositiveSmallIntegerField(_("interpretation booths"), default=0)
    layout = models.CharField(_("layout"), max_length=10, choices=RoomLayout, blank=True)
    equipment = models.JSONField(_("equipment"), default=list, blank=True, validators=[validate_equipment])
    site = models.ForeignKey(
        Site,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conference_rooms",
        verbose_name=_("site"),
        help_text=_("Where the room is not at the conference's own."),
    )

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["conference_id", "code"]
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
        ordering = ["conference_id", "code"]
        constraints = [models.UniqueConstraint(fields=["conference", "code"], name="track_code_once")]

    def __str__(self) -> str:
        return str(self.name or self.code)
