"""An organiser's file at the desk: tried first, kept meanwhile, and read again when its import is confirmed."""

import secrets
import zlib
from typing import Any

from django import forms
from django.core.cache import caches
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from fairs.tables import LARGEST_FILE

_KEPT_FOR = 3600  # seconds between reading the report and confirming


class TableFileField(forms.FileField):
    """No larger than what an import reads; ``accept`` are the endings that the browser offers."""

    def __init__(self, *, accept: str, **kwargs: Any) -> None:
        super().__init__(label=_("File"), widget=UnfoldAdminFileFieldWidget(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than %(size)s MB.") % {"size": LARGEST_FILE // 1_000_000})
        return upload


def keep(name: str, content: bytes, *, purpose: str, user_id: int | None) -> str:
    """Keep the file for an hour, for this person alone. Returns the token of the confirmation."""
    token = secrets.token_urlsafe(24)
    caches["shared"].set(_key(purpose, user_id, token), (name, zlib.compress(content)), _KEPT_FOR)
    return token


def kept(token: str, *, purpose: str, user_id: int | None) -> tuple[str, bytes] | None:
    """Name and content; None when it is kept no more, or for somebody else."""
    found = caches["shared"].get(_key(purpose, user_id, token))
    return None if found is None else (found[0], zlib.decompress(found[1]))


def drop(token: str, *, purpose: str, user_id: int | None) -> None:
    """The import is done: the file is confirmed once."""
    caches["shared"].delete(_key(purpose, user_id, token))


def _key(purpose: str, user_id: int | None, token: str) -> str:
    return f"{purpose}:{user_id}:{token}"
