"""Own texts of a fair's letters at the desk: which there are, and the page that writes them."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from fairs.admin.letter_texts import all_texts_page, texts_page
from fairs.admin_scope import FairScopedAdmin
from fairs.roles import Right
from notifications.models import LetterTemplate
from notifications.occasions import title_of


@admin.register(LetterTemplate)
class LetterTemplateAdmin(FairScopedAdmin):
    """The own texts there are, to be read; they are written beside each other on a page of their own."""

    view_right, edit_right = Right.VIEW_LETTERS, None
    may_add = may_delete = False
    list_before_template = "fairs/admin/letter_texts_link.html"
    list_display = ("title", "language", "fair", "state", "changed_at", "changed_by")
    ordering = ("fair", "occasion", "language")
    list_filter = (("fair", RelatedOnlyFieldListFilter), "language")
    list_select_related = ("fair", "changed_by")
    fieldsets = (
        (None, {"fields": (("title", "language", "fair"), "subject", "text")}),
        (_("State"), {"fields": (("changed_at", "changed_by"), ("broken_at", "broken_because"))}),
    )
    readonly_fields = ("title",)

    def get_urls(self) -> list[URLPattern]:
        every, one = (self.admin_site.admin_view(partial(page, self)) for page in (all_texts_page, texts_page))
        return [
            path("texts/", every, name="notifications_lettertemplate_texts"),
            path("texts/<str:occasion>/", one, name="notifications_lettertemplate_text"),
            *super().get_urls(),
        ]

    @admin.display(description=_("letter"), ordering="occasion")
    def title(self, row: LetterTemplate) -> Any:
        return title_of(row.occasion)

    @display(description=_("state"), label={"used": "success", "broken": "danger"})
    def state(self, row: LetterTemplate) -> tuple[str, Any]:
        return ("broken", _("cannot be used")) if row.broken_at else ("used", _("in use"))
