"""What people on the programme have handed in and changed themselves, as their page and those of their sessions show it."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from api.file_links import file_path
from conferences.enums import SpeakerAnswer, TravelState, VisaState
from conferences.models import Speaker, SpeakerSlides
from fairs.admin.base import link
from fairs.admin_scope import label_in
from fairs.moments import moment_text

LISTED = 50  # changes


def photo_panel(speaker: Speaker) -> SafeString | str:
    if not speaker.photo:
        return "–"
    url = reverse("speaker-photo", args=[PurePosixPath(speaker.photo.name or "").name])
    return format_html('<img src="{}" alt="{}" style="max-width:10rem;height:auto">', url, speaker)


def slides_panel(slides: Iterable[SpeakerSlides], *, reader: Any, with_names: bool = False) -> SafeString | str:
    """Each version with a link that serves ``reader`` for ten minutes; the latest of a session first."""
    rows = [
        (
            f"{one.speaker} · " if with_names else f"{one.session.code} · ",
            link(file_path(one.file, user=reader), one.file.original_name),
            _("version %(number)s") % {"number": one.version},
            filesizeformat(one.file.size),
        )
        for one in slides
    ]
    if not rows:
        return "–"
    return format_html("<ul>{}</ul>", format_html_join("", "<li><bdi>{}</bdi>{} · {} · {}</li>", rows))


def changes_panel(speaker: Speaker) -> SafeString | str:
    """Who changed what, the latest first; times in the fair's zone."""
    zone = speaker.conference.fair.zone
    changes = speaker.changes.select_related("by")[:LISTED]
    rows = [
        (
            moment_text(change.at, zone),
            change.by.get_full_name() if change.by else _("by the link of a letter"),
            name_of(change.what),
            _value(change.what, change.before) or "–",
            _value(change.what, change.after) or "–",
        )
        for change in changes
    ]
    if not rows:
        return "–"
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{} · {} · <strong>{}</strong>: <bdi>{}</bdi> → <bdi>{}</bdi></li>", rows))


def name_of(what: str) -> str:
    """What the column, or the part that is no column, is called on the desk."""
    names: dict[str, Any] = {field.name: getattr(field, "verbose_name", "") for field in Speaker._meta.get_fields()}
    for language, column in (("ru", "ru"), ("zh-hans", "zh_hans"), ("en", "en")):
        if what.endswith(f"_{column}"):
            return str(label_in(names[what.removesuffix(f"_{column}")], language))
    return str({**names, "slides": _("slides"), "availability": pgettext("of a person", "times")}[what])


def _value(what: str, value: str) -> str:
    choices: dict[str, Any] = {"answer": SpeakerAnswer, "travel": TravelState, "visa": VisaState}
    if what in choices:
        return str(dict(choices[what].choices).get(value, value))
    return _("yes") if what == "photo" and value else value
