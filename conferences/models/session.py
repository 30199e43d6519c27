from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import validate_time_zone
from conferences.enums import SessionKind, SessionRole, SpeakerAnswer, TravelState, VisaState
from conferences.models.conference import Conference, Room, Track
from exhibitors.models import Application
from fairs.models.site import country_code


def validate_languages(value: object) -> None:
    """A list of languages that a session is interpreted into."""
    known = dict(settings.LANGUAGES)
    if not isinstance(value, list) or not all(language in known for language in value):
        raise ValidationError(_("Write a list of languages: ru, zh-hans, en."), code="languages")


class SessionQuerySet(models.QuerySet["Session"]):
    def taking_place(self) -> "SessionQuerySet":
        """Those on the released programme, confidential ones too; drafts and cancelled ones are on the desk only."""
        return self.filter(cancelled_at=None, starts_at__isnull=False)

    def placed(self) -> "SessionQuerySet":
        """Those that have a time in the draft."""
        return self.drafted().filter(draft_starts_at__isnull=False)

    def drafted(self) -> "SessionQuerySet":
        """Those of the programme that organisers work on, with or without a place in it."""
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
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_time_zone])
    travel = models.CharField(_("journey"), max_length=10, choices=TravelState, default=TravelState.NOT_NEEDED)
    visa = models.CharField(_("visa"), max_length=10, choices=VisaState, default=VisaState.NOT_NEEDED)
    photo = models.ImageField(_("photo"), upload_to="photos/", blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=SpeakerAnswer, default=SpeakerAnswer.OPEN)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)  # of one who declined
    invited_at = models.DateTimeField(_("written to"), null=True, blank=True)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["conference_id", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="speaker_code_once"),
            models.CheckConstraint(condition=Q(answer__in=SpeakerAnswer.values), name="speaker_answer_known"),
            models.CheckConstraint(
                condition=Q(answer=SpeakerAnswer.OPEN) | Q(answered_at__isnull=False), name="speaker_answered_at_a_moment"
            ),
            models.CheckConstraint(condition=~Q(answer=SpeakerAnswer.DECLINED) | ~Q(reason=""), name="speaker_declined_with_reason"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Availability(models.Model):
    """When somebody on the programme can come. Who has none of these can always."""

    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="availabilities", verbose_name=_("person"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("time of availability")
        verbose_name_plural = _("times of availability")
        ordering = ["speaker_id", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="availability_times_in_order",
                violation_error_message=_("It ends before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.starts_at:%Y-%m-%d %H:%M}–{self.ends_at:%Y-%m-%d %H:%M}"


class Session(models.Model):
    """One item of the programme.

    ``draft_room``, ``draft_starts_at`` and ``draft_ends_at`` are its place in the programme that organisers work on;
    ``room``, ``starts_at`` and ``ends_at`` the place that was released last, which is what everybody else sees (docs/adr/0020).
    ``minutes`` is how long it is to take, also while it has no place.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("conference"))
    code = models.SlugField(_("code"), max_length=40)
    guid = models.UUIDField(default=uuid4, unique=True, editable=False)  # by which calendars and programmes elsewhere know it, for good
    kind = models.CharField(_("kind"), max_length=10, choices=SessionKind)
    title = models.CharField(_("title"), max_length=250)
    abstract = models.TextField(_("abstract"), max_length=4000, blank=True)
    track = models.ForeignKey(Track, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("track"))
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("room"))
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    draft_room = models.ForeignKey(
        Room, on_delete=models.PROTECT, null=True, blank=True, related_name="drafted_sessions", verbose_name=_("room in the draft")
    )
    draft_starts_at = models.DateTimeField(_("starts in the draft"), null=True, blank=True)
    draft_ends_at = models.DateTimeField(_("ends in the draft"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=60)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    further_languages = models.JSONField(_("also held in"), default=list, blank=True, validators=[validate_languages])
    interpretation = models.JSONField(_("interpreted into"), default=list, blank=True, validators=[validate_languages])
    is_public = models.BooleanField(_("shown to everybody"), default=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    takes_sign_ups = models.BooleanField(_("delegates sign up"), default=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    hosts = models.ManyToManyField(Application, through="SessionHost", related_name="hosted_sessions", verbose_name=_("host companies"))
    people = models.ManyToManyField(Speaker, through="Participation", related_name="sessions", verbose_name=_("people"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["conference_id", "starts_at", "room__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "code"], name="session_code_once"),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="session_times_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(draft_starts_at=None, draft_ends_at=None)
                | Q(draft_starts_at__isnull=False, draft_ends_at__gt=F("draft_starts_at")),
                name="session_draft_times_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=24 * 60), name="session_length_in_a_day"),
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="session_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    @property
    def draft_times(self) -> tuple[datetime, datetime] | None:
        """Beginning and end in the draft, if it has a place there."""
        return (self.draft_starts_at, self.draft_ends_at) if self.draft_starts_at and self.draft_ends_at else None

    @property
    def released_times(self) -> tuple[datetime, datetime] | None:
        """Beginning and end as everybody knows them, if it was released."""
        return (self.starts_at, self.ends_at) if self.starts_at and self.ends_at else None


class SessionHost(models.Model):
    """A company that holds a session: an exhibitor of the fair, by its application."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="hostings", verbose_name=_("session"))
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="hostings", verbose_name=_("exhibitor"))

    class Meta:
        verbose_name = _("host company")
        verbose_name_plural = _("host companies")
        ordering = ["session__starts_at", "session_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "application"], name="session_host_once")]

    def __str__(self) -> str:
        return str(self.application)


class Participation(models.Model):
    """Who takes part in a session, in what role.

    ``draft_starts_at`` and ``draft_ends_at`` are the session's, copied by the database (conferences/rules.py), so that it can
    refuse somebody two sessions at once; empty while the session has no place or is cancelled.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participations", verbose_name=_("session"))
    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="participations", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=12, choices=SessionRole, default=SessionRole.SPEAKER)
    draft_starts_at = models.DateTimeField(null=True, editable=False)
    draft_ends_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("who takes part")
        ordering = ["session__starts_at", "session_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "speaker", "role"], name="participation_once"),
            models.CheckConstraint(condition=Q(role__in=SessionRole.values), name="participation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker} · {self.get_role_display()}"
