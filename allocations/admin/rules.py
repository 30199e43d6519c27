"""What organisers lay down before a run: pairs that stand apart, and fixed stands."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

import clock
from allocations.domain import locks
from allocations.models import ApartPair, StandLock
from api.problems import Refused
from fairs.admin.base import FairAdminBase
from fairs.admin_scope import FairScopedAdmin
from fairs.roles import Right


@admin.register(ApartPair)
class ApartPairAdmin(FairAdminBase):
    """Two companies, or two product groups, that should not be neighbours."""

    view_right = edit_right = Right.PLACE
    kept = ("fair",)
    empty_hint = _("No pairs yet. Competitors that exhibitors name themselves are kept apart anyway.")
    list_display = ("pair", "kind", "note", "fair")
    ordering = ("fair", "pk")
    list_filter = (("fair", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("fair", "company_a", "company_b", "category_a", "category_b")
    autocomplete_fields = ("company_a", "company_b")
    fieldsets = (
        (None, {"fields": ("fair",)}),
        (_("Two companies"), {"fields": (("company_a", "company_b"),)}),
        (
            _("or two product groups"),
            {
                "fields": (("category_a", "category_b"),),
                "description": _("The same group twice: its exhibitors do not stand beside each other."),
            },
        ),
        (None, {"fields": ("note",)}),
    )

    @admin.display(description=_("pair"))
    def pair(self, row: ApartPair) -> str:
        return str(row)

    @display(description=_("kind"), label={"companies": "info", "groups": None})
    def kind(self, row: ApartPair) -> tuple[str, Any]:
        return ("companies", _("companies")) if row.company_a_id else ("groups", _("product groups"))


class StandLockForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the domain refuses, such as two stands of one site for one application, is said beside the form."""

    saved: StandLock | None = None
    user: Any = None

    class Meta:
        model = StandLock
        fields = ("stand", "application", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        stand = self.instance.stand if self.instance.pk else cleaned["stand"]
        try:
            self.saved = locks.fix(
                stand=stand,
                application=cleaned.get("application"),
                by=self.user,
                now=clock.now(),
                reason=cleaned.get("reason", ""),
                anew=self.instance.pk is not None,
            )
        except Refused as refusal:
            for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
                name = str(error.get("pointer", "")).lstrip("/")
                self.add_error(name if name in self.fields else None, str(error["detail"]))
        return cleaned

    def _post_clean(self) -> None:
        """The domain has written the row; the form builds none."""


@admin.register(StandLock)
class StandLockAdmin(FairScopedAdmin):
    """Stands that are fixed before a run: for an application, or for nobody."""

    view_right = edit_right = Right.PLACE
    fair_path = "site__fair"
    form = StandLockForm
    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint = _("No fixed stands yet: a run places everybody where the rules say.")
    list_display = ("stand", "hall", "company", "reason", "by", "at")
    ordering = ("site__fair", "site", "stand")
    list_filter = (("site__fair", admin.RelatedOnlyFieldListFilter), ("site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("stand__hall", "application__company", "by", "site")
    autocomplete_fields = ("stand", "application")
    fieldsets = ((None, {"fields": ("stand", "application", "reason")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("stand",) if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.saved

    def save_model(self, request: HttpRequest, obj: StandLock, form: Any, change: bool) -> None:
        """The domain has written it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing belongs to it."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {name: value for name, value in request.GET.items() if name in ("stand", "application")}

    @admin.display(description=_("hall"), ordering="stand__hall")
    def hall(self, row: StandLock) -> str:
        return str(row.stand.hall)

    @admin.display(description=_("for"))
    def company(self, row: StandLock) -> Any:
        return row.application.company if row.application else _("nobody: kept out")
