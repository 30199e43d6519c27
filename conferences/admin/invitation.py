"""Visa invitations on the desk: read by who may change delegates, issued one by one or many at once."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

import clock
from api.languages import active_language
from api.problems import Refused
from api.text import labelled
from conferences.api.invitations import pdf_answer
from conferences.domain import invitations, passes
from conferences.domain.invitation_texts import country_name
from conferences.enums import InvitationStatus
from conferences.models import VisaInvitation
from fairs.admin.base import link
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right
from notifications import moments
from notifications.admin.confirm_all import Line, confirmation, confirmed_by

COLOURS = {InvitationStatus.ASKED: "warning", InvitationStatus.ISSUED: "success"}


@admin.register(VisaInvitation)
class VisaInvitationAdmin(FairScopedAdmin):
    fair_path = "delegate__conference__fair"
    # What passports say is not for everybody who sees delegates, such as the entrance.
    view_right, edit_right = Right.EDIT_DELEGATES, None
    list_display = ("name", "organisation", "status_chip", "stay", "asked", "issued")
    list_filter = (("delegate__conference", admin.RelatedOnlyFieldListFilter), "status")
    list_select_related = ("delegate__conference__fair",)
    list_per_page = 50
    ordering = ("pk",)
    search_fields = ("delegate__name", "delegate__organisation", "delegate__email", "host")
    actions = ("issue",)
    fieldsets = (
        (None, {"fields": (("delegate_link", "organisation"), ("status", "letter"), ("asked", "issued", "issued_by"))}),
        (_("Passport"), {"fields": (("passport_name", "passport_number"), ("birth_date", "citizenship"))}),
        (_("Journey"), {"fields": (("stay", "host"),)}),
    )
    readonly_fields = (
        "delegate_link", "organisation", "status", "letter", "asked", "issued", "issued_by",
        "passport_name", "passport_number", "birth_date", "citizenship", "stay", "host",
    )  # fmt: skip

    @admin.display(description=_("delegate"), ordering="delegate__name")
    def name(self, invitation: VisaInvitation) -> str:
        return invitation.delegate.name

    @admin.display(description=_("delegate"))
    def delegate_link(self, invitation: VisaInvitation) -> str:
        return link(reverse("admin:conferences_delegate_change", args=[invitation.delegate_id]), invitation.delegate.name)

    @admin.display(description=_("organisation"), ordering="delegate__organisation")
    def organisation(self, invitation: VisaInvitation) -> str:
        return invitation.delegate.organisation or "–"

    @display(description=_("status"), label=COLOURS, ordering="status")
    def status_chip(self, invitation: VisaInvitation) -> tuple[str, Any]:
        return invitation.status, invitation.get_status_display()

    @admin.display(description=_("entry and departure"), ordering="entry_on")
    def stay(self, invitation: VisaInvitation) -> str:
        return moments.written_days(invitation.entry_on, invitation.leave_on, language=active_language())

    @admin.display(description=_("asked for"), ordering="asked_at")
    def asked(self, invitation: VisaInvitation) -> str:
        return moment_text(invitation.asked_at, invitation.delegate.conference.fair.zone)

    @admin.display(description=_("issued"), ordering="issued_at")
    def issued(self, invitation: VisaInvitation) -> str:
        return moment_text(invitation.issued_at, invitation.delegate.conference.fair.zone)

    @admin.display(description=_("visa invitation"))
    def letter(self, invitation: VisaInvitation) -> str:
        return link(reverse("admin:conferences_visainvitation_pdf", args=[invitation.pk]), _("Look at the letter (PDF)"))

    @admin.display(description=_("name in the passport"))
    def passport_name(self, invitation: VisaInvitation) -> str:
        return _of_passport(invitation, "name")

    @admin.display(description=_("passport number"))
    def passport_number(self, invitation: VisaInvitation) -> str:
        return _of_passport(invitation, "number")

    @admin.display(description=_("date of birth"))
    def birth_date(self, invitation: VisaInvitation) -> str:
        return _of_passport(invitation, "born_on")

    @admin.display(description=_("citizenship"))
    def citizenship(self, invitation: VisaInvitation) -> str:
        return _of_passport(invitation, "citizenship")

    def has_issue_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(partial(pdf_page, self))
        return [path("<path:object_id>/pdf/", page, name="conferences_visainvitation_pdf"), *super().get_urls()]

    @admin.action(description=_("Issue the selected invitations"), permissions=["issue"])
    def issue(self, request: HttpRequest, queryset: QuerySet[VisaInvitation]) -> HttpResponse | None:
        """First the page that asks, then the step with those that it named."""
        shown = confirmed_by(request)
        if shown is None:
            lines = [_line(one) for one in queryset.order_by("pk")]
            return confirmation(self, request, lines, consequence=_("They get a letter and load the invitation from their page."))
        user: Any = request.user
        done = 0
        for invitation in self.get_queryset(request).filter(pk__in=shown).order_by("pk"):
            try:
                invitations.issue(invitation_id=invitation.pk, by=user, now=clock.now())
                done += 1
            except Refused as refusal:
                self.message_user(request, labelled(invitation.delegate.name, refusal), messages.WARNING)
        if done:
            said = ngettext("%(count)s invitation issued.", "%(count)s invitations issued.", done)
            self.message_user(request, said % {"count": done})
        return None


def pdf_page(page: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The letter as it reads now, issued or not."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    invitation = page.get_object(request, object_id)
    if invitation is None:
        raise Http404
    try:
        return pdf_answer(invitation, private={"Cache-Control": "private, no-store"})
    except Refused as refusal:
        page.message_user(request, str(refusal), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:conferences_visainvitation_change", args=[invitation.pk]))


def _of_passport(invitation: VisaInvitation, name: str) -> str:
    try:
        passport = invitations.passport_of(invitation)
    except invitations.PassportErased:
        return "–"
    if name == "born_on":
        return moments.written_day(passport.born_on, language=active_language())
    return country_name(passport.citizenship) if name == "citizenship" else str(getattr(passport, name))


def _line(invitation: VisaInvitation) -> Line:
    reason = ""
    if invitation.status != InvitationStatus.ASKED or not passes.has_pass(invitation.delegate):
        reason = str(invitations.NothingToIssue.message)
    return Line(
        number=invitation.pk,
        name=invitation.delegate.name,
        url=reverse("admin:conferences_visainvitation_change", args=[invitation.pk]),
        state=invitation.get_status_display(),
        readers=[] if reason else [invitation.delegate],
        reason=reason,
    )
