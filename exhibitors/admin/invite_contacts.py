"""Invite the contacts of companies that nobody acts for: who gets a letter and who cannot, before anything is sent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

import clock
from api.problems import Refused
from api.text import labelled
from exhibitors.domain import invitations
from exhibitors.domain.company_queries import companies_for_staff
from exhibitors.models import Company, CompanyContact, CompanyInvitation, CompanyMember
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.company import CompanyAdmin

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Line:
    """One company of the preview: ``contact`` gets the letter, or ``reason`` says why nobody does."""

    company: Company
    contact: CompanyContact | None
    reason: Any = ""
    again: bool = False


class MembersFilter(admin.SimpleListFilter):
    """Companies by who acts for them: for those that came by a table nobody does until their contact is invited."""

    title = _("who acts for it")
    parameter_name = "members"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("nobody, not invited")), ("invited", _("nobody, invited")), ("some", _("somebody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Company]) -> QuerySet[Company]:
        open_ones = CompanyInvitation.objects.waiting().filter(expires_at__gte=clock.now())
        has_members = Exists(CompanyMember.objects.filter(company=OuterRef("pk")))
        is_invited = Exists(open_ones.filter(company=OuterRef("pk")))
        match self.value():
            case "none":
                return queryset.filter(~has_members, ~is_invited)
            case "invited":
                return queryset.filter(~has_members, is_invited)
            case "some":
                return queryset.filter(has_members)
        return queryset


def invite_contacts_page(page: "CompanyAdmin", request: HttpRequest) -> HttpResponse:
    """The preview; after its confirmation the letters."""
    if not page.has_import_permission(request):
        raise PermissionDenied
    lines = [_line(company) for company in _chosen(request)]
    back = reverse("admin:exhibitors_company_changelist")
    if request.method == "POST":
        _send(request, [line.company for line in lines if line.contact])
        return HttpResponseRedirect(back)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Invite the contacts"),
        "opts": page.opts,
        "invited": [line for line in lines if line.contact],
        "left_out": [line for line in lines if not line.contact],
        "days": invitations.VALID_FOR.days,
        "ids": ",".join(str(line.company.pk) for line in lines if line.contact),
        "back": back,
    }
    return TemplateResponse(request, "admin/exhibitors/company/invite_contacts.html", context)


def _chosen(request: HttpRequest) -> list[Company]:
    """The companies that the address names, as far as this member of staff may change them."""
    user: Any = request.user
    typed = (request.POST.get("ids") or request.GET.get("ids") or "").split(",")[:MOST_AT_ONCE]
    ids = [int(text) for text in typed if text.isascii() and text.isdigit() and len(text) <= 18]
    chosen = companies_for_staff(user, Right.EDIT_APPLICATIONS).filter(pk__in=ids, retired_into=None)
    return list(chosen.prefetch_related("contacts", "members", "invitations").order_by("legal_name", "pk"))


def _line(company: Company) -> Line:
    if company.members.all():
        return Line(company, None, invitations.HasMembers.message)
    contact = invitations.contact_to_invite(company)
    if contact is None:
        return Line(company, None, invitations.NoContact.message)
    is_open = any(one.accepted_at is None and one.withdrawn_at is None for one in company.invitations.all())
    return Line(company, contact, again=is_open)


def _send(request: HttpRequest, companies: list[Company]) -> None:
    user: Any = request.user
    sent = 0
    for company in companies:
        try:
            invitations.invite_contact(company_id=company.pk, by=user, now=clock.now())
            sent += 1
        except Refused as refusal:
            messages.warning(request, labelled(company, refusal))
    if sent:
        messages.success(
            request, ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", sent) % {"count": sent}
        )
