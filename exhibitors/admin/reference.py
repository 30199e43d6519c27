"""The reference lists at the desk: everybody there reads them, a superuser changes them."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from api.desk_forms import StaleFormMixin
from api.desk_lists import OfferedLookupsMixin
from exhibitors.models import ProductCategory, Region
from exhibitors.models.reference import validate_time_zones
from fairs.admin_scope import CalmFieldsMixin


class ReferenceAdmin(CalmFieldsMixin, OfferedLookupsMixin, StaleFormMixin, ModelAdmin):
    """Rows are looked up by staff of every fair, so only the installation's superuser writes them."""

    list_fullwidth = True
    compressed_fields = False
    show_full_result_count = False
    list_per_page = 100

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class ZonesField(forms.CharField):
    """Time zones, typed with commas or blanks between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        zones = list(dict.fromkeys(re.findall(r"[^\s,;，；、]+", super().clean(value) or "")))
        validate_time_zones(zones)
        return zones


class RegionForm(forms.ModelForm):
    time_zones = ZonesField(
        label=_("Time zones"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_("The main one first, such as Asia/Yakutsk, Asia/Vladivostok."),
    )


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    form = RegionForm
    list_display = ("code", "name", "country", "zones")
    list_filter = ("country",)
    search_fields = ("code", "name_ru", "name_zh_hans", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A region keeps its country: companies lean on it."""
        return ("zones", "country") if obj else ("zones",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only reads finds the time zones as a sentence has them."""
        zones = "time_zones" if self.has_change_permission(request, obj) else "zones"
        return ("code", "country", ("name_ru", "name_zh_hans", "name_en"), zones)

    @admin.display(description=_("time zones"), ordering="time_zones")
    def zones(self, region: Region) -> str:
        return ", ".join(region.time_zones)


@admin.register(ProductCategory)
class ProductCategoryAdmin(ReferenceAdmin):
    list_display = ("code", "name")
    search_fields = ("code", "name_ru", "name_zh_hans", "name_en")
    fields = ("code", ("name_ru", "name_zh_hans", "name_en"))
