"""Letters with a code or a signed link lie sealed in the database until they are sent."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


class CannotUnseal(Exception):
    """The letter was sealed under another SECRET_KEY."""


def seal(*, text: str, html: str) -> str:
    """Encrypt the two bodies of a letter."""
    return _box().encrypt(json.dumps([text, html]).encode()).decode()


def unseal(sealed: str) -> tuple[str, str]:
    """The text and the HTML that ``seal`` took. Raises CannotUnseal when no present or former SECRET_KEY opens it."""
    try:
        text, html = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise CannotUnseal("This letter was sealed under another SECRET_KEY.") from error
    return text, html


def _box() -> MultiFernet:
    return MultiFernet([_fernet(secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _fernet(secret: str | bytes) -> Fernet:
    digest = hashlib.blake2b(force_bytes(secret), digest_size=32, person=b"yarmarka.letters").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
