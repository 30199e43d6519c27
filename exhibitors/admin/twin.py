"""Which companies may be the same: claims and possible duplicates at the desk, two companies side by side and a decision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

import clock
from api.desk_lists import OfferedLookupsMixin
from api.problems import Refused
from exhibitors.domain import claims, duplicates
from exhibitors.domain.company_queries import companies_for_staff
from exhibitors.enums import ClaimStatus, CompanyRole
from exhibitors.models import Company, CompanyClaim, DuplicateFlag
from fairs import access
from fairs.admin_scope import RowPagesMixin
from fairs.roles import Right

_COMPARED = ("country", "region", "inn", "ogrn", "kpp", "uscc", "website")
_NOTE = 2000  # characters
_ROLES = (CompanyRole.EDITOR, CompanyRole.OWNER, CompanyRole.LOGISTICS, CompanyRole.ON_SITE)


@dataclass(frozen=True)
class Decision:
    """A button: what it says and what it does."""

    name: str
    label: Any
    consequence: Any


def compared(companies: Sequence[Company]) -> dict[str, Any]:
    """The rows of a table with a column for each company; ``same`` where all say the same."""
    rows = [_row(Company._meta.get_field(name).verbose_name, [getattr(one, name) for one in companies]) for name in _COMPARED]  # type: ignore[union-attr]
    phones = [", ".join(contact.phone for contact in one.contacts.all() if contact.phone) for one in companies]
    members = [
        ", ".join(f"{one.user} · {one.get_role_display()}" for one in company.members.select_related("user")) for company in companies
    ]
    rows += [_row(_("phone"), phones), _row(_("who acts for it"), members)]
    return {"companies": companies, "rows": [row for row in rows if any(row["values"])]}


def _row(label: Any, values: Sequence[Any]) -> dict[str, Any]:
    texts = [str(value or "") for value in values]
    return {"label": label, "values": texts, "same": bool(texts[0]) and len(set(texts)) == 1}


class TwinAdmin(RowPagesMixin, OfferedLookupsMixin, ModelAdmin):
    """Read only; ``right`` shows the page, and a decision is taken by :meth:`decide` with what the buttons are named."""

    right = Right.EDIT_APPLICATIONS
    list_filter_submit = True
    list_fullwidth = True
    show_full_result_count = False
    compressed_fields = False
    actions = ()
    change_form_outer_before_template = "admin/exhibitors/decide.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user: Any = request.user
        return bool(user.is_active and user.is_staff) and access.has_right_anywhere(user, self.right)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.decide_view)
        name = f"exhibitors_{self.opts.model_name}_decide"
        return [path("<path:object_id>/decide/", page, name=name), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        context = {**(extra_context or {})}
        row = self.get_object(request, object_id)
        if row is not None:
            context["compared"] = compared(self.companies_of(row))
            if self.may_decide(request, row):
                context["decisions"] = self.decisions
                context["decide_url"] = reverse(f"admin:exhibitors_{self.opts.model_name}_decide", args=[row.pk])
                context |= self.choices
        return super().change_view(request, object_id, form_url, context)

    def decide_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the decision that the button names; a mere visit goes back to the page."""
        row = self.found(request, object_id)
        back = self.back_to(row)
        decide = self.verbs.get(request.POST.get("decision", "")) if request.method == "POST" else None
        if decide is None:
            return back
        if not self.may_decide(request, row):
            messages.warning(request, _("This was decided already, or your role does not decide here."))
            return back
        try:
            decide(request, row, request.POST.get("note", "").replace("\0", "")[:_NOTE])
            messages.success(request, _("The decision is noted."))
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return back

    decisions: Sequence[Decision] = ()
    choices: dict[str, Any] = {}
    verbs: dict[str, Callable[[HttpRequest, Any, str], Any]] = {}

    def companies_of(self, row: Any) -> Sequence[Company]:
        raise NotImplementedError

    def may_decide(self, request: HttpRequest, row: Any) -> bool:
        raise NotImplementedError


def _grant(request: HttpRequest, claim: CompanyClaim, note: str) -> None:
    role = request.POST.get("role", "")
    role = role if role in CompanyRole.values else CompanyRole.EDITOR
    user: Any = request.user
    claims.grant(claim_id=claim.pk, by=user, now=clock.now(), note=note, role=role)


def _refuse(request: HttpRequest, claim: CompanyClaim, note: str) -> None:
    user: Any = request.user
    claims.refuse(claim_id=claim.pk, by=user, now=clock.now(), note=note)


def _dismiss(request: HttpRequest, flag: DuplicateFlag, note: str) -> None:
    user: Any = request.user
    duplicates.dismiss(flag_id=flag.pk, by=user, now=clock.now(), note=note)


@admin.register(CompanyClaim)
class CompanyClaimAdmin(TwinAdmin):
    """Somebody entered a company whose number another one has: may that person act for it?"""

    list_display = ("entered_name", "existing_name", "who", "status_chip", "opened_at")
    list_filter = ("status",)
    list_select_related = ("person", "entered", "existing")
    fields = readonly_fields = ("who", "entered_name", "existing_name", "status", "opened_at", "decided_by", "decided_at", "note")
    decisions = (
        Decision(
            "grant",
            gettext_lazy("It is the same: let the person act for it"),
            gettext_lazy("The person gets the role in the company that was there before, and a letter; mere drafts move there."),
        ),
        Decision(
            "refuse",
            gettext_lazy("Leave both as they are"),
            gettext_lazy("The person keeps the own entry and hears nothing: any letter would tell that the number is known."),
        ),
    )
    choices = {"roles": [(role.value, role.label) for role in _ROLES]}
    verbs = {"grant": _grant, "refuse": _refuse}

    def get_queryset(self, request: HttpRequest) -> QuerySet[CompanyClaim]:
        return claims.claims_for_staff(request.user)  # type: ignore[arg-type]

    def companies_of(self, row: CompanyClaim) -> Sequence[Company]:
        return [row.entered, row.existing]

    def may_decide(self, request: HttpRequest, row: CompanyClaim) -> bool:
        return row.status == ClaimStatus.OPEN

    @admin.display(description=gettext_lazy("person"))
    def who(self, claim: CompanyClaim) -> str:
        return str(claim.person)  # no link: the page of users is the superuser's

    @admin.display(description=gettext_lazy("company entered"))
    def entered_name(self, claim: CompanyClaim) -> str:
        return claim.entered.legal_name

    @admin.display(description=gettext_lazy("company there before"))
    def existing_name(self, claim: CompanyClaim) -> str:
        return claim.existing.legal_name

    @display(
        description=gettext_lazy("status"),
        label={ClaimStatus.OPEN: "warning", ClaimStatus.GRANTED: "success", ClaimStatus.REFUSED: "danger"},
    )
    def status_chip(self, claim: CompanyClaim) -> tuple[str, Any]:
        return claim.status, claim.get_status_display()


@admin.register(DuplicateFlag)
class DuplicateFlagAdmin(TwinAdmin):
    """Two companies of one fair that may be the same in another spelling. They are never merged by themselves."""

    right = Right.VIEW_APPLICATIONS
    list_display = ("company_a_name", "company_b_name", "reason", "found_at", "dismissed")
    list_filter = ("reason", ("dismissed_at", admin.EmptyFieldListFilter))
    list_select_related = ("company_a", "company_b")
    fields = readonly_fields = ("company_a_name", "company_b_name", "reason", "found_at", "dismissed_by", "dismissed_at", "note")
    decisions = (
        Decision(
            "dismiss",
            gettext_lazy("These are two companies"),
            gettext_lazy("The hint disappears for everybody, until a stronger reason is found."),
        ),
    )
    verbs = {"dismiss": _dismiss}

    def get_queryset(self, request: HttpRequest) -> QuerySet[DuplicateFlag]:
        return duplicates.flags_for(request.user).select_related("company_a", "company_b", "dismissed_by")  # type: ignore[arg-type]

    def companies_of(self, row: DuplicateFlag) -> Sequence[Company]:
        return [row.company_a, row.company_b]

    def may_decide(self, request: HttpRequest, row: DuplicateFlag) -> bool:
        """Whoever may change both."""
        user: Any = request.user
        both = companies_for_staff(user, Right.EDIT_APPLICATIONS).filter(pk__in=[row.company_a_id, row.company_b_id])
        return row.dismissed_at is None and both.count() == 2

    @admin.display(description=gettext_lazy("company"))
    def company_a_name(self, flag: DuplicateFlag) -> str:
        return flag.company_a.legal_name

    @admin.display(description=gettext_lazy("other company"))
    def company_b_name(self, flag: DuplicateFlag) -> str:
        return flag.company_b.legal_name

    @admin.display(description=gettext_lazy("dismissed"))
    def dismissed(self, flag: DuplicateFlag) -> str:
        return date_format(flag.dismissed_at, "SHORT_DATE_FORMAT") if flag.dismissed_at else "–"
