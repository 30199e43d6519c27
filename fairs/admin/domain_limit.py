"""How many letters a minute single domains take: a matter of the installation, not of one fair."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from api.desk_forms import StaleFormMixin
from api.desk_lists import OfferedLookupsMixin
from fairs.admin_scope import CalmFieldsMixin
from notifications.models import DomainLimit


@admin.register(DomainLimit)
class DomainLimitAdmin(CalmFieldsMixin, OfferedLookupsMixin, StaleFormMixin, ModelAdmin):
    """For superusers; the mail server's own limit is a setting, LETTERS_PER_MINUTE."""

    list_display = ["domain", "per_minute"]
    search_fields = ["domain"]
    fields = ["domain", "per_minute"]
    list_fullwidth = True
    compressed_fields = False
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)
