"""Logos: what is uploaded is never kept; what is kept is a picture of our own making."""

import secrets
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api import pictures
from api.files import delete_on_commit
from api.problems import Refused
from exhibitors.domain import changes
from exhibitors.domain.differences import AFTER_PICTURE, BEFORE_PICTURE
from exhibitors.enums import ChangeSubject
from exhibitors.models import Company

FOLDER = "logos/"
LARGEST_FILE = 2 * 1024 * 1024  # bytes
MOST_PIXELS = 8_000_000  # as many take 160 MB for a moment in the hungriest of the formats
LONGEST_SIDE = 800  # pixels, of what is kept
SMALL_SIDE = 48  # pixels, of what the history of changes keeps


class LogoRefused(Refused):
    code = "logo_refused"
    message = gettext_lazy("This file cannot be the logo.")


class LogoTooLarge(LogoRefused):
    code = "logo_too_large"


class LogoUnreadable(LogoRefused):
    code = "logo_unreadable"
    message = gettext_lazy("This is not a picture in PNG, JPEG or WebP, or it is damaged.")


@dataclass(frozen=True)
class Logo:
    """A picture that :func:`read_logo` made: PNG, its longer side at most 800 pixels, nothing in it but the pixels."""

    png: bytes


def read_logo(file: File | BinaryIO) -> Logo:
    """The logo in an uploaded file, whatever its name and content type say. Raises LogoTooLarge or LogoUnreadable."""
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise LogoTooLarge(_("The file is too large: a logo may have %(count)d MB.") % {"count": LARGEST_FILE // 1024 // 1024})
    try:
        return Logo(pictures.made_anew(content, most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE, target="PNG"))
    except pictures.TooManyPixels as error:
        count = MOST_PIXELS // 1_000_000
        raise LogoTooLarge(_("The picture has too many pixels: a logo may have %(count)d million.") % {"count": count}) from error
    except pictures.PictureUnreadable as error:
        raise LogoUnreadable from error


@transaction.atomic
def set_logo(*, company_id: int, file: File | BinaryIO | Logo, by: User | None, now: datetime | None = None) -> Company:
    """Give a company a logo from an uploaded file, or from what ``read_logo`` made of it; the one before is deleted on commit.

    Staff do it for the company; its history of changes keeps both as small pictures. Raises LogoTooLarge or LogoUnreadable, and then
    nothing has changed.
    """
    logo = file if isinstance(file, Logo) else read_logo(file)
    name = default_storage.save(f"{FOLDER}{secrets.token_hex(16)}.png", ContentFile(logo.png))
    return _replace(company_id, name, logo.png, by=by, now=now)


@transaction.atomic
def remove_logo(*, company_id: int, by: User | None, now: datetime | None = None) -> Company:
    """Leave a company without a logo; the file is deleted on commit."""
    return _replace(company_id, "", b"", by=by, now=now)


def forget_file(*, instance: Company, **_signal: Any) -> None:
    """A company is deleted: its logo goes with it, on commit. Connected to ``post_delete``."""
    delete_on_commit(instance.logo.name or "")


def used_names(names: Collection[str]) -> Collection[str]:
    """Which of these names a company still holds: the others are swept (api.files)."""
    return set(Company.objects.filter(logo__in=names).values_list("logo", flat=True))


def _replace(company_id: int, name: str, png: bytes, *, by: User | None, now: datetime | None) -> Company:
    try:
        company = Company.objects.select_for_update(of=("self",), no_key=True).get(pk=company_id)
        old, company.logo = company.logo.name or "", name
        company.save(update_fields=["logo", "updated_at"])
        if old or name:
            _record(company, old, png, by=by, now=now)
    except BaseException:
        if name:
            default_storage.delete(name)
        raise
    delete_on_commit(old)
    return company


def _record(company: Company, old: str, png: bytes, *, by: User | None, now: datetime | None) -> None:
    """Note the change with both logos made small: the file of the one before is about to go."""
    detail = {
        "field": "logo",
        "of": "",
        "before": Path(old).name or None,
        "after": Path(company.logo.name or "").name or None,
        BEFORE_PICTURE: _small(_content_of(old)),
        AFTER_PICTURE: _small(png),
    }
    source = changes.source_of(by=by, as_staff=True)
    changes.record(company_id=company.pk, subject=ChangeSubject.COMPANY, by=by, source=source, now=now, fields=["logo"], details=[detail])


def _content_of(name: str) -> bytes:
    """The file of this name, empty where it is lost."""
    try:
        if name:
            with default_storage.open(name) as file:
                return bytes(file.read())
    except OSError:
        pass
    return b""


def _small(content: bytes) -> str:
    """A PNG of at most 48 pixels in base64, as a row of the database can hold it; '' for what cannot be read."""
    if not content:
        return ""
    try:
        png = pictures.made_anew(content, most_pixels=MOST_PIXELS, longest_side=SMALL_SIDE, target="PNG")
    except (pictures.PictureUnreadable, pictures.TooManyPixels):
        return ""
    return b64encode(png).decode()
