from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conferences.enums import SessionKind, SessionRole
from conferences.models.conference import Conference, Room, Track
from fairs.models.site import country_code


def validate_languages(value: object) -> None:
    """A list of languages that a session is interpreted into."""
    known = dict(settings.LANGUAGES)
    if not isinstance(value, list) or not all(language in known for language in value):
        raise ValidationError(_("Write a list of languages: ru, zh-hans, en."), code="languages")


class SessionQuerySet(models.QuerySet["Session"]):
    def taking_place(self) -> "SessionQuerySet":
        """Those on the programme, confidential ones too; cancelled ones stay in the table and on the desk."""
        return self.filter(cancelled_at=None)

    def public(self) -> "SessionQuerySet":
        """Those that everybody may know of."""
        return self.taking_place().filter(is_public=True)


class Speaker(models.Model):
    """Somebody on the programme: speaker, moderator, panellist or interpreter. ``name_en`` is the name in Latin letters."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="speakers", verbose_name=_("conference"))
    code = models.SlugField(_("code"), max_length=40)
    guid = models.UUIDField(default=uuid4, unique=True, editable=False)  # by which programmes elsewhere know the person, for good
    name = models.CharField(pgettext_lazy("person", "name"), max_length=150)
    title = models.CharField(_("position"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    biography = models.TextField(_("biography"), max_length=4000, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[country_code])
    email = models.EmailField(_("email address"), blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["conference", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["conference", "code"], name="speaker_code_once")]

    def __str__(self) -> str:
        return str(self.name)


class Session(models.Model):
    """One item of the programme in a room at a time."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("conference"))
    code = models.SlugField(_("code"), max_length=40)
    guid = models.UUIDField(default=uuid4, unique=True, editable=False)  # by which calendars and programmes elsewhere know it, for good
    kind = models.CharField(_("kind"), max_length=10, choices=SessionKind)
    title = models.CharField(_("title"), max_length=250)
    abstract = models.TextField(_("abstract"), max_length=4000, blank=True)
    track = models.ForeignKey(Track, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("track"))
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("room"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    interpretation = models.JSONField(_("interpreted into"), default=list, blank=True, validators=[validate_languages])
    is_public = models.BooleanField(_("shown to everybody"), default=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    people = models.ManyToManyField(Speaker, through="Participation", related_name="sessions", verbose_name=_("people"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["conference", "starts_at", "room", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="session_code_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_times_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="session_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


class Participation(models.Model):
    """Who takes part in a session, in what role."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participations", verbose_name=_("session"))
    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="participations", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=12, choices=SessionRole, default=SessionRole.SPEAKER)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("who takes part")
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "speaker", "role"], name="participation_once"),
            models.CheckConstraint(condition=Q(role__in=SessionRole.values), name="participation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker} · {self.get_role_display()}"
