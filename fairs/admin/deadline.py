import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from fairs import access
from fairs.admin.asks_before_letters import AsksBeforeLettersMixin
from fairs.admin.base import FairAdminBase, FairTimesMixin, TextsForm, texts
from fairs.admin_scope import FairScopedInline
from fairs.domain import ladders
from fairs.models import Deadline, Rung, Site
from fairs.models.deadline import validate_category_codes
from fairs.moments import moment_text
from fairs.roles import Right


class CodesField(forms.CharField):
    """A list of codes, typed with commas or blanks between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        codes = re.findall(r"[^\s,;，；、]+", super().clean(value) or "")
        validate_category_codes(codes)
        return list(dict.fromkeys(codes))


class DeadlineForm(TextsForm):
    needed_texts = ("title",)

    category_codes = CodesField(
        label=_("Product categories"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Codes such as 03, 16: only exhibitors of one of these; none: of any."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites: Any = self.fields.get("sites")
        if sites is not None and self.instance.pk:
            sites.queryset = sites.queryset.filter(fair=self.instance.fair_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        fair = cleaned.get("fair") or (self.instance.fair if self.instance.fair_id else None)
        if fair and any(site.fair_id != fair.pk for site in cleaned.get("sites") or ()):
            self.add_error("sites", ValidationError(_("Choose sites of the same fair."), code="other_fair"))
        return cleaned


class RungInline(FairScopedInline):
    """The ladder: who hears of it when."""

    model = Rung
    parent_fair_path = "fair"
    fields = ["offset", "unit", "reader", "act"]
    hide_title = True
    tab = True


@admin.register(Deadline)
class DeadlineAdmin(FairTimesMixin, AsksBeforeLettersMixin, FairAdminBase):
    """What is due when, for whom, and who is reminded of it when."""

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
            {
                "fields": ["due_at", ("audience", "is_public"), ("sites", "category_codes")],
                "description": _("Times on this page are in the fair's time zone."),
            },
        ),
        (_("Afterwards"), {"fields": [texts("consequence")]}),
    ]
    inlines = [RungInline]

    def get_inlines(self, request: HttpRequest, obj: Deadline | None) -> Any:
        return super().get_inlines(request, obj) if obj else []  # a new deadline gets the usual ladder first

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Site:
            kwargs["queryset"] = Site.objects.filter(access.within(request.user, Right.EDIT_FAIR, fair="fair")).select_related("fair")  # type: ignore[arg-type]
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Deadline, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            ladders.give_usual(obj)

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, deadline: Deadline) -> str:
        return moment_text(deadline.due_at, deadline.fair.zone)
