from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fairs.admin.base import FairAdminBase, FairTimesMixin, TextsForm, moment_text, texts
from fairs.models import Deadline
from fairs.roles import Right


class DeadlineForm(TextsForm):
    needed_texts = ("title",)


@admin.register(Deadline)
class DeadlineAdmin(FairTimesMixin, FairAdminBase):
    """What is due when; reminders follow from it."""

    form = DeadlineForm
    edit_right = Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("No deadlines yet: add the first, and those whom it concerns are reminded of it.")
    list_display = ["title", "due", "audience", "is_public", "fair"]
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), "audience", "is_public"]
    list_select_related = ["fair"]
    search_fields = ["code", *texts("title")]
    ordering = ["due_at", "pk"]
    fieldsets = [
        (None, {"fields": ["fair", "code", texts("title")]}),
        (
            _("When and for whom"),
            {"fields": ["due_at", ("audience", "is_public")], "description": _("Times on this page are in the fair's time zone.")},
        ),
    ]

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, deadline: Deadline) -> str:
        return moment_text(deadline.due_at, deadline.fair.zone)
