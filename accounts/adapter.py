"""How django-allauth works here: its letters go through the outbox, in the reader's language and in our words."""

import uuid
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from accounts.models import User, normalise_address
from accounts.sign_in_limits import client_address, too_many_failed_sign_ins
from notifications.outbox import NewLetter, write_letter

# allauth's template prefix: our occasion, and whether the letter holds a secret
_LETTERS = {
    "account/email/email_confirmation": ("accounts.verification_code", True),
    "account/email/email_confirmation_signup": ("accounts.verification_code", True),
    "account/email/password_reset_code": ("accounts.reset_code", True),
    "account/email/account_already_exists": ("accounts.already_registered", False),
    "account/email/unknown_account": ("accounts.unknown_address", False),
    "account/email/password_changed": ("accounts.password_changed", False),
    "account/email/password_reset": ("accounts.password_changed", False),
    "account/email/password_set": ("accounts.password_changed", False),
}
# Everything else that allauth tells is a change of how one signs in: templates/letters/accounts/sign_in_changed.*
_CHANGE = "accounts.sign_in_changed"


class AccountAdapter(DefaultAccountAdapter):
    """Letters leave through the outbox, so that an answer takes as long for an unknown address as for a known one."""

    error_messages = {**DefaultAccountAdapter.error_messages, "too_many_login_attempts": lazy(too_many_failed_sign_ins, str)()}

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the letter that allauth wants sent. The reader's language is the account's, else that of the request."""
        request = allauth_context.request
        reader = User.objects.filter(email=normalise_address(email)).first()
        occasion, is_secret = _LETTERS.get(template_prefix, (_CHANGE, False))
        write_letter(
            NewLetter(
                key=f"{occasion}:{uuid.uuid4().hex}",  # each request for a code is an occasion of its own
                to=email,
                name=reader.name if reader else "",
                user_id=reader.pk if reader else None,
                occasion=occasion,
                language=reader.language if reader else language_of_request(),
                time_zone=reader.time_zone if reader else "UTC",
                # a code that came later would be refused
                expires_at=timezone.now() + timedelta(seconds=settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT) if is_secret else None,
                context={
                    "code": context.get("code", ""),
                    "change": template_prefix.rpartition("/")[2],
                    "changed_at": context.get("timestamp"),
                    "ip": context.get("ip") or (self.get_client_ip(request) if request else ""),
                },
            ),
            secret=is_secret,
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


def language_of_request() -> str:
    """The language that LocaleMiddleware chose, as one of ours."""
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
