"""The letters to delegates and to people on the programme. Organisers may say them in their own words, with the placeholders of each."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from conferences.domain.calendars import calendar_url
from conferences.domain.release_letters import ChangeLines
from conferences.domain.releases import change_to
from conferences.domain.speaker_letters import SessionLines
from conferences.domain.speaker_links import good_until
from conferences.domain.speaker_links import page_url as speaker_page_url
from conferences.enums import ChangeKind
from conferences.models import Conference, Participation, Session
from notifications import moments
from notifications.fillers import as_shipped, day_of, greeting, moment_of, value_of
from notifications.occasions import Kind, Occasion, Placeholder, Sample, Scope

# Where a code stands in previews and tests: nobody at the desk ever sees a real one.
SAMPLE_CODE = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF"
SAMPLE_WORD = "a" * 43  # the same of a calendar's link


def _code_holds_until(scope: Scope) -> str:
    return moment_of("confirm_by")(scope) if scope.context.get("code_holds") else ""


def _dates(scope: Scope) -> str:
    first, last = scope.context.get("starts_on"), scope.context.get("ends_on")
    return moments.written_days(first, last, language=scope.language) if first and last else ""


PLACEHOLDERS = (
    Placeholder("greeting", _("the first line, with the reader's name"), greeting),
    Placeholder("recipient_name", _("the reader's name"), lambda scope: scope.recipient_name),
    Placeholder("recipient_email", _("the reader's address"), lambda scope: scope.recipient_email),
    Placeholder("fair", _("the fair"), value_of("fair")),
    Placeholder("conference", _("the conference"), value_of("conference_name")),
    Placeholder("site", _("the site"), value_of("site_name")),
    Placeholder("dates", _("first and last day of the conference"), _dates),
    Placeholder("first_day", _("first day of the conference"), day_of("starts_on")),
    Placeholder("last_day", _("last day of the conference"), day_of("ends_on")),
    Placeholder("reply_to", _("the fair's reply address"), lambda scope: scope.reply_to),
)
CODE = (
    Placeholder("code", _("the code that confirms the address"), value_of("code"), Kind.CODE),
    Placeholder("confirm_by", _("until when the code is valid"), moment_of("confirm_by")),
)
CALENDAR = Placeholder("calendar_url", _("address of the delegate's own calendar"), value_of("calendar_url"), Kind.LINK)
PAGE = Placeholder("page_url", _("address of the delegate's own page"), value_of("page_url"), Kind.LINK)
REASON = Placeholder("reason", _("why the organisers refuse"), value_of("reason"), Kind.LINES)
RELEASE = (
    Placeholder("changes", _("what has changed for the reader, a line a session"), value_of("changes"), Kind.LIST),
    Placeholder("version", _("number of the programme's version"), value_of("version")),
    Placeholder("note", _("what the organisers add"), value_of("note"), Kind.LINES),
)
SPEAKER_PAGE = Placeholder("page_url", _("address of the person's own page"), value_of("page_url"), Kind.LINK)
OWN_SESSIONS = Placeholder("sessions", _("what the person does on the programme, a line a session"), value_of("sessions"), Kind.LIST)
GOOD_UNTIL = Placeholder("good_until", _("until when the link is valid"), moment_of("good_until"))
SPEAKER = Placeholder("speaker", _("the person on the programme"), value_of("speaker_name"))
WHY = Placeholder("reason", _("why the person does not come"), value_of("reason"), Kind.LINES)
DESK = Placeholder("desk_url", _("address of the person's page at the desk"), value_of("desk_url"), Kind.LINK)
SESSION = (
    Placeholder("session", _("the session"), value_of("session_title")),
    Placeholder("session_starts_at", _("when the session begins"), moment_of("session_starts_at")),
)
OFFER_ENDS = Placeholder("offer_ends_at", _("until when the place is kept"), moment_of("offer_ends_at"))
STANDING = (
    PAGE,
    Placeholder("confirm_by", _("until when the code is valid, where the address is not confirmed yet"), _code_holds_until),
)
# What the shipped letter says otherwise from case to case: an own text has it from there.
SAID = {
    "standing": _("whether a place is reserved or the delegate waits for one"),
    "unconfirmed": _("that the address is not confirmed yet, where it is not"),
    "calendar_files": _("that files for the calendar are attached, where there are any"),
    "note_title": _("the line above what the organisers add, where there is something"),
    "sessions_title": _("the line above the sessions, where there are any"),
    "reason_title": _("the line above the reason, where there is a reason"),
    "same_time": _("which other session of the reader's is at the same time, where one is"),
}


_name_of = lazy(lambda named: str(named.name), str)


def sample_of(fair: Any, number: int | None) -> Sample | None:
    """The conference of this number at the fair, or its first."""
    rows = Conference.objects.filter(fair=fair).select_related("site", "fair").order_by("pk")
    chosen = (rows.filter(pk=number) if number else rows).first()
    if chosen is None:
        return None
    context = {
        "conference_name": _name_of(chosen),  # read in the letter's language, not in that of the page
        "site_name": _name_of(chosen.site),
        "starts_on": chosen.starts_on,
        "ends_on": chosen.ends_on,
        "fair_zone": fair.time_zone,
        "fair": fair,
        "session_title": _("A session of the programme"),
        "same_time": "",
        "session_starts_at": datetime.combine(chosen.starts_on, time(10), tzinfo=fair.zone),
        "offer_ends_at": datetime.combine(chosen.starts_on - timedelta(days=7), time(12), tzinfo=fair.zone),
        "is_reserved": True,
        "code": SAMPLE_CODE,
        "calendar_url": calendar_url(chosen, SAMPLE_WORD),
        "page_url": settings.SITE_URL + reverse("delegate-page", args=[chosen.slug, SAMPLE_WORD]),
        "reason": _("There are no more places for the press."),
        "confirm_by": datetime.combine(chosen.starts_on - timedelta(days=7), time(12), tzinfo=fair.zone),
        "code_holds": True,
        "version": chosen.release_number + 1,
        "note": _("The doors open half an hour earlier than before."),
        "changes": _changes_of(chosen),
        "has_files": True,
        "sessions": _sessions_of(chosen),
        "good_until": good_until(chosen),
        "speaker_name": _("Anna Rechnaya"),
        "desk_url": settings.SITE_URL + reverse("admin:conferences_speaker_changelist"),
    }
    return Sample(number=chosen.pk, context=context, choices=[(row.pk, str(row.name)) for row in rows])


def _changes_of(conference: Conference) -> ChangeLines:
    """The first session of the programme, as if it had just come onto it."""
    zone = conference.fair.time_zone
    sessions = Session.objects.placed().filter(conference=conference, is_public=True).select_related("draft_room")
    changes = [change_to(session, ChangeKind.NEW) for session in sessions.order_by("draft_starts_at", "pk")[:1]]
    return ChangeLines(changes, fair_zone=zone, reader_zone=zone)


def _sessions_of(conference: Conference) -> SessionLines:
    """What the first person of the first session does."""
    zone = conference.fair.time_zone
    parts = Participation.objects.filter(session__in=Session.objects.public().filter(conference=conference)).select_related("session__room")
    return SessionLines(list(parts.order_by("session__starts_at", "pk")[:1]), fair_zone=zone, reader_zone=zone)


def _sample_of_speaker(fair: Any, number: int | None) -> Sample | None:
    found = sample_of(fair, number)
    if found is not None:
        conference = Conference.objects.get(pk=found.number)
        found.context["page_url"] = speaker_page_url(conference, SAMPLE_WORD)
        found.context["reason"] = _("I am at another conference that week.")
    return found


def _occasion(name: str, title: Any, *placeholders: Placeholder | str, find: Callable[[Any, int | None], Any] = sample_of) -> Occasion:
    """``placeholders``: those that are but a name are words that the shipped letter has for the case (``SAID``)."""
    full_name = f"conferences.{name}"
    known = [Placeholder(one, SAID[one], as_shipped(full_name, one)) if isinstance(one, str) else one for one in placeholders]
    return Occasion(full_name, title, (*PLACEHOLDERS, *known), find)


OCCASIONS = (
    _occasion("delegate_code", _("Delegate: place reserved, with the code"), *CODE, CALENDAR, PAGE),
    _occasion("delegate_code_waiting", _("Delegate: on the waiting list, with the code"), *CODE, CALENDAR, PAGE),
    _occasion("delegate_code_applied", _("Delegate: to be approved, with the code"), *CODE, CALENDAR, PAGE),
    _occasion("delegate_applied", _("Delegate: address confirmed, to be approved"), PAGE),
    _occasion("delegate_approved", _("Delegate: approved"), "standing", PAGE),
    _occasion("delegate_approved_code", _("Delegate: approved, with the code"), "standing", *CODE, PAGE),
    _occasion("delegate_refused", _("Delegate: not approved"), REASON),
    _occasion("delegate_confirmed", _("Delegate: place confirmed"), PAGE),
    _occasion("delegate_waiting", _("Delegate: address confirmed, on the waiting list"), PAGE),
    _occasion("delegate_moved_up_code", _("Delegate: a place has come free, with the code"), *CODE, PAGE),
    _occasion("delegate_offer_lapsed", _("Delegate: an offer of a place has lapsed"), OFFER_ENDS),
    _occasion("delegate_session_place", _("Delegate: a place in a session has come free"), *SESSION, PAGE),
    _occasion("delegate_session_offered", _("Delegate: a place in a session is offered"), *SESSION, OFFER_ENDS, PAGE),
    _occasion("delegate_session_lapsed", _("Delegate: an offer of a place in a session has lapsed"), *SESSION, OFFER_ENDS, PAGE),
    _occasion("delegate_invitation", _("Delegate: invitation for the visa issued"), PAGE),
    _occasion("delegate_cancelled", _("Delegate: registration cancelled")),
    _occasion("delegate_registered_already", _("Delegate: registered already"), "standing", "unconfirmed", *STANDING),
    _occasion("programme_changed", _("Programme: what has changed for somebody in a session"), *RELEASE, "note_title", "calendar_files"),
    _occasion(
        "speaker_invited",
        _("Programme: to somebody in a session, with the link to the own page"),
        *(SPEAKER_PAGE, OWN_SESSIONS, GOOD_UNTIL, "sessions_title"),
        find=_sample_of_speaker,
    ),
    _occasion(
        "speaker_declined",
        _("To staff: somebody on the programme does not come"),
        *(SPEAKER, WHY, OWN_SESSIONS, DESK, "reason_title", "sessions_title"),
        find=_sample_of_speaker,
    ),
)
