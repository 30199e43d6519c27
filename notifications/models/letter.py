"""The letter: one row to one address, written in the transaction of what it tells."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Lower, StrIndex, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.enums import LetterStatus

# A living worker renews its lease (notifications/lease.py), so this is how long a killed one holds its letters back.
LEASE = timedelta(seconds=30)


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self, *, now: datetime) -> "LetterQuerySet":
        """Letters that nobody holds and whose next attempt is not in the future."""
        return self.in_time(now=now).filter(status__in=LetterStatus.resting, next_attempt_at__lte=now, is_held=False)

    def most_urgent_first(self) -> "LetterQuerySet":
        """First the codes and links of people who wait for them at a screen, then each as its turn comes."""
        return self.order_by("-is_secret", "next_attempt_at", "pk")

    def to_unlimited_domains(self) -> "LetterQuerySet":
        """Letters to domains that have no limit of their own."""
        return self.exclude(domain__in=apps.get_model("notifications.DomainLimit").objects.values("domain"))

    def in_time(self, *, now: datetime) -> "LetterQuerySet":
        """Letters whose moment has not passed."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now))

    def editable(self, *, now: datetime) -> "LetterQuerySet":
        """Letters that somebody at the desk may still edit: held back or for later, never tried, and never secret."""
        return self.filter(Q(is_held=True) | Q(due_at__gt=now), status=LetterStatus.QUEUED, attempts=0, is_secret=False)

    def unsent(self) -> "LetterQuerySet":
        return self.filter(status__in=LetterStatus.unsent)

    def repeatable(self) -> "LetterQuerySet":
        """Letters that can be sent once more: they failed or came back, and their text is at hand and no secret."""
        did_not_arrive = Q(status=LetterStatus.FAILED) | Q(bounced_at__isnull=False)
        return self.filter(did_not_arrive, is_secret=False).exclude(text="")

    def with_closed_addresses(self) -> "LetterQuerySet":
        """Each with ``is_closed``: no mail goes to its address."""
        closed = apps.get_model("notifications.Suppression").objects.in_force().filter(address=OuterRef("address"))
        return self.annotate(is_closed=Exists(closed))

    def untold_failures(self) -> "LetterQuerySet":
        """Letters that did not arrive, of which nobody has been told."""
        return self.filter(Q(status=LetterStatus.FAILED, failure_told_at=None) | Q(bounced_at__isnull=False, failure_told_at=None))

    def missed(self, *, since: datetime, until: datetime) -> "LetterQuerySet":
        """Letters that failed or came back after ``since``, up to ``until``, and were not sent again. A failed one has no next attempt:
        what stands there is when it failed."""
        failed = Q(status=LetterStatus.FAILED, next_attempt_at__gt=since, next_attempt_at__lte=until)
        return self.filter(failed | Q(bounced_at__gt=since, bounced_at__lte=until))

    def abandoned(self, *, now: datetime) -> "LetterQuerySet":
        """Letters whose worker has not been heard of until its lease ran out."""
        return self.filter(status=LetterStatus.SENDING, claimed_until__lt=now)

    def claim(self, pks: Sequence[int], *, now: datetime) -> list["Letter"]:
        """Take letters for delivery: those that are not sent, not in other hands, not held, and to be tried by now; in order of id."""
        ready = Q(status=LetterStatus.QUEUED, due_at__lte=now) | Q(status=LetterStatus.WAITING, next_attempt_at__lte=now)
        with transaction.atomic():
            free = self.in_time(now=now).filter(ready, pk__in=pks, is_held=False).order_by("pk")
            letters = list(free.select_for_update(skip_locked=True))
            self.filter(pk__in=[letter.pk for letter in letters]).update(
                status=LetterStatus.SENDING, attempts=F("attempts") + 1, claimed_until=now + LEASE
            )
        for letter in letters:
            letter.status, letter.attempts, letter.claimed_until = LetterStatus.SENDING, letter.attempts + 1, now + LEASE
        return letters


class Letter(models.Model):
    """One letter to one address about one occasion. Its moments are of real time, also in a demo."""

    key = models.CharField(_("key"), max_length=200, unique=True, help_text=_("The occasion, to the letter: nobody is told twice."))
    occasion = models.CharField(_("occasion"), max_length=80)
    about = models.CharField(
        _("about"), max_length=100, blank=True, db_index=True, help_text=_("What it is about, such as application:12.")
    )
    # By name: a column, not an import. The ground floor knows no fair.
    fair = models.ForeignKey("fairs.Fair", on_delete=models.SET_NULL, null=True, blank=True, related_name="letters", verbose_name=_("fair"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="letters", verbose_name=_("user")
    )
    recipient_email = models.EmailField(_("address"), db_index=True)
    recipient_name = models.CharField(_("recipient"), max_length=150, blank=True)
    # As it was when the letter was written: its text says where answers go.
    reply_to = models.EmailField(_("reply address"), blank=True)
    # The address as it is compared with suppressed ones, and its domain as it is counted.
    address = models.GeneratedField(expression=Lower("recipient_email"), output_field=models.CharField(max_length=254), db_persist=True)
    domain = models.GeneratedField(
        expression=Lower(Substr("recipient_email", StrIndex("recipient_email", Value("@")) + 1)),
        output_field=models.CharField(_("domain"), max_length=254),
        db_persist=True,
        verbose_name=_("domain"),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    is_secret = models.BooleanField(
        _("secret"), default=False, help_text=_("Holds a code or a signed link: nobody but the reader sees it.")
    )
    sealed = models.TextField(blank=True, editable=False)

    status = models.CharField(_("status"), max_length=10, choices=LetterStatus.choices, default=LetterStatus.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lost_attempts = models.PositiveIntegerField(_("attempts whose worker vanished"), default=0)
    due_at = models.DateTimeField(pgettext_lazy("letter", "due"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.TextField(_("latest error"), blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    is_held = models.BooleanField(
        pgettext_lazy("letter", "held back"), default=False, help_text=_("Does not leave until somebody releases it.")
    )
    expires_at = models.DateTimeField(pgettext_lazy("letter", "expires"), null=True, blank=True, help_text=_("Not sent after this moment."))
    bounced_at = models.DateTimeField(pgettext_lazy("letter", "bounced"), null=True, blank=True)
    delivered_at = models.DateTimeField(pgettext_lazy("letter", "delivered"), null=True, blank=True)
    report = models.TextField(_("delivery report"), blank=True)
    # That it did not arrive, to those who look after the fair's letters: fairs/domain/letter_failures.py.
    failure_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.TextField(_("remark"), blank=True, help_text=_("What was out of the ordinary when it was written."))
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        indexes = [
            # what the sweep asks every minute; sent letters, nearly all of them, are not in it
            models.Index("next_attempt_at", "id", name="letter_unsent", condition=Q(status__in=LetterStatus.unsent)),
            models.Index("address", name="letter_address"),
            models.Index(
                "fair",
                name="letter_failure_untold",
                condition=Q(status=LetterStatus.FAILED, failure_told_at=None) | Q(bounced_at__isnull=False, failure_told_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LetterStatus.values), name="letter_status_known"),
            models.CheckConstraint(
                condition=Q(status="sending", claimed_until__isnull=False) | ~Q(status="sending") & Q(claimed_until=None),
                name="letter_claimed_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | ~Q(status="sent") & Q(sent_at=None), name="letter_sent_has_moment"
            ),
            models.CheckConstraint(condition=Q(is_secret=False) | Q(text="", html=""), name="letter_secret_never_in_clear"),
            models.CheckConstraint(
                condition=Q(is_secret=False, sealed="")
                | Q(is_secret=True, status__in=LetterStatus.unsent) & ~Q(sealed="")
                | Q(is_secret=True, status__in=LetterStatus.ended, sealed=""),
                name="letter_sealed_until_it_ends",
            ),
            models.CheckConstraint(condition=Q(is_held=False) | Q(status="queued"), name="letter_held_while_queued"),
            models.CheckConstraint(condition=Q(bounced_at=None, delivered_at=None) | Q(status="sent"), name="letter_reported_once_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.subject}"
