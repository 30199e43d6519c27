from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminEmailInputWidget

from accounts.models import User, normalise_address
from fairs.admin.base import FairAdminBase
from fairs.admin_scope import FairScopedInline
from fairs.domain import staff
from fairs.models import StaffMembership
from fairs.region_names import with_region_name
from fairs.roles import Right


class StaffForm(forms.ModelForm):
    """The person is named by the address: a list of everybody with a login is nobody's to read."""

    email = forms.EmailField(label=_("Email address"), help_text=_("Of somebody who has signed up."), widget=UnfoldAdminEmailInputWidget)

    class Meta:
        model = StaffMembership
        fields = ["fair", "role", "region_code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "email" in self.fields:
            self.fields["email"].initial = self.instance.user.email
            self.fields["email"].disabled = True

    def clean_email(self) -> str:
        email = normalise_address(self.cleaned_data["email"])
        user = User.objects.filter(email=email, is_active=True).first()
        if self.instance.pk is None:
            if user is None:
                raise ValidationError(_("Nobody here has this address: the person signs up first."), code="unknown")
            self.instance.user = user
        return email


class StaffInline(FairScopedInline):
    model = StaffMembership
    form = StaffForm
    fields = ["email", "role", "region_code"]
    edit_right = Right.MANAGE_STAFF
    view_right = Right.MANAGE_STAFF
    tab = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user")


@admin.register(StaffMembership)
class StaffMembershipAdmin(FairAdminBase):
    """Who works on which fair in which role. What each role may do: docs/roles.md."""

    form = StaffForm
    view_right = Right.MANAGE_STAFF
    edit_right = Right.MANAGE_STAFF
    kept = ("fair",)
    empty_hint = _("Nobody works on this fair yet.")
    list_display = ["user", "role", "region", "fair"]
    ordering = ("fair", "role", "pk")
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), "role"]
    list_select_related = ["fair", "user"]
    search_fields = ["user__email", "user__name", "region_code"]
    fieldsets = [(None, {"fields": ["fair", "email", ("role", "region_code")]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffMembership]:
        return with_region_name(super().get_queryset(request), "region_code")

    @admin.display(description=_("region"), ordering="region_code")
    def region(self, membership: Any) -> str:
        return str(membership.region_name) or "–"

    def save_model(self, request: HttpRequest, obj: StaffMembership, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        staff.open_desk(user=obj.user)
