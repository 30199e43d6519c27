"""The sites of an application on its page: typed by a person, checked and written by the domain."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from api.problems import Invalid
from exhibitors.admin.refusals import DomainForm
from exhibitors.domain.site_wishes import SiteWishInput, check_site
from exhibitors.domain.standing import COLUMNS
from exhibitors.models import SiteWish
from fairs import access
from fairs.admin_scope import FairScopedStackedInline
from fairs.models import Stand
from fairs.roles import Right

_FIELDS = {  # pointers of the domain's errors
    "/site": "site",
    "/first_day": "first_day",
    "/last_day": "last_day",
    "/requested_area_m2/min": "area_min_m2",
    "/requested_area_m2/wished": "area_wished_m2",
    "/requested_area_m2/max": "area_max_m2",
    "/open_sides": "open_sides",
    "/power_kw": "power_kw",
    "/cold_storage_m2": "cold_storage_m2",
}


class SiteWishForm(DomainForm):
    """Stands are named as people name them: A1-01, or hall-1/A1-01 where two halls of the site have such a number."""

    preferred = forms.CharField(
        label=gettext_lazy("Stands preferred"),
        required=False,
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Up to three numbers, the dearest first: A1-01, A1-03."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands: tuple[Stand, ...] = ()
        if self.instance.pk:
            self.initial["preferred"] = ", ".join(one.stand.number for one in self.instance.preferences.all())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        site = cleaned.get("site")
        if site is not None and cleaned.get("preferred"):
            self.stands = tuple(self._stands(site, re.split(r"[,;，、\s]+", cleaned["preferred"].strip())))
        return cleaned

    def _stands(self, site: Any, names: list[str]) -> list[Stand]:
        found = []
        for name in filter(None, names):
            hall, _slash, number = name.rpartition("/")
            stands = Stand.objects.filter(hall__site=site, number=number, **({"hall__slug": hall} if hall else {})).select_related("hall")
            if len(stands) != 1:
                self.add_error("preferred", _("This site has no stand “%(name)s”, or more than one: write hall/number.") % {"name": name})
            found += stands[:1]
        return found


class SiteWishFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Wishes are written by the domain, all of them together; the form set reads what was typed and says beside it what is wrong."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            wish = _wish_of(form)
            if wish is None or self.instance.fair_id is None:
                continue
            try:
                check_site(self.instance.fair_id, wish, pointer="")
            except Invalid as refusal:
                for error in refusal.facts["errors"]:
                    pointer = error["pointer"]
                    name = "preferred" if pointer.startswith("/stand_preferences") else _FIELDS.get(pointer)
                    form.add_error(name, str(error["detail"]))

    def wishes(self) -> list[SiteWishInput]:
        return [wish for wish in map(_wish_of, self.forms) if wish is not None]


def _wish_of(form: Any) -> SiteWishInput | None:
    """What a row says; None when it is empty, to be deleted or wrong already."""
    typed: dict[str, Any] = getattr(form, "cleaned_data", {})
    if form.errors or typed.get("DELETE") or not typed.get("site"):
        return None
    columns: dict[str, Any] = {name: typed.get(name) for name in COLUMNS}
    return SiteWishInput(site=typed["site"], stands=form.stands, **columns)


class SiteWishInline(FairScopedStackedInline):
    model = SiteWish
    form = SiteWishForm
    formset = SiteWishFormSet
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_APPLICATIONS, Right.EDIT_APPLICATIONS
    fields = (
        ("site", "scheme", "open_sides"),
        ("area_min_m2", "area_wished_m2", "area_max_m2"),
        ("power_kw", "cold_storage_m2", "water"),
        ("first_day", "last_day", "preferred"),
    )
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[SiteWish]:
        return super().get_queryset(request).prefetch_related("preferences__stand")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "site":
            fairs = access.fairs_with(request.user, Right.EDIT_APPLICATIONS)  # type: ignore[arg-type]
            kwargs["queryset"] = db_field.related_model.objects.filter(fair__in=fairs).select_related("fair")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
