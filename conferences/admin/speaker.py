"""People on the programme, on the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conferences.admin.scope import NAME, OfConferenceMixin
from conferences.domain.readers import matching_speakers
from conferences.models import Availability, Speaker
from fairs.admin_scope import FairScopedAdmin, FairScopedInline
from fairs.roles import Right

LANGUAGES = ("ru", "zh_hans", "en")


class AvailabilityInline(FairScopedInline):
    model = Availability
    parent_fair_path = "conference__fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    fields = ("starts_at", "ends_at")


@admin.register(Speaker)
class SpeakerAdmin(OfConferenceMixin, FairScopedAdmin):
    list_display = ("name", "organisation", "country", "language", "conference")
    list_filter = (("conference", admin.RelatedOnlyFieldListFilter), "language", "country")
    list_select_related = ("conference",)
    ordering = ("name", "pk")
    search_fields = NAME
    search_help_text = _("Name, position or organisation, in any language")
    fieldsets = (
        (None, {"fields": ("conference", NAME, ("code", "country", "language"), ("email", "time_zone"), ("travel", "visa"))}),
        (_("Position"), {"fields": (tuple(f"title_{code}" for code in LANGUAGES), tuple(f"organisation_{code}" for code in LANGUAGES))}),
        (_("Biography"), {"fields": (tuple(f"biography_{code}" for code in LANGUAGES),)}),
    )

    inlines = (AvailabilityInline,)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=matching_speakers(queryset, search_term)), False
