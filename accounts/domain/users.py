"""What happens to people's accounts."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User, normalise_address


@transaction.atomic
def ensure_user(*, email: str, password: str | None = None, verified: bool = True, **fields: Any) -> tuple[User, bool]:
    """The person with this address, made when there is none: ``(user, is_new)``.

    An existing person keeps name, language, time zone and password, so that a second run of a loader changes nothing; missing staff or
    superuser rights are given. With ``verified`` the address counts as confirmed and the person can sign in at once.
    """
    user = User.objects.filter(email=normalise_address(email)).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(email, password, **fields)
    _give_missing_rights(user, fields)
    if verified:
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user, is_new


def has_confirmed(*, user: User, address: str) -> bool:
    """Whether ``user`` has shown that this mailbox is theirs."""
    return EmailAddress.objects.filter(user=user, email__iexact=address, verified=True).exists()


PROFILE = ("name", "language", "time_zone", "daily_digest", "notices_at_once")  # what a person changes of the own account


def change_profile(*, user: User, **changes: Any) -> User:
    """Change name, language, time zone or the choice of notices, already validated. Only the given fields are written."""
    for field, value in changes.items():
        if field not in PROFILE:
            raise ValueError(f"{field} is not part of the profile.")
        setattr(user, field, value)
    user.save(update_fields=list(changes))
    return user


def settle_time_zone(*, user: User, time_zone: str) -> bool:
    """Set the time zone of a person who has never chosen one and so has that of a new account. True when it was set."""
    default = User._meta.get_field("time_zone").default  # type: ignore[union-attr]
    # In one statement: a choice that was made meanwhile, in another request, stays.
    settled = User.objects.filter(pk=user.pk, time_zone=default).update(time_zone=time_zone)
    if settled:
        user.time_zone = time_zone
    return bool(settled)


def _give_missing_rights(user: User, fields: dict[str, Any]) -> None:
    missing = [name for name in ("is_staff", "is_superuser") if fields.get(name) and not getattr(user, name)]
    for name in missing:
        setattr(user, name, True)
    if missing:
        user.save(update_fields=missing)
