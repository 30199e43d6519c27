"""Sessions on the desk. Their times are written and shown in the fair's zone, whatever the person's own."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

import clock
from api.problems import Refused
from conferences.admin.scope import OfConferenceMixin, editable_conferences
from conferences.domain import programme
from conferences.models import Conference, Participation, Room, Session, Track
from fairs.admin.base import offset_text
from fairs.admin_scope import FairScopedAdmin, FairScopedInline
from fairs.roles import Right

TITLE = ("title_ru", "title_zh_hans", "title_en")
ABSTRACT = ("abstract_ru", "abstract_zh_hans", "abstract_en")


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    interpretation = forms.MultipleChoiceField(
        label=_("Interpreted into"), choices=settings.LANGUAGES, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        conference = cleaned.get("conference") or (self.instance.conference if self.instance.conference_id else None)
        if not any(cleaned.get(name) for name in TITLE):
            self.add_error(TITLE[-1], ValidationError(_("Write it in one language at least.")))
        if conference is not None and cleaned.get("starts_at") and cleaned.get("ends_at"):
            programme.check_session(
                conference=conference,
                starts_at=cleaned["starts_at"],
                ends_at=cleaned["ends_at"],
                room=cleaned.get("room"),
                track=cleaned.get("track"),
            )
        return cleaned


class ParticipationFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            speaker = getattr(form, "cleaned_data", {}).get("speaker")
            if speaker is not None and speaker.conference_id != self.instance.conference_id:
                form.add_error("speaker", _("This person belongs to another conference."))


class ParticipationInline(FairScopedInline):
    model = Participation
    formset = ParticipationFormSet
    parent_fair_path = "conference__fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    fields = ("speaker", "role")
    autocomplete_fields = ("speaker",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("speaker")


@admin.register(Session)
class SessionAdmin(OfConferenceMixin, FairScopedAdmin):
    form = SessionForm
    list_display = ("title", "when", "room", "track_chip", "kind", "language", "is_public", "takes_place")
    list_filter = (
        ("conference", admin.RelatedOnlyFieldListFilter),
        ("track", admin.RelatedOnlyFieldListFilter),
        ("room", admin.RelatedOnlyFieldListFilter),
        "language",
        "kind",
        "is_public",
        ("cancelled_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("conference__fair", "room", "track")
    date_hierarchy = "starts_at"
    ordering = ("starts_at", "pk")
    search_fields = ("code", *TITLE)
    inlines = (ParticipationInline,)
    actions = ("cancel", "restore")
    fieldsets = (
        (None, {"fields": ("conference", ("code", "kind"), TITLE)}),
        (
            _("Time and place"),
            {"fields": (("starts_at", "ends_at"), ("room", "track", "capacity")), "description": _("Times are those of the fair's zone.")},
        ),
        (_("Languages"), {"fields": ("language", "interpretation")}),
        (_("Texts"), {"fields": (ABSTRACT, "is_public")}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        models = {"room": Room, "track": Track}
        if db_field.name in models:
            rows = models[db_field.name]._default_manager.filter(conference__in=editable_conferences(request))
            object_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kwargs["queryset"] = rows.filter(conference__sessions=object_id) if object_id else rows
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        zone = _zone_of(request, object_id)
        with timezone.override(zone) if zone else nullcontext():
            response = super().changeform_view(request, object_id, form_url, extra_context)
            # The page is drawn here, while the fair's zone holds, instead of after the view.
            return response.render() if isinstance(response, TemplateResponse) else response

    @admin.display(description=_("takes place"), boolean=True, ordering="cancelled_at")
    def takes_place(self, session: Session) -> bool:
        return session.cancelled_at is None

    @admin.action(description=_("Cancel the selected sessions"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        """They leave the programme, and calendars that have them strike them out."""
        self._take_step(request, queryset, partial(programme.cancel_session, now=clock.now()))

    @admin.action(description=_("Put the selected cancelled sessions back"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        self._take_step(request, queryset, programme.restore_session)

    def _take_step(self, request: HttpRequest, queryset: QuerySet[Session], step: Callable[..., Session]) -> None:
        user: Any = request.user
        done = 0
        # The list shows sessions of every conference where one may look; a step needs more than looking.
        for session in queryset.filter(conference__in=editable_conferences(request)).order_by("pk"):
            try:
                step(session_id=session.pk, by=user)
                done += 1
            except Refused as refusal:
                self.message_user(request, f"{session.title}: {refusal}", messages.WARNING)
        if done:
            self.message_user(request, ngettext("%(count)s session done.", "%(count)s sessions done.", done) % {"count": done})

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, session: Session) -> str:
        zone = session.conference.fair.zone
        starts_at, ends_at = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
        return f"{starts_at:%Y-%m-%d %H:%M}–{ends_at:%H:%M} ({offset_text(starts_at)})"

    @admin.display(description=_("track"), ordering="track")
    def track_chip(self, session: Session) -> SafeString | str:
        if session.track is None:
            return "–"
        return format_html(
            '<span style="border-left:0.75em solid {};padding-left:0.5em">{}</span>', session.track.colour, str(session.track)
        )


def _zone_of(request: HttpRequest, object_id: str | None) -> ZoneInfo | None:
    """The zone of the session's fair; of a new one, that of the chosen conference. None: not known yet."""
    conferences = Conference.objects.select_related("fair")
    wanted = object_id or request.POST.get("conference") or request.GET.get("conference") or ""
    if not str(wanted).isdecimal():
        return None
    conference = conferences.filter(**{"sessions" if object_id else "pk": int(wanted)}).first()
    return conference.fair.zone if conference else None
