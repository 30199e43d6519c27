"""What people on the programme are told beside its changes, and what staff are told of them."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import User
from conferences.domain.speaker_links import good_until
from conferences.models import Participation, Speaker
from fairs.models import StaffMembership
from fairs.roles import Right, roles_with
from notifications import moments
from notifications.outbox import NewLetter, write_letter, write_letters


class SessionLines:
    """Somebody's sessions, a line each, in whatever language is active when it is read."""

    def __init__(self, parts: list[Participation], *, fair_zone: str, reader_zone: str) -> None:
        self._parts, self._fair_zone, self._reader_zone = parts, fair_zone, reader_zone

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[str]:
        return (line_of(part, fair_zone=self._fair_zone, reader_zone=self._reader_zone) for part in self._parts)


def line_of(part: Participation, *, fair_zone: str, reader_zone: str) -> str:
    """“Title” (moderator): when, where, as released."""
    session = part.session
    facts = {
        "title": str(session.title or session.code),
        "role": part.get_role_display(),
        "place": place_of(part, fair_zone=fair_zone, reader_zone=reader_zone),
    }
    return _("“%(title)s” (%(role)s): %(place)s") % facts


def place_of(part: Participation, *, fair_zone: str, reader_zone: str) -> str:
    """When and where, as everybody knows it; times in the fair's zone and, where it differs, the reader's."""
    session = part.session
    if session.starts_at is None:
        return _("time and place will follow")
    when = moments.moment_in_zones(session.starts_at, fair_zone=fair_zone, reader_zone=reader_zone, language=get_language() or "en")
    return _("%(when)s, %(room)s") % {"when": when, "room": session.room} if session.room else when


def parts_of(speaker: Speaker) -> list[Participation]:
    """What somebody does on the programme, in order of time; what was cancelled is left out. One query."""
    parts = Participation.objects.filter(speaker=speaker, session__cancelled_at=None).select_related("session__room")
    return list(parts.order_by("session__starts_at", "session__code", "pk"))


def write_invitation(speaker: Speaker, *, url: str, link_number: int) -> None:
    """Ask somebody to confirm, with the link to the own page."""
    conference = speaker.conference
    fair = conference.fair
    zone = speaker.time_zone or fair.time_zone
    with override(speaker.language):
        names = {"conference_name": str(conference.name), "site_name": str(conference.site)}
        name = str(speaker)
    write_letter(
        NewLetter(
            key=f"speaker:{speaker.pk}:invited:{link_number}",
            to=speaker.email,
            name=name,
            occasion="conferences.speaker_invited",
            language=speaker.language,
            time_zone=zone,
            fair_id=fair.pk,
            about=f"conference:{conference.pk}",
            reply_to=fair.reply_to,
            context={
                **names,
                "fair": fair,
                "fair_zone": fair.time_zone,
                "starts_on": conference.starts_on,
                "ends_on": conference.ends_on,
                "sessions": SessionLines(parts_of(speaker), fair_zone=fair.time_zone, reader_zone=zone),
                "page_url": url,
                "good_until": good_until(conference),
            },
        ),
        secret=True,
    )


def write_declined(speaker: Speaker, *, by: User | None) -> int:
    """Tell those who change the programme, but for ``by``, that somebody does not come, and why. Returns how many are told."""
    conference, parts = speaker.conference, parts_of(speaker)
    url = settings.SITE_URL + reverse("admin:conferences_speaker_change", args=[speaker.pk])
    letters = [_declined(speaker, parts, person, url) for person in _producers(conference.fair_id) if person != by]
    return write_letters(letters)


def _producers(fair_id: int) -> list[User]:
    rows = StaffMembership.objects.filter(fair=fair_id, role__in=roles_with(Right.EDIT_CONFERENCE), user__is_active=True)
    return list({row.user_id: row.user for row in rows.select_related("user").order_by("pk")}.values())


def _declined(speaker: Speaker, parts: list[Participation], person: Any, url: str) -> NewLetter:
    conference = speaker.conference
    fair = conference.fair
    with override(person.language):
        names = {"conference_name": str(conference.name), "site_name": str(conference.site), "speaker_name": str(speaker)}
    moment = speaker.answered_at.isoformat() if speaker.answered_at else ""
    return NewLetter(
        key=f"speaker:{speaker.pk}:declined:{moment}:{person.pk}",
        to=person.email,
        name=person.name,
        user_id=person.pk,
        occasion="conferences.speaker_declined",
        language=person.language,
        time_zone=person.time_zone,
        fair_id=fair.pk,
        about=f"conference:{conference.pk}",
        context={
            **names,
            "fair": fair,
            "fair_zone": fair.time_zone,
            "starts_on": conference.starts_on,
            "ends_on": conference.ends_on,
            "reason": speaker.reason,
            "sessions": SessionLines(parts, fair_zone=fair.time_zone, reader_zone=person.time_zone),
            "desk_url": url,
        },
    )
