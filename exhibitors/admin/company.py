"""Companies at the desk: seen through the fairs they take part in, written by the same rules as everywhere."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminImageFieldWidget

import clock
from accounts.models import normalise_address
from api.desk_forms import StaleFormMixin
from api.desk_lists import OfferedLookupsMixin
from api.problems import Invalid
from api.text import clean_line
from exhibitors.admin.apply_again import apply_again_url, last_application
from exhibitors.admin.changes import changed_since
from exhibitors.admin.company_history import ChangeInline, InvitationInline
from exhibitors.admin.company_import_form import import_page
from exhibitors.admin.company_rights import may_change
from exhibitors.admin.import_filter import ImportFilter
from exhibitors.admin.invite_contacts import MOST_AT_ONCE, MembersFilter, invite_contacts_page
from exhibitors.admin.letter_timeline import company_letters_page
from exhibitors.admin.refusals import field_of
from exhibitors.domain import changes, claims, companies, duplicates, logos
from exhibitors.domain.company_queries import companies_for_staff
from exhibitors.domain.company_values import CompanyValues, Reference, check
from exhibitors.domain.search import matching
from exhibitors.enums import ChangeSource, ChangeSubject, ClaimStatus, CompanyRole
from exhibitors.models import Application, Company, CompanyContact, CompanyMember
from fairs import access
from fairs.admin.base import link
from fairs.admin_scope import CalmFieldsMixin
from fairs.moments import moment_text
from fairs.roles import Right
from notifications.access import may_see_letters

_LANGUAGES = ("ru", "zh_hans", "en")
_TEXTS = tuple(f"{name}_{code}" for name in ("name", "brands", "description") for code in _LANGUAGES)
_PLAIN = ("legal_name", "country", "inn", "ogrn", "kpp", "uscc", "website")


class CompanyForm(forms.ModelForm):
    """What is typed is checked by the domain; its errors come back to their fields."""

    logo = forms.FileField(  # not ImageField, which reads any kind of picture of any size before we are asked
        label=capfirst(_("logo")),
        required=False,
        widget=UnfoldAdminImageFieldWidget({"accept": "image/*"}),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. Its longer side is made 800 pixels if it has more."),
    )
    new_logo: logos.Logo | None = None

    class Meta:
        model = Company
        fields = ()  # the page names them

    def values(self) -> CompanyValues:
        """What the form says, in the domain's plain values."""
        cleaned = self.cleaned_data
        values: dict[str, Any] = {name: cleaned.get(name) or "" for name in (*_PLAIN, *_TEXTS) if name in self.fields}
        values["region"] = cleaned["region"].code if cleaned.get("region") else None
        values["categories"] = [category.code for category in cleaned.get("categories") or []]
        return values  # type: ignore[return-value]

    def clean_logo(self) -> Any:
        given = self.cleaned_data["logo"]
        if isinstance(given, UploadedFile):
            try:
                self.new_logo = logos.read_logo(given)
            except logos.LogoRefused as refusal:
                raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return given

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            check(self.values(), reference=Reference.load())
        except Invalid as refusal:
            for error in refusal.facts["errors"]:
                name = field_of(error["pointer"])
                if name not in self.errors:  # the form has said so already
                    self.add_error(name if name in self.fields else None, str(error["detail"]))
        return cleaned


class OfCompany(TabularInline):
    """Rows of the company that is open: whoever may change it may change them."""

    extra = 0
    tab = True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        user: Any = request.user
        return user.is_authenticated and access.has_right_anywhere(user, Right.VIEW_APPLICATIONS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_change(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_change(request, obj)


class ApplicationInline(OfCompany):
    """Where the company takes part or wants to, at the fairs whose applications the reader sees."""

    model = Application
    fields = readonly_fields = ("page", "status", "submitted")
    max_num = 0
    hide_title = True
    template_after = "fairs/admin/inline_add_link.html"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_add_permission = has_delete_permission = has_change_permission

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        user: Any = request.user
        seen = access.within(user, Right.VIEW_APPLICATIONS, fair="fair", region="company__region__code")
        return super().get_queryset(request).filter(seen).select_related("fair").order_by("-fair__starts_on", "-pk")

    @admin.display(description=_("fair"))
    def page(self, application: Application) -> str:
        return link(reverse("admin:exhibitors_application_change", args=[application.pk]), application.fair)

    @admin.display(description=_("submitted"))
    def submitted(self, application: Application) -> str:
        return moment_text(application.submitted_at, application.fair.zone)


class ContactForm(forms.ModelForm):
    """A contact in the form in which the domain keeps one: nothing invisible in the name, the address in lower case."""

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write the contact's name."), code="required")
        return name

    def clean_email(self) -> str:
        return normalise_address(clean_line(self.cleaned_data["email"]))


class ContactInline(OfCompany):
    model = CompanyContact
    form = ContactForm
    fields = ("role", "name", "email", "phone", "language", "time_zone")


class MemberFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """A company that has members keeps an owner."""

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if not form.errors and form.cleaned_data.get("user")]
        kept = [row["role"] for row in rows if not row.get("DELETE")]
        if (kept or rows) and CompanyRole.OWNER not in kept and any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_("A company keeps at least one owner: make somebody else an owner first."), code="last_owner")


class MemberInline(OfCompany):
    """Who may act for a company is its owner's decision; at the desk a superuser alone steps in."""

    model = CompanyMember
    formset = MemberFormSet
    fields = ("user", "role")
    autocomplete_fields = ("user",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    has_add_permission = has_delete_permission = has_change_permission

    def get_queryset(self, request: HttpRequest) -> QuerySet[CompanyMember]:
        return super().get_queryset(request).select_related("user")


def _invite_url(*ids: int) -> str:
    return f"{reverse('admin:exhibitors_company_invite')}?ids={','.join(map(str, ids))}"


def _panel(request: HttpRequest, company: Company) -> dict[str, Any]:
    """What is worth a look at a company: claims, possible duplicates, nobody who acts for it."""
    user: Any = request.user
    flags = list(duplicates.flags_of(company, user)[:5])
    for flag in flags:
        flag.other = flag.company_b if flag.company_a_id == company.pk else flag.company_a  # type: ignore[attr-defined]
    letters_url = reverse("admin:exhibitors_company_letters", args=[company.pk]) if may_see_letters(user) else ""
    panel: dict[str, Any] = {"open_flags": flags, "letters_url": letters_url}
    if may_change(request, company):
        open_claims = claims.claims_for_staff(user).filter(Q(existing=company) | Q(entered=company), status=ClaimStatus.OPEN)
        panel["open_claims"] = list(open_claims[:5])
        last = last_application(company, user) if company.retired_into_id is None else None
        panel["apply_again_url"] = apply_again_url(last) if last else ""
        panel["invite_url"] = "" if company.members.exists() or company.retired_into_id else _invite_url(company.pk)
    return {**panel, "has_panel": any(panel.values()) or company.retired_into_id is not None}


@admin.register(Company)
class CompanyAdmin(CalmFieldsMixin, OfferedLookupsMixin, StaleFormMixin, ModelAdmin):
    """Who exhibits, kept across fairs. The button above the list imports a table."""

    form = CompanyForm
    compressed_fields = False
    show_full_result_count = False
    list_display = ("shown_name", "legal_name", "region_name", "tax_number", "website")
    list_filter = (
        MembersFilter,
        ImportFilter,
        "country",
        ("region", admin.RelatedOnlyFieldListFilter),
        ("categories", admin.RelatedOnlyFieldListFilter),
    )
    list_filter_submit = True
    list_fullwidth = True
    list_per_page = 50
    list_select_related = ("region",)
    search_fields = ("search_text",)
    search_help_text = _("Company, brand or tax number")
    autocomplete_fields = ("region", "categories")
    warn_unsaved_form = True
    inlines = (ApplicationInline, ContactInline, MemberInline, InvitationInline, ChangeInline)
    change_form_outer_before_template = "admin/exhibitors/company/panel.html"
    actions = ("invite_contacts",)
    actions_list = ("import_table",)
    fieldsets = (
        (None, {"fields": ("legal_name", ("name_ru", "name_zh_hans", "name_en"), ("country", "region"), "categories")}),
        (_("Numbers"), {"fields": (("inn", "ogrn", "kpp"), "uscc")}),
        (_("In the catalogue"), {"fields": (_TEXTS[3:6], _TEXTS[6:], ("website", "logo"))}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "website":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Company | None = None) -> bool:
        user: Any = request.user
        return bool(user.is_active and user.is_staff) and access.has_right_anywhere(user, Right.VIEW_APPLICATIONS)

    def has_change_permission(self, request: HttpRequest, obj: Company | None = None) -> bool:
        return may_change(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_change(request, None)

    def has_delete_permission(self, request: HttpRequest, obj: Company | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return may_change(request, None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        return companies_for_staff(request.user)  # type: ignore[arg-type]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Company], search_term: str) -> tuple[QuerySet[Company], bool]:
        return matching(queryset, search_term, numbers=True), False

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.import_view)
        invite = self.admin_site.admin_view(self.invite_view)
        letters = self.admin_site.admin_view(partial(company_letters_page, self))
        return [
            path("import/", page, name="exhibitors_company_import"),
            path("invite/", invite, name="exhibitors_company_invite"),
            path("<path:object_id>/letters/", letters, name="exhibitors_company_letters"),
            *super().get_urls(),
        ]

    def invite_view(self, request: HttpRequest) -> HttpResponse:
        return invite_contacts_page(self, request)

    @action(description=_("Invite the contacts"), permissions=["import"])
    def invite_contacts(self, request: HttpRequest, queryset: QuerySet[Company]) -> HttpResponse:
        return redirect(_invite_url(*queryset.order_by("legal_name", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        company = context["original"]
        return super().render_change_form(request, {**context, **(_panel(request, company) if company else {})}, *args, **kwargs)

    def changes_since(self, obj: Company, moment: datetime) -> list[tuple[datetime, str]]:
        return super().changes_since(obj, moment) + changed_since(obj.changes.filter(application=None), moment)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        return import_page(self, request)

    @action(description=_("Import companies"), url_path="import-companies", permissions=["import"], icon="upload_file")
    def import_table(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:exhibitors_company_import")

    @admin.display(description=_("name"), ordering="search_text")
    def shown_name(self, company: Company) -> str:
        return str(company)

    @admin.display(description=_("region"), ordering="region__code")
    def region_name(self, company: Company) -> str:
        return str(company.region.name) if company.region else "–"

    @admin.display(description=_("INN or USCC"))
    def tax_number(self, company: Company) -> str:
        return company.inn or company.uscc or "–"

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Contacts and members are noted as what an organiser did for the company."""
        user: Any = request.user
        company: Company = form.instance
        before = companies.contact_rows(company)
        super().save_formset(request, form, formset, change)
        if formset.model is CompanyContact:
            companies.note_contacts(company, before=before, by=user, now=clock.now())
        elif formset.model is CompanyMember and formset.has_changed():
            changes.record(company_id=company.pk, subject=ChangeSubject.MEMBERS, by=user, source=ChangeSource.STAFF, now=clock.now())

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        user: Any = request.user
        if change:
            companies.update(company_id=obj.pk, by=user, source=ChangeSource.STAFF, now=clock.now(), **form.values())
        else:
            obj.pk = companies.create(by=user, as_staff=True, now=clock.now(), **form.values()).pk
            obj._state.adding = False
        if form.new_logo:
            logos.set_logo(company_id=obj.pk, file=form.new_logo, by=user, now=clock.now())
        elif "logo" in form.changed_data:
            logos.remove_logo(company_id=obj.pk, by=user, now=clock.now())
