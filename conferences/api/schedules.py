"""The programme as files that other programs read: calendars, frab's schedules, JSON-LD, and pages to print.

They are public: confidential sessions are never in them, whoever asks. A known revision is answered with 304 (docs/adr/0007).
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

import clock
from api.etags import CacheHeadersMixin, ListETagMixin
from api.filters import refuse_repeated, unknown_parameters
from api.languages import ALL, LANGUAGES, request_language
from api.problems import QueryRefused
from conferences.api.views import ConferenceMixin
from conferences.domain import calendars, readers
from conferences.exports import calendar, frab, json_ld
from conferences.exports.history import history_of
from conferences.exports.published import Entry, Gone, Programme, gone_of, programme_of, still_shows_gone
from conferences.models import Conference

LANG = OpenApiParameter("lang", str, enum=LANGUAGES, description="Language of texts; else that of `Accept-Language`, else English.")


class AnyAccept(BaseContentNegotiation):
    """A file has one form: whoever asks for its address gets that."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ExportView(ConferenceMixin, ListETagMixin, APIView):
    """The base of every file of the programme. ``write`` makes it, in the active language."""

    permission_classes = [AllowAny]
    content_negotiation_class = AnyAccept
    content_type = ""
    parameters: tuple[str, ...] = ()
    with_hosts = False

    @cached_property
    def conference(self) -> Conference:
        found = readers.exported_conference(self.request.user, self.kwargs["conference"])
        if found is None:
            raise Http404
        return found

    def get_list_revision(self) -> str:
        # The file is the same for everybody who may have it.
        if self.request.user.is_authenticated:
            return str(self.conference.fair.public_revision.number)
        number = readers.public_revision(self.kwargs["conference"])
        if number is None:
            raise Http404
        return str(number)

    def answer(self) -> HttpResponse:
        _refuse_other_parameters(self.request, self.parameters)
        return self.answer_revised(self._file)

    def write(self, programme: Programme) -> bytes:
        raise NotImplementedError

    def _file(self) -> HttpResponse:
        with override(self.language):
            programme = programme_of(self.conference, language=self.language, with_hosts=self.with_hosts)
            return HttpResponse(self.write(programme), content_type=self.content_type)

    @cached_property
    def language(self) -> str:
        return _one_language(self.request)


def _one_language(request: Any) -> str:
    language = request_language(request)
    if language == ALL:
        raise QueryRefused({"lang": _("A file is in one language: choose one of ru, zh-hans, en.")}, code="invalid_choice")
    return language


def _refuse_other_parameters(request: Any, known: tuple[str, ...]) -> None:
    _one_language(request)
    if other := [name for name in request.GET if name not in (*known, "lang")]:
        raise unknown_parameters(other, known=(*known, "lang"))
    refuse_repeated(request.GET)


def _described(operation_id: str, description: str, content_type: str, *parameters: OpenApiParameter) -> Callable[[Any], Any]:
    is_json = "json" in content_type
    return extend_schema(
        operation_id=operation_id,
        description=description,
        tags=["conferences"],
        parameters=[LANG, *parameters],
        responses={(200, content_type.partition(";")[0]): OpenApiTypes.OBJECT if is_json else OpenApiTypes.BINARY},
    )


class CalendarView(ExportView):
    content_type = calendar.CONTENT_TYPE
    parameters = ("track", "speaker")

    @_described(
        "conferences_schedule_ics",
        "The programme as an iCalendar file to subscribe to: all of it, a track, or the sessions of one speaker. "
        "Cancelled sessions stay in it as CANCELLED until 30 days after the conference.",
        calendar.CONTENT_TYPE,
        OpenApiParameter("track", str, description="A track's code."),
        OpenApiParameter("speaker", int, description="A speaker's id, as the list of speakers gives it."),
    )
    def get(self, request: Any, conference: str) -> HttpResponse:
        return self.answer()

    def get_list_revision(self) -> str:
        return f"{super().get_list_revision()}:{self._shows_gone}"

    @cached_property
    def _shows_gone(self) -> bool:
        return still_shows_gone(self.conference, now=clock.now())

    def write(self, programme: Programme) -> bytes:
        track, speaker = self.request.GET.get("track"), self.request.GET.get("speaker")
        entries, name = programme.entries, programme.name
        if track is not None:
            entries, name = _of_track(programme, entries, track)
        if speaker is not None:
            entries, name = _of_speaker(programme, entries, speaker)
        gone: list[Gone] = []
        if self._shows_gone and speaker is None:  # who was in a session that is gone is not told
            gone = gone_of(self.conference, track=track or "")
        if not self._shows_gone:
            entries = [entry for entry in entries if not entry.is_cancelled]
        return calendar.calendar_of(programme, entries=entries, gone=gone, name=name)


def _of_track(programme: Programme, entries: list[Entry], code: str) -> tuple[list[Entry], str]:
    track = next((track for track in programme.tracks if track.code == code), None)
    if track is None:
        codes = ", ".join(track.code for track in programme.tracks)
        raise QueryRefused({"track": _("There is no such track. There are: %(codes)s.") % {"codes": codes or "–"}}, code="unknown_track")
    return [entry for entry in entries if entry.track is track], f"{programme.name} · {track.name}"


def _of_speaker(programme: Programme, entries: list[Entry], number: str) -> tuple[list[Entry], str]:
    """Somebody in confidential sessions only is as unknown as nobody."""
    everybody = {str(person.id): person.name for entry in programme.entries for person in entry.people}
    if number not in everybody:
        raise QueryRefused({"speaker": _("There is no such speaker: take an id from the list of speakers.")}, code="unknown_speaker")
    own = [entry for entry in entries if any(str(person.id) == number for person in entry.people)]
    return own, f"{programme.name} · {everybody[number]}"


class DelegateCalendarView(CacheHeadersMixin, APIView):
    """A delegate's own calendar, under a link that only the delegate's letter holds."""

    permission_classes = [AllowAny]
    content_negotiation_class = AnyAccept

    @_described(
        "conferences_calendar",
        "A delegate's own calendar: the sessions open to this delegate, in the delegate's language. "
        "The link is in the letter with the code; it holds as long as the registration is confirmed.",
        calendar.CONTENT_TYPE,
        OpenApiParameter("token", str, OpenApiParameter.PATH, description="The word in the link."),
    )
    def get(self, request: Any, conference: str, token: str) -> HttpResponse:
        _refuse_other_parameters(request, ())
        delegate = calendars.delegate_of(token, conference=conference)
        if delegate is None:
            raise Http404
        found = delegate.conference
        language = request.GET.get("lang") or delegate.language
        with override(language):
            programme = programme_of(found, language=language)
            shows_gone = still_shows_gone(found, now=clock.now())
            entries = [entry for entry in calendars.sessions_for(delegate, programme) if shows_gone or not entry.is_cancelled]
            content = calendar.calendar_of(
                programme, entries=entries, gone=gone_of(found) if shows_gone else [], name=f"{programme.name} · {delegate.name}"
            )
        return HttpResponse(content, content_type=calendar.CONTENT_TYPE, headers={"Cache-Control": "private, no-store"})


class FrabXmlView(ExportView):
    content_type = frab.XML_TYPE

    @_described("conferences_schedule_xml", "The programme as frab's schedule.xml, which conference apps read.", frab.XML_TYPE)
    def get(self, request: Any, conference: str) -> HttpResponse:
        return self.answer()

    def write(self, programme: Programme) -> bytes:
        return frab.schedule_xml(programme)


class FrabJsonView(ExportView):
    content_type = frab.JSON_TYPE

    @_described("conferences_schedule_json", "The programme as frab's schedule.json, which conference apps read.", frab.JSON_TYPE)
    def get(self, request: Any, conference: str) -> HttpResponse:
        return self.answer()

    def write(self, programme: Programme) -> bytes:
        return frab.schedule_json(programme)


class PdfView(ExportView):
    content_type = "application/pdf"
    with_hosts = True

    @_described(
        "conferences_schedule_pdf",
        "The programme as a PDF to print: rooms and hours of each day, then every session with all that is known, "
        "and what each version changed.",
        content_type,
    )
    def get(self, request: Any, conference: str) -> HttpResponse:
        return self.answer()

    def write(self, programme: Programme) -> bytes:
        from conferences.exports.pdf import programme_pdf  # 30 MB that a web worker which prints nothing need not carry

        return programme_pdf(programme, history=history_of(self.conference))

    def _file(self) -> HttpResponse:
        response = super()._file()
        name = f"{self.conference.slug}-{self.language}.pdf"
        response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
        return response


class JsonLdView(ExportView):
    content_type = json_ld.CONTENT_TYPE
    with_hosts = True

    @_described(
        "conferences_schedule_jsonld",
        "The conference in the words of schema.org, for search engines: an Event with its sessions as subEvents.",
        json_ld.CONTENT_TYPE,
    )
    def get(self, request: Any, conference: str) -> HttpResponse:
        return self.answer()

    def write(self, programme: Programme) -> bytes:
        return json_ld.json_ld(programme)
