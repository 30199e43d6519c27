"""People on the stands at the desk: on the application's page, in a list of their own, and as a table to take along."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

import clock
from api.problems import Refused, field_of
from api.text import colon
from exhibitors.domain import stand_staff
from exhibitors.domain.pass_quotas import SitePasses, passes_of
from exhibitors.models import StandStaff, StandStaffDays
from fairs.admin.base import link
from fairs.admin_scope import FairScopedAdmin, FairScopedInline
from fairs.roles import Right
from fairs.table_writing import csv_answer, xlsx_answer

_PLAIN = ("name_in_latin", "name_in_cyrillic", "name_in_chinese", "role", "languages", "email", "phone", "needs_visa_invitation")


class StandStaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is typed is checked by the domain; its errors come back to their fields."""

    languages = forms.MultipleChoiceField(
        label=_("languages"), choices=settings.LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or self.instance.pk is None:
            return cleaned
        values: Any = {name: cleaned[name] for name in _PLAIN if name in cleaned}
        for error in stand_staff.wrong(self.instance.application, values, None, person=self.instance):
            name = field_of(error)
            self.add_error(name if name in self.fields else None, str(error["detail"]))
        return cleaned


class StandStaffDaysInline(FairScopedInline):
    model = StandStaffDays
    parent_fair_path = "application__fair"
    view_right, edit_right = Right.VIEW_APPLICATIONS, None
    fields = readonly_fields = ("site", "first_day", "last_day")
    can_delete = False
    hide_title = True
    template_after = "fairs/admin/inline_add_link.html"


class StandStaffInline(FairScopedInline):
    """On the application's page: who, and where on which days."""

    model = StandStaff
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_APPLICATIONS, None
    fields = readonly_fields = ("person", "role", "sites", "needs_visa_invitation")
    can_delete = False
    hide_title = True
    template_after = "admin/exhibitors/application/passes.html"
    passes: list[SitePasses] = []
    grant_url = ""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        # One instance a request: Django makes the inlines anew for each page.
        if obj is not None:
            self.passes = passes_of(obj)
            if self._allows(request, Right.EDIT_APPLICATIONS, obj):
                self.grant_url = reverse("admin:exhibitors_application_extra_passes", args=[obj.pk])
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StandStaff]:
        return super().get_queryset(request).prefetch_related("days__site")

    @admin.display(description=pgettext_lazy("person", "name"))
    def person(self, person: StandStaff) -> str:
        return link(reverse("admin:exhibitors_standstaff_change", args=[person.pk]), _names(person))

    @admin.display(description=_("sites and days"))
    def sites(self, person: StandStaff) -> str:
        return _sites(person)


def _names(person: StandStaff) -> str:
    return " · ".join(filter(None, (person.name_in_latin, person.name_in_cyrillic, person.name_in_chinese)))


def _sites(person: StandStaff) -> str:
    rows = (
        (row.site, date_format(row.first_day, "SHORT_DATE_FORMAT"), date_format(row.last_day, "SHORT_DATE_FORMAT"))
        for row in person.days.all()
    )
    return format_html_join(SafeString("<br>"), "{}" + colon() + "{} – {}", rows) or "–"


@admin.register(StandStaff)
class StandStaffAdmin(FairScopedAdmin):
    """People on the stands. They are named by the exhibitor; the organiser mends a spelling, and takes the list along."""

    fair_path = "application__fair"
    region_path = "application__company__region__code"
    view_right, edit_right = Right.VIEW_APPLICATIONS, Right.EDIT_APPLICATIONS
    may_add = False
    form = StandStaffForm
    list_display = ("names", "role", "company", "sites", "needs_visa_invitation", "fair")
    ordering = ("application", "pk")
    list_filter = (
        ("application__fair", admin.RelatedOnlyFieldListFilter),
        ("days__site", admin.RelatedOnlyFieldListFilter),
        "role",
        "needs_visa_invitation",
    )
    list_select_related = ("application__company", "application__fair")
    list_per_page = 50
    search_fields = ("name_in_latin", "name_in_cyrillic", "name_in_chinese", "application__company__search_text")
    search_help_text = _("Name of the person or the company")
    actions = ("export_xlsx", "export_csv")
    inlines = (StandStaffDaysInline,)
    readonly_fields = ("application",)
    fieldsets = (
        (None, {"fields": ("application", ("name_in_latin", "name_in_cyrillic", "name_in_chinese"), ("role", "needs_visa_invitation"))}),
        (_("To reach the person on site"), {"fields": (("email", "phone"), "languages")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[StandStaff]:
        return super().get_queryset(request).prefetch_related("days__site").order_by("application__company__legal_name", "pk")

    @admin.display(description=pgettext_lazy("person", "name"), ordering="name_in_latin")
    def names(self, person: StandStaff) -> str:
        return _names(person)

    @admin.display(description=_("company"), ordering="application__company__legal_name")
    def company(self, person: StandStaff) -> str:
        return link(reverse("admin:exhibitors_application_change", args=[person.application_id]), person.application.company)

    @admin.display(description=_("sites and days"))
    def sites(self, person: StandStaff) -> str:
        return _sites(person)

    @admin.display(description=_("fair"))
    def fair(self, person: StandStaff) -> str:
        return str(person.application.fair)

    # --- changes go through the domain

    def save_model(self, request: HttpRequest, obj: StandStaff, form: Any, change: bool) -> None:
        user: Any = request.user
        values = {name: form.cleaned_data[name] for name in _PLAIN if name in form.cleaned_data}
        stand_staff.update(staff_id=obj.pk, by=user, now=clock.now(), as_staff=True, **values)

    def delete_model(self, request: HttpRequest, obj: StandStaff) -> None:
        user: Any = request.user
        stand_staff.remove(staff_id=obj.pk, by=user, now=clock.now(), as_staff=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[StandStaff]) -> None:
        for person in queryset:
            self.delete_model(request, person)

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:  # the application has ended: nothing was written
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(request.path)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:exhibitors_standstaff_change", args=[object_id]))

    # --- the table to take along

    @action(description=_("Download as XLSX"), permissions=["view"])
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet[StandStaff]) -> HttpResponse:
        return xlsx_answer(_file_name(queryset), _header(), _rows(queryset))

    @action(description=_("Download as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[StandStaff]) -> HttpResponse:
        return csv_answer(_file_name(queryset), _header(), _rows(queryset))


def _file_name(people: QuerySet[StandStaff]) -> str:
    """“People on the stands” with the fair's name, where the rows are of one fair."""
    fairs = {person.application.fair for person in people.select_related("application__fair")[:1000]}
    title = gettext("People on the stands")
    return f"{title} – {fairs.pop()}" if len(fairs) == 1 else title


def _header() -> list[str]:
    return [
        gettext("fair"), gettext("company"), gettext("Application No."), gettext("name in Latin letters"), gettext("name in Cyrillic"),
        gettext("name in Chinese"), gettext("role on the stand"), gettext("languages"), gettext("email address"), gettext("phone"),
        gettext("needs a visa invitation"), gettext("site"), gettext("first day"), gettext("last day"),
    ]  # fmt: skip


def _rows(people: QuerySet[StandStaff]) -> Iterator[list[Any]]:
    """One row a person and site; a person without a site has one too."""
    languages = {code: str(name) for code, name in settings.LANGUAGES}
    yes, no = gettext("yes"), gettext("no")
    for person in people.select_related("application__company", "application__fair").prefetch_related("days__site"):
        application = person.application
        facts = [
            str(application.fair),
            application.company.legal_name,
            application.pk,
            *(getattr(person, name) for name in ("name_in_latin", "name_in_cyrillic", "name_in_chinese")),
            person.get_role_display(),
            ", ".join(languages.get(code, code) for code in person.languages),
            person.email,
            person.phone,
            yes if person.needs_visa_invitation else no,
        ]
        for days in person.days.all() or [None]:
            yield [*facts, *((str(days.site), days.first_day.isoformat(), days.last_day.isoformat()) if days else ("", "", ""))]
