"""People who sign in."""

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Notice, every_notice, in_order


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def validate_time_zone(value: str) -> None:
    """Accept a name of the IANA time zone database only, such as ``Asia/Vladivostok``."""
    if value not in _time_zones():
        raise ValidationError(
            _("“%(value)s” is not an IANA time zone, such as Asia/Vladivostok."), code="time_zone", params={"value": value}
        )


def validate_notices(value: Any) -> None:
    """Accept a list of :class:`accounts.enums.Notice` only, each once."""
    if not isinstance(value, list) or len(in_order(value)) != len(value):
        raise ValidationError(_("Choose from these: %(notices)s.") % {"notices": ", ".join(Notice.values)}, code="notices")


def normalise_address(email: str) -> str:
    """The one spelling under which an address is stored and looked up: trimmed, lower case."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Make people. The address is stored in lower case, so that one mailbox is one person."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Without ``password`` the person cannot sign in until they reset it."""
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=normalise_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_address(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a login, known by the email address."""

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    is_staff = models.BooleanField(_("may enter the desk"), default=False, help_text=_("Lets the person into the organisers' desk."))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Switch off instead of deleting: the person can no longer sign in.")
    )
    daily_digest = models.BooleanField(
        _("daily digest"), default=True, help_text=_("One letter a day, at 18:00 at the fair, about what there is to do.")
    )
    notices_at_once = models.JSONField(
        _("notices at once"),
        default=every_notice,
        blank=True,
        validators=[validate_notices],
        help_text=_("Each comes as a letter of its own; what is not chosen stands in the daily digest."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # unique=True alone would let a raw insert make a second person of the same mailbox in another case
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case", violation_error_code="unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = normalise_address(self.email)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.email = normalise_address(self.email)

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email
