"""Products and represented companies on the desk: pages of their own, reached from the application; the domain writes them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

import clock
from api.problems import Refused
from exhibitors.admin.application_groups import group_url
from exhibitors.admin.product_import import ProductsImport
from exhibitors.admin.refusals import DomainForm, add_refusal
from exhibitors.domain import products, represented
from exhibitors.domain.company_values import clean_code
from exhibitors.models import Product, RepresentedCompany, SiteWish
from fairs.admin.base import LinkedInline, TextsForm, link, texts
from fairs.admin.table_import import TableImportMixin
from fairs.admin_scope import FairScopedAdmin
from fairs.roles import Right


class PartForm(DomainForm, TextsForm):
    """``refusal``: what the domain said to the same form a moment ago; it is shown with all that was typed."""

    needed_texts: Any = ()
    refusal: Refused | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.refusal is not None:
            add_refusal(self, self.refusal)
        return cleaned


class ProductForm(PartForm):
    needed_texts = ("name",)
    # Longer than the column: papers write it with blanks.
    code = forms.CharField(label=_("TN VED or HS code"), max_length=20, widget=UnfoldAdminTextInputWidget)
    shown_at = forms.ModelMultipleChoiceField(
        label=_("Sites"),
        queryset=SiteWish.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: at every site of the application."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.instance.application_id or self.initial.get("application") or self.data.get("application")
        known = str(application).isdigit() if application else False
        wishes = SiteWish.objects.filter(application=application) if known else SiteWish.objects.none()
        if "shown_at" in self.fields:
            self.fields["shown_at"].queryset = wishes.select_related("site")  # type: ignore[attr-defined]
        if self.instance.pk and "shown_at" in self.fields:
            self.initial["shown_at"] = [one.wish_id for one in self.instance.site_links.all()]

    def clean_code(self) -> str:
        return clean_code(self.cleaned_data["code"])

    def clean_gacc_number(self) -> str:
        return clean_code(self.cleaned_data["gacc_number"])


class PartAdmin(FairScopedAdmin):
    """One row that belongs to an application. What the page shows is handed to the domain; nothing is saved past it."""

    fair_path = "application__fair"
    region_path = "application__company__region__code"
    view_right, edit_right = Right.VIEW_APPLICATIONS, Right.EDIT_APPLICATIONS
    form = PartForm
    autocomplete_fields = ("application",)
    list_filter: Any = (("application__fair", admin.RelatedOnlyFieldListFilter),)
    list_select_related: Any = ("application__company",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("application",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {name: value for name, value in request.GET.items() if name == "application"}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    @admin.display(description=_("application"))
    def application_link(self, row: Any) -> str:
        return link(reverse("admin:exhibitors_application_change", args=[row.application_id]), row.application.company)

    # --- whoever comes from the application's page goes back to it

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._back(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._back(request, obj) or super().response_post_save_change(request, obj)

    def _back(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        return HttpResponseRedirect(group_url(obj.application_id, "products")) if "application" in request.GET else None

    # --- the domain writes

    def write(self, row: Any, **values: Any) -> Model:
        raise NotImplementedError

    def values(self, form: Any) -> dict[str, Any]:
        return {name: value for name, value in form.cleaned_data.items() if name != "application"}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        written = self.write(obj, by=user, now=clock.now(), as_staff=True, **self.values(form))
        obj.pk, obj._state.adding = written.pk, False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Written with the row."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            # Nothing was written. The same form once more, which now says so beside what was typed.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def remove(self, row: Any, **who: Any) -> None:
        raise NotImplementedError

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(obj, by=request.user, now=clock.now(), as_staff=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            self.message_user(request, str(refusal), "ERROR")
            return self.response_delete(request, str(refusal), int(unquote(object_id)))


@admin.register(Product)
class ProductAdmin(TableImportMixin, PartAdmin):
    """The products of all applications: what will stand on the stands."""

    form = ProductForm
    table_import = ProductsImport()
    list_display = ("name", "code", "category", "gacc_number", "gacc_valid_until", "fate", "application_link")
    ordering = ("application", "pk")
    list_filter = (*PartAdmin.list_filter, ("category", admin.RelatedOnlyFieldListFilter), "fate")
    list_select_related = ("application__company", "category")
    search_fields = (*texts("name"), "code", "brand", "gacc_number")
    fieldsets = (
        (None, {"fields": ("application", texts("name"), ("code", "category", "brand"), texts("description"))}),
        (_("Into China"), {"fields": (("gacc_number", "gacc_valid_until"), ("fate", "quantity", "unit"))}),
        (_("Keeping"), {"fields": (("shelf_life_days", "temperature_min_c", "temperature_max_c"), "shown_at")}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "category" and field is not None:
            field.required = False  # the domain takes that of the code's chapter
        return field

    def values(self, form: Any) -> dict[str, Any]:
        values = super().values(form)
        values["sites"] = [wish.site.slug for wish in values.pop("shown_at", ())]
        category = values.pop("category", None)
        # One that was not chosen anew follows the code.
        values["category"] = category.code if category and ("category" in form.changed_data or "code" not in form.changed_data) else None
        return values

    def write(self, row: Any, **values: Any) -> Model:
        if row.pk:
            return products.update(product_id=row.pk, **values)
        return products.create(application_id=row.application_id, **values)

    def remove(self, row: Any, **who: Any) -> None:
        products.delete(product_id=row.pk, **who)


@admin.register(RepresentedCompany)
class RepresentedCompanyAdmin(PartAdmin):
    """Companies whose products are on a stand without their people."""

    list_display = ("legal_name", "country", "application_link")
    ordering = ("application", "pk")
    search_fields = ("legal_name", *texts("name"), "inn", "uscc")
    fieldsets = (
        (None, {"fields": ("application", ("legal_name", "country"), texts("name"), "brands")}),
        (_("Tax numbers"), {"fields": (("inn", "ogrn", "kpp", "uscc"),)}),
    )

    def write(self, row: Any, **values: Any) -> Model:
        if row.pk:
            return represented.update(represented_id=row.pk, **values)
        return represented.create(application_id=row.application_id, **values)

    def remove(self, row: Any, **who: Any) -> None:
        represented.delete(represented_id=row.pk, **who)


class PartInline(LinkedInline):
    """Rows with a page of their own, on the application's page: a link to each, and one that adds."""

    parent_fair_path = "fair"
    parent_name = "application"
    tab = False  # the page has groups of its own
    view_right, edit_right, link_right = Right.VIEW_APPLICATIONS, None, Right.EDIT_APPLICATIONS

    @admin.display(description=_("name"))
    def page(self, row: Any) -> str:
        url = reverse(f"admin:exhibitors_{self.opts.model_name}_change", args=[row.pk])
        return link(f"{url}?application={row.application_id}", row)


class ProductInline(PartInline):
    model = Product
    fields = readonly_fields = ("page", "code", "brand", "gacc_number", "gacc_valid_until", "fate")


class RepresentedInline(PartInline):
    model = RepresentedCompany
    fields = readonly_fields = ("page", "country", "brands")
