"""The code on a delegate's pass: what the entrance scans. It is signed and not stored, holds nothing about the person, and acts by itself
for nobody: unlike the word of the letters it opens no page."""

import base64
import io
from typing import Literal

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from api.problems import Conflict
from conferences.enums import DelegateStatus
from conferences.models import Delegate

_PREFIX = "YP"  # a pass of ours: readers at the entrance scan other codes too
_BYTES = 20  # of the signature: 160 bits, 32 signs of base32
LONGEST = 60  # characters


class NoPass(Conflict):
    """Only delegates with a confirmed place have a pass."""

    code = "no_pass"
    message = _("Confirm your place at the conference first: then you get the code for the entrance.")


def has_pass(delegate: Delegate) -> bool:
    return delegate.status == DelegateStatus.RESERVED and delegate.confirmed_at is not None


def code_of(delegate: Delegate) -> str:
    """Capital letters, digits and hyphens, as small QR codes hold them. Raises NoPass."""
    if not has_pass(delegate):
        raise NoPass
    return f"{_PREFIX}-{delegate.pk}-{_signature(delegate.pk)}"


def delegate_with_pass(code: str) -> Delegate | None:
    """Whose pass was scanned, or typed, while the place is theirs; None for a code of nobody's."""
    prefix, _hyphen, rest = code.strip().upper()[:LONGEST].partition("-")
    number, _hyphen, signature = rest.partition("-")
    if prefix != _PREFIX or not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    if not constant_time_compare(signature, _signature(int(number))):
        return None
    found = Delegate.objects.filter(pk=int(number)).first()
    return found if found and has_pass(found) else None


def picture_of(delegate: Delegate, *, kind: Literal["svg", "png"]) -> bytes:
    """The QR code, black on white with its quiet zone, a quarter of it may be damaged. Raises NoPass."""
    import segno  # a web worker that draws no pass does without it

    drawn, content = segno.make(code_of(delegate), error="q", micro=False), io.BytesIO()
    drawn.save(content, kind=kind, scale=8, border=4, light="white")
    return content.getvalue()


def _signature(number: int) -> str:
    digest = salted_hmac("conferences.delegate.pass", str(number), algorithm="sha256").digest()
    return base64.b32encode(digest[:_BYTES]).decode("ascii")
