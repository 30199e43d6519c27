"""The whole programme and its people as tables for organisers, confidential and cancelled sessions too."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from api.languages import COLUMNS, active_language
from conferences.enums import SessionRole
from conferences.exports.published import text_of
from conferences.exports.wording import language_name
from conferences.models import Conference, Participation, Session, SessionHost

Header = list[str]
Rows = Iterator[list[Any]]
_ROLES = tuple(SessionRole)


def programme_table(conference: Conference) -> tuple[Header, Rows]:
    """A row a session in order of time; days and times are those of the fair's zone. Three queries."""
    header = [
        _("code"), _("day"), _("starts"), _("ends"), _("room"), _("track"), _("kind"), *_in_eachlanguage_name(_("title")), _("language"),
        _("also held in"), _("interpreted into"), _("host companies"), *(str(role.label) for role in _ROLES),
        _("places"), _("shown to everybody"), _("cancelled"),
    ]  # fmt: skip
    return header, _sessions(conference)


def _sessions(conference: Conference) -> Rows:
    language, zone = active_language(), conference.fair.zone
    people = Prefetch("participations", Participation.objects.select_related("speaker").order_by("pk"))
    hosts = Prefetch("hostings", SessionHost.objects.select_related("application__company").order_by("pk"))
    for session in (
        Session.objects.filter(conference=conference, starts_at__isnull=False)
        .select_related("room", "track")
        .prefetch_related(people, hosts)
        .order_by("starts_at", "room__code", "pk")
    ):
        if session.released_times is None:
            continue
        starts_at, ends_at = (moment.astimezone(zone) for moment in session.released_times)
        by_role = {role: [part.speaker for part in session.participations.all() if part.role == role] for role in _ROLES}
        yield [
            session.code,
            f"{starts_at:%Y-%m-%d}",
            f"{starts_at:%H:%M}",
            f"{ends_at:%H:%M}" if ends_at.date() == starts_at.date() else f"{ends_at:%Y-%m-%d %H:%M}",
            text_of(session.room, "name", language) if session.room else "",
            text_of(session.track, "name", language) if session.track else "",
            session.get_kind_display(),
            *(getattr(session, f"title_{column}") or "" for column in COLUMNS.values()),
            language_name(session.language),
            ", ".join(language_name(code) for code in session.further_languages),
            ", ".join(language_name(code) for code in session.interpretation),
            "; ".join(_company(hosting.application.company, language) for hosting in session.hostings.all()),
            *("; ".join(_person(speaker, language) for speaker in by_role[role]) for role in _ROLES),
            session.capacity,
            _yes(session.is_public),
            _yes(session.cancelled_at is not None),
        ]


def speakers_table(conference: Conference) -> tuple[Header, Rows]:
    """A row a person by name, with the codes of the sessions that take place. Two queries."""
    header = [
        _("code"), *_in_eachlanguage_name(pgettext("person", "name")), _("position"), _("organisation"), _("country"), _("language"),
        _("email address"), _("answer"), _("journey"), _("visa"), _("sessions"),
    ]  # fmt: skip
    return header, _speakers(conference)


def _speakers(conference: Conference) -> Rows:
    language = active_language()
    taking_place = (
        Participation.objects.filter(session__in=Session.objects.taking_place())
        .select_related("session")
        .order_by("session__starts_at", "pk")
    )
    for speaker in conference.speakers.prefetch_related(Prefetch("participations", taking_place)).order_by("name_en", "pk"):
        parts = (f"{part.session.code} ({part.get_role_display()})" for part in speaker.participations.all())
        yield [
            speaker.code,
            *(getattr(speaker, f"name_{column}") or "" for column in COLUMNS.values()),
            text_of(speaker, "title", language),
            text_of(speaker, "organisation", language),
            speaker.country,
            language_name(speaker.language),
            speaker.email,
            speaker.get_answer_display(),
            speaker.get_travel_display(),
            speaker.get_visa_display(),
            "; ".join(parts),
        ]


def _in_eachlanguage_name(text: str) -> list[str]:
    return [f"{text} · {language_name(code)}" for code in COLUMNS]


def _person(speaker: Any, language: str) -> str:
    return ", ".join(filter(None, (text_of(speaker, "name", language), text_of(speaker, "organisation", language))))


def _company(company: Any, language: str) -> str:
    return text_of(company, "name", language) or company.legal_name


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
