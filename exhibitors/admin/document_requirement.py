"""Which documents the fair asks for, on the organisers' desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from api.file_kinds import FileKind, names_of
from exhibitors.models import DocumentRequirement
from fairs import access
from fairs.admin.asks_before_letters import AsksBeforeLettersMixin
from fairs.admin.base import FairAdminBase, TextsForm, number_of, texts
from fairs.models import Deadline
from fairs.moments import moment_text
from fairs.roles import Right


class DocumentRequirementForm(TextsForm):
    needed_texts = ("title",)

    kinds = forms.MultipleChoiceField(label=_("Kinds of files"), choices=FileKind.choices, widget=forms.CheckboxSelectMultiple)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        fair = cleaned.get("fair") or (self.instance.fair if self.instance.pk else None)
        deadline = cleaned.get("deadline")
        if fair is not None and deadline is not None and deadline.fair_id != fair.pk:
            self.add_error("deadline", _("This deadline is of another fair."))
        return cleaned


@admin.register(DocumentRequirement)
class DocumentRequirementAdmin(AsksBeforeLettersMixin, FairAdminBase):
    """A rule an exhibitor reads on its checklist: what, of whom, by when, in force from when to when."""

    form = DocumentRequirementForm
    edit_right = Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("Nothing is asked for yet: add the first document, and the exhibitors whom it concerns find it on their checklist.")
    list_display = ["title", "audience", "due", "is_required", "taken", "fair"]
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), "audience", "is_required"]
    list_select_related = ["fair", "deadline"]
    search_fields = ["code", *texts("title")]
    ordering = ["deadline__due_at", "pk"]
    fieldsets = [
        (None, {"fields": ["fair", "code", texts("title"), texts("help")]}),
        (
            _("When and for whom"),
            {"fields": [("audience", "deadline"), "categories", ("is_required", "per_site"), ("valid_from", "valid_to")]},
        ),
        (_("The file"), {"fields": ["kinds", "needs_expiry"]}),
    ]

    def _watched(self, request: HttpRequest, object_id: str | None) -> tuple[int | None, int | None]:
        """The deadline by which the document is due: who had done all that it asks for is reminded of what is new."""
        typed = number_of(request.POST.get("deadline", ""))
        return Deadline.objects.filter(pk=typed).values_list("fair", "pk").first() or (None, None)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "deadline":
            user: Any = request.user
            kwargs["queryset"] = Deadline.objects.filter(access.within(user, Right.EDIT_FAIR, fair="fair")).select_related("fair")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "categories":
            kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("due"), ordering="deadline__due_at")
    def due(self, requirement: DocumentRequirement) -> str:
        return moment_text(requirement.deadline.due_at, requirement.fair.zone) if requirement.deadline else "–"

    @admin.display(description=_("kinds of files"))
    def taken(self, requirement: DocumentRequirement) -> str:
        return names_of(requirement.kinds)
