"""What happens to people's accounts."""

from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User


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
