"""What the pages of a fair share: texts in three languages, links instead of nested forms, times in the fair's zone."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from api.languages import COLUMNS, texts_of
from fairs import access
from fairs.admin_scope import FairScopedAdmin, FairScopedInline
from fairs.models import Fair, Hall, Site


def texts(name: str) -> tuple[str, ...]:
    """The columns of a text in three languages, as one row of a form."""
    return tuple(f"{name}_{column}" for column in COLUMNS.values())


def link(url: str, text: Any) -> str:
    return format_html('<a href="{}" class="text-primary-600 dark:text-primary-500">{}</a>', url, text)


def list_link(model: str, text: Any, **filters: Any) -> str:
    """A link to the list of ``model`` ("fairs_stand"), narrowed by ``filters``."""
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return link(f"{reverse(f'admin:{model}_changelist')}?{query}", text)


class TextsForm(forms.ModelForm):
    """Each of ``needed_texts`` must be there in one language at the least."""

    needed_texts: Iterable[str] = ("name",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.needed_texts:
            if f"{name}_en" in self.fields and not any(texts_of(cleaned, name).values()):
                self.add_error(f"{name}_en", ValidationError(_("Write it in one language at the least."), code="required"))
        return cleaned


class FairAdminBase(FairScopedAdmin):
    """A page of a fair's noun; what belongs where is chosen once, when the row is made."""

    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint: Any = ""
    kept: tuple[str, ...] = ()  # fields that cannot change later: others rely on them

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(self.kept if obj else ())]

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model in (Site, Hall):
            rows = db_field.related_model._default_manager.filter(
                access.within(request.user, self.edit_right or self.view_right, fair="fair")  # type: ignore[arg-type]
            )
            kwargs["queryset"] = rows.select_related("fair")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        # "add" links name the fair, site or hall to add to
        return {name: value for name, value in request.GET.items() if name in ("fair", "site", "hall")}


def number_of(typed: str | None) -> int | None:
    """The id that a form or an address names; None where it is none."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 19 else None


class FairTimesMixin:
    """Moments on a row's own page are shown and typed in the fair's zone: a deadline is 23:59 where the fair is."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> HttpResponse:
        zone = self._zone(request, object_id)
        if zone is None:
            return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]
        with timezone.override(zone):
            response = super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]
            return response.render() if hasattr(response, "render") else response

    def _zone(self, request: HttpRequest, object_id: str | None) -> ZoneInfo | None:
        fair = self.fair_of_page(request, unquote(object_id) if object_id else None)
        return fair.zone if fair else None

    def fair_of_page(self, request: HttpRequest, pk: str | None) -> Fair | None:
        """The fair of the row ``pk``; of a new row the one that the form or the link to it names."""
        named = request.POST.get("fair") or request.GET.get("fair") if pk is None else None
        value, path = (named, "pk") if pk is None else (pk, "deadlines")
        number = number_of(value)
        return Fair.objects.filter(**{path: number}).first() if number is not None else None


class LinkedInline(FairScopedInline):
    """A list of what belongs to the page, each row a link to its own page: long forms inside forms help nobody."""

    edit_right = None
    link_right: Any = None  # who gets the link that adds one
    parent_name = "fair"
    may_add = False
    may_delete = False
    tab = True
    hide_title = True
    max_num = 0
    template_after = "fairs/admin/inline_add_link.html"
    add_url = ""

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        # One instance a request: Django makes the inlines anew for each page.
        if obj is not None and self._allows(request, self.link_right, obj):
            meta = self.model._meta
            self.add_url = f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_add')}?{self.parent_name}={obj.pk}"
        return super().get_formset(request, obj, **kwargs)

    @admin.display(description=_("name"))
    def page(self, row: Any) -> str:
        meta = self.model._meta
        return link(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]), row)
