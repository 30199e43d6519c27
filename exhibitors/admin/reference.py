"""The reference lists at the desk: everybody there reads them, a superuser changes them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from api.desk_forms import StaleFormMixin
from api.desk_lists import OfferedLookupsMixin
from exhibitors.models import ProductCategory, Region
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


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    list_display = ("code", "name", "country", "time_zones")
    list_filter = ("country",)
    search_fields = ("code", "name_ru", "name_zh_hans", "name_en")
    fields = ("code", "country", ("name_ru", "name_zh_hans", "name_en"), "time_zones")


@admin.register(ProductCategory)
class ProductCategoryAdmin(ReferenceAdmin):
    list_display = ("code", "name")
    search_fields = ("code", "name_ru", "name_zh_hans", "name_en")
    fields = ("code", ("name_ru", "name_zh_hans", "name_en"))
