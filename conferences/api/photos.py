"""Where the photo of somebody on the programme is, for everybody."""

from pathlib import PurePosixPath

from django.conf import settings
from django.urls import reverse

from conferences.models import Speaker


def photo_url(speaker: Speaker) -> str | None:
    """The address of the photo; another photo gets another one."""
    if not speaker.photo:
        return None
    return settings.SITE_URL + reverse("speaker-photo", args=[PurePosixPath(speaker.photo.name or "").name])
