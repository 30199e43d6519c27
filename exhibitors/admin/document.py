"""Documents on the organisers' desk: the queue, and one document on one page with the buttons that decide on it."""

from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

import clock
from exhibitors.admin.document_export import export_approved
from exhibitors.admin.document_review import review_page
from exhibitors.enums import DocumentState
from exhibitors.models import Document
from fairs.admin.base import link
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right

STATE_COLOURS: dict[str, str | None] = {
    **dict.fromkeys(DocumentState),  # the theme shows a state without an entry by its value
    DocumentState.UPLOADED: "info",
    DocumentState.APPROVED: "success",
    DocumentState.RETURNED: "warning",
    DocumentState.EXPIRED: "danger",
}


@admin.register(Document)
class DocumentAdmin(FairScopedAdmin):
    """The queue: what waits comes first, the oldest on top. Each leads to the page where it is reviewed."""

    fair_path = "application__fair"
    region_path = "application__company__region__code"
    view_right, edit_right = Right.VIEW_APPLICATIONS, None
    list_display = ("what", "company", "state_chip", "age", "valid", "fair")
    list_display_links = None  # the first column leads to the review
    list_filter = (
        ("application__fair", admin.RelatedOnlyFieldListFilter),
        "state",
        ("requirement", admin.RelatedOnlyFieldListFilter),
        ("application__company__region", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("requirement", "site", "file", "application__company", "application__fair")
    list_per_page = 50
    ordering = (Case(When(state=DocumentState.UPLOADED, then=Value(0)), default=Value(1)).asc(), "uploaded_at", "pk")
    search_fields = ("application__company__search_text", "file__original_name", "title")
    search_help_text = _("Company, title or file name")
    fields = readonly_fields = ("requirement", "application", "state", "version", "valid_until")
    actions = ("export_zip",)
    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint = _("No documents here: exhibitors send them, and the new ones come first.")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in ("application__id__exact", "application") or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.review_view)
        return [path("<path:object_id>/review/", page, name="exhibitors_document_review"), *super().get_urls()]

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return review_page(self, request, self.found(request, object_id))

    @action(description=_("Save the approved ones as a ZIP, a folder a company"), permissions=["review"])
    def export_zip(self, request: HttpRequest, queryset: QuerySet[Document]) -> StreamingHttpResponse | None:
        return export_approved(request, queryset)

    def has_review_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._allows(request, Right.REVIEW_DOCUMENTS, None)

    # --- columns

    @admin.display(description=_("document"))
    def what(self, document: Document) -> str:
        name = str(document.requirement) if document.requirement else document.title or document.file.original_name
        place = f" · {document.site}" if document.site else ""
        version = f" · {document._meta.get_field('version').verbose_name} {document.version}" if document.version > 1 else ""
        return link(reverse("admin:exhibitors_document_review", args=[document.pk]), f"{name}{place}{version}")

    @admin.display(description=_("company"), ordering="application__company__legal_name")
    def company(self, document: Document) -> str:
        url = reverse("admin:exhibitors_application_change", args=[document.application_id])
        return format_html('<a href="{}">{}</a>', url, document.application.company)

    @display(description=_("state"), label=STATE_COLOURS, ordering="state")
    def state_chip(self, document: Document) -> tuple[str, Any]:
        return document.state, document.get_state_display()

    @admin.display(description=_("age"), ordering="uploaded_at")
    def age(self, document: Document) -> str:
        shown = moment_text(document.uploaded_at, document.application.fair.zone)
        if document.state != DocumentState.UPLOADED:
            return shown
        return format_html('<span title="{}">{}</span>', shown, age_text(document.uploaded_at, clock.now()))

    @admin.display(description=_("valid until"), ordering="valid_until")
    def valid(self, document: Document) -> str:
        return validity_text(document.valid_until, document.application.fair.ends_on)

    @admin.display(description=_("fair"), ordering="application__fair")
    def fair(self, document: Document) -> str:
        return str(document.application.fair)


def age_text(since: datetime, now: datetime) -> str:
    return timesince(since, now, depth=1)


def validity_text(day: date | None, ends_on: date) -> str:
    """A last day; one before the fair's end is marked in words, not by colour alone."""
    if day is None:
        return "–"
    shown = date_format(day, "SHORT_DATE_FORMAT")
    return format_html("{}<br><strong>{}</strong>", shown, _("before the fair ends")) if day < ends_on else shown
