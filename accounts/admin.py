"""People who sign in, at the desk: for the superuser alone."""

from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import User
from accounts.my_notices import NoticesField, my_notices_page
from api.desk_forms import StaleFormMixin
from api.desk_lists import OfferedLookupsMixin

# Rights come from roles at a fair, not from groups; the rest is the machinery of sign-in, which nobody edits by hand.
for model in (Group, EmailAddress, Authenticator, AccessAttempt, AccessFailureLog, AccessLog):
    admin.site.unregister(model)


class SuperuserOnly:
    """A page that no role at a fair opens."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    has_change_permission = has_delete_permission = has_view_permission


class AddressInline(SuperuserOnly, TabularInline):
    """Whether the person has shown that the address is theirs; without that nobody signs in at the API."""

    model = EmailAddress
    fields = ["email", "verified", "primary"]
    extra = 0


class OldUserForm(UserChangeForm):
    notices_at_once = NoticesField()


class NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name", "language", "time_zone"]


@admin.register(User)
class UserAdmin(SuperuserOnly, OfferedLookupsMixin, StaleFormMixin, DjangoUserAdmin, ModelAdmin):
    """Search by name or address; a person who leaves is switched off, not deleted."""

    form = OldUserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    ordering = ["email"]
    list_display = ["email", "name", "language", "time_zone", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "language"]
    search_fields = ["email", "name"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "language", "time_zone", "daily_digest", "notices_at_once"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "name", "language", "time_zone", "password1", "password2"]}),
        (_("Rights"), {"classes": ["wide"], "fields": ["is_staff"]}),
    ]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return [AddressInline] if obj else []

    def get_urls(self) -> list[Any]:
        own = self.admin_site.admin_view(partial(my_notices_page, self.admin_site))
        return [path("my-notices/", own, name="accounts_user_my_notices"), *super().get_urls()]


@admin.register(AccessAttempt)
class LockedSignInAdmin(SuperuserOnly, OfferedLookupsMixin, ModelAdmin):
    """Failed sign-ins at the desk; to delete one lets the person try again at once."""

    list_display = ["username", "ip_address", "failures_since_start", "attempt_time"]
    search_fields = ["username", "ip_address"]
    readonly_fields = ["username", "ip_address", "failures_since_start", "attempt_time", "user_agent"]
    fields = (*readonly_fields,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
