"""Tabs of a company's page that show and change nothing: invitations, and who changed what for whom."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

import clock
from api.text import labelled, listed
from exhibitors.admin.changes import lines_of, who_text
from exhibitors.admin.company_rights import may_change
from exhibitors.domain.change_texts import ChangeTexts
from exhibitors.models import Application, Company, CompanyChange, CompanyInvitation
from fairs import access
from fairs.moments import moment_text
from fairs.roles import Right

SHOWN = 100  # changes; older ones are in the database


class ShownOfCompany(TabularInline):
    """Rows that nobody changes here, for those who may change the company."""

    extra = max_num = 0
    tab = True
    hide_title = True
    can_delete = False
    template_after = "fairs/admin/inline_add_link.html"

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_change(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


class InvitationInline(ShownOfCompany):
    """Who was asked to act for the company; the codes are in the letters and nowhere else."""

    model = CompanyInvitation
    fields = readonly_fields = ("email", "role", "invited_by", "created_at", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CompanyInvitation]:
        return super().get_queryset(request).select_related("invited_by", "accepted_by").order_by("-pk")

    @admin.display(description=_("status"))
    def state(self, invitation: CompanyInvitation) -> Any:
        if invitation.accepted_at:
            return labelled(_("accepted"), invitation.accepted_by or "–")
        if invitation.withdrawn_at:
            return _("withdrawn")
        return _("expired") if invitation.expires_at < clock.now() else _("waits for an answer")


class ChangeInline(ShownOfCompany):
    """The newest changes, those at applications of the reader's fairs among them."""

    model = CompanyChange
    verbose_name_plural = _("history")
    fields = readonly_fields = ("moment", "who", "what", "differences")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CompanyChange]:
        user: Any = request.user
        seen = Application.objects.filter(access.within(user, Right.VIEW_APPLICATIONS, fair="fair", region="company__region__code"))
        rows = super().get_queryset(request).select_related("by", "application__fair", "company")
        shown = rows.filter(application=None) | rows.filter(application__in=seen)
        return shown.order_by("-at", "-pk")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)

        class Newest(formset):  # type: ignore[misc,valid-type]
            @cached_property
            def _newest(self) -> Any:
                return super().get_queryset()[:SHOWN]

            def get_queryset(self) -> Any:
                """Read once: a form set asks for its rows again and again."""
                return self._newest

        return Newest

    @admin.display(description=_("moment"))
    def moment(self, change: CompanyChange) -> str:
        return moment_text(change.at, change.application.fair.zone if change.application else timezone.get_current_timezone())  # type: ignore[arg-type]

    @admin.display(description=_("by"))
    def who(self, change: CompanyChange) -> Any:
        return who_text(change)

    @admin.display(description=_("before → after"))
    def differences(self, change: CompanyChange) -> Any:
        fair = change.application.fair if change.application else None
        texts = self._texts.setdefault(fair.pk if fair else None, ChangeTexts(fair))
        return lines_of(texts.differences(change)) or "–"

    @cached_property
    def _texts(self) -> dict[int | None, ChangeTexts]:
        """The names of each fair are read once a page: an inline is made anew for each request."""
        return {}

    @admin.display(description=_("what"))
    def what(self, change: CompanyChange) -> Any:
        named = [] if change.details else [_named(name) for name in change.fields]
        subject = change.get_subject_display()
        where = f" ({change.application.fair})" if change.application else ""
        return labelled(f"{subject}{where}", listed(named)) if named else f"{subject}{where}"


def _named(name: str) -> Any:
    """A column as the form calls it."""
    column = name.partition(":")[0]
    known = {field.name: field for field in Company._meta.get_fields() if hasattr(field, "verbose_name")}
    return known[column].verbose_name if column in known else _("contacts") if column == "contacts" else _("sites wished")
