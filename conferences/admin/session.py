"""Sessions on the desk. Their times are written and shown in the fair's zone, whatever the person's own."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

import clock
from api.desk_fields import drawn_once
from api.problems import Refused
from api.text import colon, labelled
from conferences.admin.board_state import move_texts
from conferences.admin.scope import OfConferenceMixin, editable_conferences
from conferences.admin.session_check import SessionCheckAdmin
from conferences.admin.sign_ups import sign_ups_panel
from conferences.admin.speaker_panels import slides_panel
from conferences.admin.table_imports import ProgrammeImport
from conferences.domain import delegates, programme
from conferences.domain.clashes import Slot, clashes_with
from conferences.models import Conference, Participation, Room, Session, SessionHost, SessionMove, Track
from fairs.admin.table_import import TableImportMixin
from fairs.admin_scope import FairScopedInline
from fairs.moments import moment_text, span_text
from fairs.roles import Right

TITLE = ("title_ru", "title_zh_hans", "title_en")
MOVES_SHOWN = 10  # older ones are in the database
ABSTRACT = ("abstract_ru", "abstract_zh_hans", "abstract_en")


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    interpretation = forms.MultipleChoiceField(
        label=_("Interpreted into"), choices=settings.LANGUAGES, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    further_languages = forms.MultipleChoiceField(
        label=_("Also held in"), choices=settings.LANGUAGES, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "minutes" in self.fields:
            self.fields["minutes"].required = False
            self.fields["minutes"].help_text = _("Of one without a time; else it follows from beginning and end.")

    def clean_minutes(self) -> int:
        minutes: int | None = self.cleaned_data["minutes"]
        return minutes or self.instance.minutes

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        conference = cleaned.get("conference") or (self.instance.conference if self.instance.conference_id else None)
        if not any(cleaned.get(name) for name in TITLE):
            self.add_error(TITLE[-1], ValidationError(_("Write it in one language at least.")))
        if conference is not None and {"draft_starts_at", "draft_ends_at"} <= cleaned.keys():
            try:
                self._check_place(conference, cleaned)
            except ValidationError as refusal:
                self.add_error(None, _by_draft_field(refusal))
        return cleaned

    def _check_place(self, conference: Conference, cleaned: dict[str, Any]) -> None:
        starts_at, ends_at, room = cleaned["draft_starts_at"], cleaned["draft_ends_at"], cleaned.get("draft_room")
        programme.check_session(conference=conference, starts_at=starts_at, ends_at=ends_at, room=room, track=cleaned.get("track"))
        if starts_at is None:
            return
        delegates.lock(conference.pk)  # to the end of the page's transaction: nobody takes the place meanwhile
        cleaned["minutes"] = self.instance.minutes = programme.whole_minutes(starts_at, ends_at)
        slot = Slot(self.instance.pk, self.instance.code, "", starts_at, ends_at, room.pk if room else None, str(room or ""))
        if taken := [clash for clash in clashes_with(slot, conference_id=conference.pk) if clash.kind == "room"]:
            raise ValidationError({"room": [str(clash) for clash in taken]})


def _by_draft_field(refusal: ValidationError) -> ValidationError:
    names = {"room": "draft_room", "starts_at": "draft_starts_at", "ends_at": "draft_ends_at"}
    return ValidationError({names.get(name, name): errors for name, errors in refusal.error_dict.items()})


class ParticipationFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            speaker = getattr(form, "cleaned_data", {}).get("speaker")
            if speaker is not None and speaker.conference_id != self.instance.conference_id:
                form.add_error("speaker", _("This person belongs to another conference."))
        if not any(self.errors):
            self._refuse_clashes()

    def _refuse_clashes(self) -> None:
        session = self.instance
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("speaker") and not form.cleaned_data.get("DELETE")]
        if session.conference_id is None or session.draft_starts_at is None or session.draft_ends_at is None or session.cancelled_at:
            return
        people = {cells["speaker"].pk: str(cells["speaker"]) for cells in kept}
        slot = Slot(session.pk, session.code, "", session.draft_starts_at, session.draft_ends_at, people=people)
        if clashes := clashes_with(slot, conference_id=session.conference_id):
            raise ValidationError([str(clash) for clash in clashes])


class ParticipationInline(FairScopedInline):
    model = Participation
    formset = ParticipationFormSet
    parent_fair_path = "conference__fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    fields = ("speaker", "role")
    autocomplete_fields = ("speaker",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("speaker")


class SessionHostInline(FairScopedInline):
    model = SessionHost
    parent_fair_path = "conference__fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    fields = ("application",)
    autocomplete_fields = ("application",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("application__company")


@admin.register(Session)
class SessionAdmin(TableImportMixin, OfConferenceMixin, SessionCheckAdmin):
    form = SessionForm
    table_import = ProgrammeImport()
    list_display = ("title", "when", "draft_room_named", "track_chip", "kind", "language", "takes_place", "is_released")
    list_filter = (
        ("conference", admin.RelatedOnlyFieldListFilter),
        ("track", admin.RelatedOnlyFieldListFilter),
        ("draft_room", admin.RelatedOnlyFieldListFilter),
        "language",
        "kind",
        "is_public",
        ("cancelled_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("conference__fair", "draft_room", "track")
    date_hierarchy = "draft_starts_at"
    ordering = ("draft_starts_at", "pk")
    search_fields = ("code", *TITLE)
    inlines = (ParticipationInline, SessionHostInline)
    readonly_fields = ("released_place", "moves", "slides_shown", "sign_ups_shown")
    actions = ("cancel", "restore")
    fieldsets = (
        (None, {"fields": ("conference", ("code", "kind"), TITLE)}),
        (
            _("Time and place"),
            {
                "fields": (
                    ("draft_starts_at", "draft_ends_at"),
                    ("draft_room", "minutes"),
                    ("track", "capacity"),
                    ("takes_sign_ups", "sign_ups_shown"),
                    "released_place",
                    "moves",
                ),
                "description": _("Times are those of the fair's zone. Everybody sees the place in the draft once it is released."),
            },
        ),
        (_("Languages"), {"fields": (("language", "further_languages"), "interpretation")}),
        (_("Texts"), {"fields": (ABSTRACT, "is_public", "slides_shown")}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        models = {"draft_room": Room, "track": Track}
        if db_field.name in models:
            rows = models[db_field.name]._default_manager.filter(conference__in=editable_conferences(request))
            object_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kwargs["queryset"] = rows.filter(conference__sessions=object_id) if object_id else rows
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, session: Session, form: Any, change: bool) -> None:
        user: Any = request.user
        before = programme.place_of(Session.objects.get(pk=session.pk)) if change else programme.Place()
        super().save_model(request, session, form, change)
        programme.record_move(session, before=before, by=user, now=clock.now())

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        zone = _zone_of(request, object_id)
        with timezone.override(zone) if zone else nullcontext(), transaction.atomic(), programme.placing_freely():
            response = super().changeform_view(request, object_id, form_url, extra_context)
            # The page is drawn here, while the fair's zone holds, instead of after the view.
            return response.render() if isinstance(response, TemplateResponse) else response

    @admin.display(description=_("sign-ups"))
    @drawn_once
    def sign_ups_shown(self, session: Session) -> SafeString | str:
        return sign_ups_panel(session)

    @admin.display(description=_("takes place"), boolean=True, ordering="cancelled_at")
    def takes_place(self, session: Session) -> bool:
        return session.cancelled_at is None

    @admin.action(description=_("Cancel the selected sessions"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        """They leave the programme, and calendars that have them strike them out."""
        self._take_step(request, queryset, partial(programme.cancel_session, now=clock.now()))

    @admin.action(description=_("Put the selected cancelled sessions back"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        self._take_step(request, queryset, partial(programme.restore_session, now=clock.now()))

    def _take_step(self, request: HttpRequest, queryset: QuerySet[Session], step: Callable[..., Session]) -> None:
        user: Any = request.user
        done = 0
        # The list shows sessions of every conference where one may look; a step needs more than looking.
        for session in queryset.filter(conference__in=editable_conferences(request)).order_by("pk"):
            try:
                step(session_id=session.pk, by=user)
                done += 1
            except Refused as refusal:
                self.message_user(request, labelled(session.title, refusal), messages.WARNING)
        if done:
            self.message_user(request, ngettext("%(count)s session done.", "%(count)s sessions done.", done) % {"count": done})

    @admin.display(description=_("when"), ordering="draft_starts_at")
    def when(self, session: Session) -> str:
        return _times(session, session.draft_starts_at, session.draft_ends_at) or "–"

    @admin.display(description=_("room"), ordering="draft_room")
    def draft_room_named(self, session: Session) -> str:
        return str(session.draft_room) if session.draft_room else "–"

    @admin.display(description=_("released"), boolean=True)
    def is_released(self, session: Session) -> bool:
        return (session.room_id, session.starts_at, session.ends_at) == (
            session.draft_room_id,
            session.draft_starts_at,
            session.draft_ends_at,
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None:
            found.reader = request.user  # links to files are for one person
        return found

    @admin.display(description=_("slides"))
    @drawn_once
    def slides_shown(self, session: Any) -> SafeString | str:
        return slides_panel(session.slides.select_related("file", "speaker"), reader=session.reader, with_names=True) if session.pk else "–"

    @admin.display(description=_("as released"))
    def released_place(self, session: Session) -> str:
        return " · ".join(filter(None, (_times(session, session.starts_at, session.ends_at), str(session.room or "")))) or "–"

    @admin.display(description=_("moves in the draft"))
    @drawn_once
    def moves(self, session: Session) -> SafeString | str:
        """The newest first: when and by whom, from where to where."""
        found = SessionMove.objects.filter(session=session.pk).select_related("by", "from_room", "to_room")[:MOVES_SHOWN]
        zone = session.conference.fair.zone if session.conference_id else None
        rows = [(moment_text(move.at, zone), move.by or "–", *move_texts(session.conference, move)) for move in found if zone]
        return format_html_join(mark_safe("<br>"), "{} · {}" + colon() + "{} → {}", rows) or "–"

    @admin.display(description=_("track"), ordering="track")
    def track_chip(self, session: Session) -> SafeString | str:
        if session.track is None:
            return "–"
        return format_html(
            '<span style="border-left:0.75em solid {};padding-left:0.5em">{}</span>', session.track.colour, str(session.track)
        )


def _times(session: Session, starts_at: datetime | None, ends_at: datetime | None) -> str:
    if starts_at is None or ends_at is None:
        return ""
    return span_text(starts_at, ends_at, session.conference.fair.zone)


def _zone_of(request: HttpRequest, object_id: str | None) -> ZoneInfo | None:
    """The zone of the session's fair; of a new one, that of the chosen conference. None: not known yet."""
    conferences = Conference.objects.select_related("fair")
    wanted = object_id or request.POST.get("conference") or request.GET.get("conference") or ""
    if not str(wanted).isdecimal():
        return None
    conference = conferences.filter(**{"sessions" if object_id else "pk": int(wanted)}).first()
    return conference.fair.zone if conference else None
