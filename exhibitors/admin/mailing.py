"""Mailings at the desk: what was written to whom, how far it is, and the way to stop it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

import clock
from api.problems import Refused
from api.text import sentences
from exhibitors.admin.mailing_write import write_page
from exhibitors.domain import mailings
from exhibitors.enums import RecipientState
from exhibitors.letter_occasions import MAILING
from exhibitors.models import Mailing, MailingRecipient
from fairs import access
from fairs.admin_scope import FairScopedAdmin
from fairs.moments import moment_text
from fairs.roles import Right
from notifications.outcomes import Outcome, outcome_of

PAGE_SIZE = 50
LABELS = dict(settings.LANGUAGES)
_COLOURS = {"written": "success", "waiting": "info", "failed": "danger", "cancelled": None}


@admin.register(Mailing)
class MailingAdmin(FairScopedAdmin):
    """Each with its letters; a new one begins in the list of applications, with a choice of exhibitors."""

    view_right, edit_right = Right.VIEW_LETTERS, None
    may_add = may_delete = False
    list_after_template = "fairs/admin/empty_hint.html"
    empty_hint = _("No mailings yet: choose exhibitors in the list of applications, then “Write to these…” among the actions.")
    list_display = ("shown_subject", "moment", "state", "progress", "fair")
    list_filter = (("fair", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("fair",)
    change_form_outer_before_template = "admin/exhibitors/mailing/progress.html"
    change_form_after_template = "admin/exhibitors/mailing/recipients.html"
    fieldsets = ((None, {"fields": (("fair", "moment", "created_by"), "holds")}),)
    readonly_fields = ("moment",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mailing]:
        counts = {f"{state.value}_count": Count("recipients", filter=Q(recipients__state=state)) for state in RecipientState}
        return super().get_queryset(request).annotate(**counts)

    def get_urls(self) -> list[URLPattern]:
        write, cancel = (self.admin_site.admin_view(page) for page in (partial(write_page, self), self.cancel_view))
        return [
            path("write/", write, name="exhibitors_mailing_write"),
            path("<path:object_id>/cancel/", cancel, name="exhibitors_mailing_cancel"),
            *super().get_urls(),
        ]

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first, with how much has left already; stop it once that is confirmed."""
        mailing: Any = self.get_object(request, object_id)
        if mailing is None:
            raise Http404
        user: Any = request.user
        if not access.has_right(user, fair_id=mailing.fair_id, right=Right.SEND_LETTERS):
            raise PermissionDenied
        here = reverse("admin:exhibitors_mailing_change", args=[mailing.pk])
        found = mailings.standing(mailing)
        if request.method == "POST":
            self._cancel(request, mailing)
        elif mailing.cancelled_at is None and found.stoppable:
            context = {**self.admin_site.each_context(request), "title": _("Cancel the mailing"), "opts": self.opts, "original": mailing}
            return TemplateResponse(
                request,
                "admin/exhibitors/mailing/cancel.html",
                {**context, "standing": found, "back": here, "is_moving": mailing.at <= clock.now()},
            )
        else:
            messages.warning(request, str(mailings.MailingOver.message))
        return HttpResponseRedirect(here)

    def _cancel(self, request: HttpRequest, mailing: Mailing) -> None:
        try:
            done = mailings.cancel(mailing_id=mailing.pk, now=clock.now())
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return
        self.log_change(request, mailing, str(_("Cancelled")))
        stopped = ngettext("%(count)d letter was stopped.", "%(count)d letters were stopped.", done.stoppable) % {"count": done.stoppable}
        left = ngettext("%(count)d letter had left.", "%(count)d letters had left.", done.left) % {"count": done.left}
        messages.success(request, sentences(stopped, left))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        mailing: Any = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(_progress(request, mailing) if mailing is not None else {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=_("subject"), ordering="subject_en")
    def shown_subject(self, mailing: Mailing) -> str:
        return str(mailing.subject)

    @admin.display(description=_("moment"), ordering="at")
    def moment(self, mailing: Mailing) -> str:
        return moment_text(mailing.at, mailing.fair.zone)

    @display(description=_("state"), label={"done": "success", "writing": "info", "planned": "info", "cancelled": None})
    def state(self, mailing: Mailing) -> tuple[str, Any]:
        return state_of(mailing)

    @admin.display(description=_("letters written"))
    def progress(self, mailing: Any) -> str:
        total = sum(getattr(mailing, f"{state.value}_count") for state in RecipientState)
        return f"{mailing.written_count} / {total}"


def state_of(mailing: Mailing) -> tuple[str, Any]:
    if mailing.cancelled_at:
        return "cancelled", _("cancelled")
    if mailing.done_at:
        return "done", _("all letters written")
    return ("writing", _("being written")) if mailing.at <= clock.now() else ("planned", _("planned"))


def _progress(request: HttpRequest, mailing: Any) -> dict[str, Any]:
    """How far it is, and its recipients, a page at a time with what became of each letter."""
    rows = MailingRecipient.objects.filter(mailing=mailing).select_related("letter", "application__company").order_by("pk")
    rows = rows.defer("letter__text", "letter__html", "letter__sealed")
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    user: Any = request.user
    standing = mailings.standing(mailing)
    name, label = state_of(mailing)
    may_send = access.has_right(user, fair_id=mailing.fair_id, right=Right.SEND_LETTERS)
    return {
        "held": standing.held,
        "held_url": f"{reverse('admin:notifications_letter_changelist')}?outcome=held&occasion={MAILING}&fair__id__exact={mailing.fair_id}",
        "counts": [(state.label, getattr(mailing, f"{state.value}_count")) for state in RecipientState],
        "unreached": mailing.unreached,
        "said": [(code, LABELS[code], wording) for code, wording in mailings.texts_of(mailing).items()],
        "state_label": label,
        "is_moving": name == "writing",
        "may_cancel": name != "cancelled" and may_send and standing.stoppable > 0,
        "cancel_url": reverse("admin:exhibitors_mailing_cancel", args=[mailing.pk]),
        "shown_recipients": shown,
        "recipients": [_recipient(row) for row in shown],
    }


def _recipient(row: MailingRecipient) -> dict[str, Any]:
    """What became of it: the letter's word once there is one."""
    outcome = outcome_of(row.letter, now=timezone.now()) if row.letter else None
    return {
        "row": row,
        "label": outcome.label if outcome else row.get_state_display(),
        "colour": Outcome.colours[outcome.value] if outcome else _COLOURS[row.state],
        "why": row.reason or (row.letter.last_error if row.letter else ""),
        "url": reverse("admin:notifications_letter_change", args=[row.letter_id]) if row.letter_id else "",
    }
