"""Rooms and tracks on the desk, as lists of their own; the conference's page has them too."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from conferences.admin.scope import NAME, OfConferenceMixin
from conferences.enums import RoomEquipment
from conferences.models import Room, Track
from fairs.admin_scope import FairScopedAdmin


class RoomForm(forms.ModelForm):  # type: ignore[type-arg]
    equipment = forms.MultipleChoiceField(
        label=_("Equipment"), choices=RoomEquipment, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )


@admin.register(Room)
class RoomAdmin(OfConferenceMixin, FairScopedAdmin):
    list_display = ("code", "name", "capacity", "interpretation_booths", "conference")
    list_filter = (("conference", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("conference",)
    ordering = ("conference", "code")
    search_fields = ("code", *NAME)
    form = RoomForm
    fields = ("conference", "code", NAME, ("capacity", "interpretation_booths"), ("layout", "site"), "equipment")


@admin.register(Track)
class TrackAdmin(OfConferenceMixin, FairScopedAdmin):
    list_display = ("code", "name", "colour_chip", "conference")
    list_filter = (("conference", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("conference",)
    ordering = ("conference", "code")
    search_fields = ("code", *NAME)
    fields = ("conference", ("code", "colour"), NAME)

    @admin.display(description=_("colour"), ordering="colour")
    def colour_chip(self, track: Track) -> SafeString:
        return format_html('<span style="border-left:0.75em solid {0};padding-left:0.5em">{0}</span>', track.colour)
