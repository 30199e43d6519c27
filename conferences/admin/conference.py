"""Conferences on the desk: days, places, rooms and tracks, and the way to programme and delegates."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

import clock
from api.desk_fields import drawn_once
from api.text import colon
from conferences.admin import board, invitation_text, release, stand_staff
from conferences.admin.delegate_kinds import DelegateQuotaInline, kinds_table
from conferences.admin.exports import export_links, export_page
from conferences.admin.room import RoomForm
from conferences.admin.scope import NAME
from conferences.domain import conferences, delegates
from conferences.domain.invitation_texts import column_of, wrong_in
from conferences.enums import DelegateStatus, SpeakerAnswer
from conferences.models import Conference, ConferenceDay, DelegateQuota, Room, Track
from fairs import access
from fairs.admin.base import link
from fairs.admin_scope import FairScopedAdmin, FairScopedInline, FairScopedStackedInline
from fairs.models import Site
from fairs.roles import Right

INVITATION_TEXT = tuple(column_of(language) for language in ("ru", "zh-hans", "en"))
WAYS = ("minutes_between_rooms", "minutes_between_sites")


class DayInline(FairScopedInline):
    model = ConferenceDay
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    fields = ("date", "opens_at", "closes_at")
    tab = True
    ordering = ("date",)


class RoomInline(FairScopedStackedInline):
    model = Room
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    form = RoomForm
    fields = (("code", "capacity", "interpretation_booths"), NAME, ("layout", "site"), "equipment")
    tab = True
    ordering = ("code",)


class TrackInline(FairScopedStackedInline):
    model = Track
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    fields = (("code", "colour"), NAME)
    ordering = ("code",)
    tab = True


class ConferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        fair_id = self.instance.fair_id or (cleaned["fair"].pk if cleaned.get("fair") else None)
        site = cleaned.get("site")
        if site is not None and fair_id is not None and site.fair_id != fair_id:
            raise ValidationError({"site": _("This is a site of another fair.")})
        if not any(cleaned.get(name) for name in NAME):
            raise ValidationError({NAME[-1]: _("Write it in one language at least.")})
        if wrong := {name: said for name in INVITATION_TEXT if (said := wrong_in(cleaned.get(name) or ""))}:
            raise ValidationError(wrong)
        return cleaned


@admin.register(Conference)
class ConferenceAdmin(FairScopedAdmin):
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    form = ConferenceForm
    list_display = ("__str__", "fair", "site", "starts_on", "ends_on", "places", "board_link")
    list_filter = (("fair", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("fair", "site")
    search_fields = ("slug", *NAME)
    inlines = (DayInline, RoomInline, TrackInline, DelegateQuotaInline)
    readonly_fields = ("pages", "exports", "kinds", "invitation_help", "answers", "programme_links")
    fieldsets = (
        (None, {"fields": (NAME, ("slug", "capacity", "offer_hours"), ("fair", "site"), ("starts_on", "ends_on"), WAYS, "pages")}),
        (_("Delegates by kind"), {"fields": ("kinds",)}),
        (_("Visa invitations"), {"fields": (INVITATION_TEXT, "invitation_help"), "classes": ("collapse",)}),
        (_("Exports"), {"fields": ("exports",)}),
        (_("Programme"), {"fields": ("programme_links", "answers")}),
    )

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(partial(export_page, self))
        boards = {
            "invitation": invitation_text.sample_page,
            "stand-staff": stand_staff.stand_staff_page,
            "release": release.release_page,
            "board": board.board_page,
            "board/state": board.state_view,
            "board/check": board.check_view,
            "board/free": board.free_view,
            "board/change": board.change_view,
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(partial(view, self)),
                name=f"conferences_conference_{name.replace('/', '_')}",
            )
            for name, view in reversed(boards.items())
        ]
        return [path("<path:object_id>/export/<str:table>", page, name="conferences_conference_export"), *own, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Conference | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "fair") if obj else self.readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conference]:
        reserved = Count("delegates", filter=Q(delegates__status__in=DelegateStatus.with_place))
        return super().get_queryset(request).annotate(reserved=reserved)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "site":
            fairs = access.fairs_with(request.user, Right.EDIT_CONFERENCE)  # type: ignore[arg-type]
            kwargs["queryset"] = Site.objects.filter(fair__in=fairs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Conference, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "capacity" in form.changed_data:
            conferences.set_capacity(conference_id=obj.pk, capacity=obj.capacity, now=clock.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if any(formset.model is DelegateQuota and formset.has_changed() for formset in formsets):
            delegates.fill_places(conference_id=form.instance.pk, now=clock.now())

    @admin.display(description=_("placeholders"))
    def invitation_help(self, conference: Conference) -> SafeString | str:
        return invitation_text.help_of(conference) if conference.pk else "–"

    @admin.display(description=_("places taken"))
    def places(self, conference: Any) -> str:
        return f"{conference.reserved} / {conference.capacity}"

    @admin.display(description=_("pages"))
    def pages(self, conference: Conference) -> SafeString | str:
        if not conference.pk:
            return "–"
        links = (
            (reverse(f"admin:conferences_{name}_changelist"), conference.pk, label)
            for name, label in (("session", _("sessions")), ("speaker", _("speakers")), ("delegate", _("delegates")))
        )
        rows = format_html_join(" · ", '<a class="text-primary-600" href="{}?conference__id__exact={}">{}</a>', links)
        staff = link(reverse("admin:conferences_conference_stand-staff", args=[conference.pk]), _("register people of the stands"))
        return format_html("{} · {}", rows, staff)

    @admin.display(description=_("programme"))
    def board_link(self, conference: Conference) -> SafeString | str:
        return link(reverse("admin:conferences_conference_board", args=[conference.pk]), _("Programme board")) if conference.pk else "–"

    @admin.display(description=_("programme"))
    def programme_links(self, conference: Conference) -> SafeString | str:
        if not conference.pk:
            return "–"
        names = (("board", _("Programme board")), ("release", _("Release the programme")))
        links = ((link(reverse(f"admin:conferences_conference_{name}", args=[conference.pk]), label),) for name, label in names)
        return format_html_join(" · ", "{}", links)

    @admin.display(description=_("people on the programme"))
    @drawn_once
    def answers(self, conference: Conference) -> SafeString | str:
        """How many have answered what, each a list; those who have not are written to from theirs."""
        if not conference.pk:
            return "–"
        counts = dict(conference.speakers.order_by().values_list("answer").annotate(Count("pk")))
        page = reverse("admin:conferences_speaker_changelist")
        links = (
            (link(f"{page}?conference__id__exact={conference.pk}&answer__exact={value}", label), counts.get(value, 0))
            for value, label in SpeakerAnswer.choices
        )
        return format_html_join(" · ", "{}" + colon() + "{}", links)

    @admin.display(description=_("to take along and to hand on"))
    @drawn_once
    def exports(self, conference: Conference) -> SafeString | str:
        return export_links(conference) if conference.pk else "–"

    @admin.display(description=_("places and people"))
    @drawn_once
    def kinds(self, conference: Conference) -> SafeString | str:
        return kinds_table(conference) if conference.pk else "–"
