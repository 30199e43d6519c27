"""The page that writes a mailing: text in three languages, a preview for one of the exhibitors, how many it reaches, now or later."""

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldBooleanWidget

import clock
from api.problems import Refused
from exhibitors.admin.held import ids_in
from exhibitors.domain import mailings
from exhibitors.models import Application, Mailing
from exhibitors.tasks import write_mailings_soon
from fairs import access
from fairs.admin.letter_texts import LANGUAGES, PREVIEW, TextsForm, explained, previews_of
from fairs.models import Fair
from fairs.roles import Right
from notifications.occasions import Sample

if TYPE_CHECKING:
    from exhibitors.admin.mailing import MailingAdmin

CHOICES = 30  # exhibitors to preview with


class MailingForm(TextsForm):
    """Besides the texts: when it goes, and for whom."""

    at = forms.SplitDateTimeField(
        label=gettext_lazy("Send at"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=gettext_lazy("In the fair's time zone. Left empty: at once."),
    )
    holds = forms.BooleanField(required=False, widget=UnfoldBooleanWidget)
    token = forms.CharField(widget=forms.HiddenInput, max_length=32)
    ids = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = Mailing._meta.get_field("holds")
        self.fields["holds"].label, self.fields["holds"].help_text = field.verbose_name, field.help_text


def write_to(page: Any, request: HttpRequest, chosen: QuerySet[Application]) -> HttpResponse | None:
    """On to the page that writes to them, for applications of one fair where the reader may send letters; else it says why not."""
    rows = set(chosen.order_by().values_list("pk", "fair"))  # nothing of what the list shows: it may be all of a fair
    fairs = {fair for _pk, fair in rows}
    if len(fairs) != 1:
        messages.warning(request, _("Choose applications of one fair at which you may send letters."))
        return None
    ids = ",".join(str(pk) for pk, _fair in sorted(rows))
    return write_page(page, request, ids=ids)


def write_page(page: "MailingAdmin", request: HttpRequest, *, ids: str = "") -> HttpResponse:
    """Show the form (after the choice in the list), draw its preview, or make the mailing."""
    user: Any = request.user
    if not access.has_right_anywhere(user, Right.SEND_LETTERS):
        raise PermissionDenied
    typed = ids or request.POST.get("ids", "")
    if request.headers.get(PREVIEW):
        typed = request.POST.get("sample", "") if request.POST.get("sample", "") in typed.split(",") else typed
    back = reverse("admin:exhibitors_application_changelist")
    applications = _chosen(user, typed)
    if not applications:
        messages.warning(request, _("Choose applications in the list first."))
        return HttpResponseRedirect(back)
    fair = applications[0].fair
    is_posted = request.method == "POST" and not ids
    with timezone.override(fair.zone):  # the moment is typed as the fair's clock shows it
        form = MailingForm(request.POST if is_posted else None, initial={"ids": typed, "token": uuid.uuid4().hex})
        if is_posted and "send" in request.POST and form.is_valid():
            made = _made(user, fair, applications, form)
            if made is not None:
                write_mailings_soon()
                leaves = made.at <= clock.now() and not made.holds
                messages.success(request, _("The mailing is on its way.") if leaves else _("The mailing is planned."))
                return HttpResponseRedirect(reverse("admin:exhibitors_mailing_change", args=[made.pk]))
        sample = _sample(fair, applications, request)
        previews = previews_of(request, mailings.mailing_occasion(), sample, form.wordings(), may_be_empty=True)
        if request.headers.get(PREVIEW):
            return TemplateResponse(request, "fairs/admin/letter_previews.html", {"previews": previews})
        context = {
            **page.admin_site.each_context(request),
            **_context(request, fair, applications, form, sample),
            "previews": previews,
            "back": back,
        }
        return TemplateResponse(request, "admin/exhibitors/mailing/write.html", {**context, "opts": Mailing._meta}).render()


def _context(request: HttpRequest, fair: Fair, applications: list[Application], form: MailingForm, sample: Sample) -> dict[str, Any]:
    to = mailings.recipients_of(applications)
    return {
        "title": _("Write to exhibitors"),
        "fair": fair,
        "form": form,
        "sample": sample,
        "placeholders": explained(mailings.mailing_occasion(), sample, request),
        "columns": [
            {"code": code, "name": name, "subject": form[f"subject_{column}"], "text": form[f"text_{column}"]}
            for code, name, column in LANGUAGES
        ],
        "letters": len(to.readers),
        "exhibitors": len(applications) - len(to.unreachable),
        "unreachable": to.unreachable,
        "url": reverse("admin:exhibitors_mailing_write"),
    }


def _made(user: Any, fair: Fair, applications: list[Application], form: MailingForm) -> Mailing | None:
    data = form.cleaned_data
    try:
        return mailings.create(
            fair=fair,
            application_ids=[application.pk for application in applications],
            texts=form.wordings(),
            by=user,
            now=clock.now(),
            token=data["token"],
            at=data["at"],
            holds=data["holds"],
        )
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
            name = str(error.get("pointer", "")).strip("/")
            form.add_error(name if name in form.fields else None, str(error["detail"]))
    return None


def _chosen(user: Any, typed: str) -> list[Application]:
    """The applications that the form names, as far as the reader may write to them; those of the first one's fair."""
    ids = ids_in(typed)[: mailings.MOST_AT_ONCE]
    rows = Application.objects.filter(access.within(user, Right.SEND_LETTERS, fair="fair"), pk__in=ids)
    found = list(rows.select_related("fair", "company").order_by("pk"))
    return [row for row in found if row.fair_id == found[0].fair_id]


def _sample(fair: Fair, applications: list[Application], request: HttpRequest) -> Sample:
    named = ids_in(request.POST.get("sample", ""))
    number = next((row.pk for row in applications if row.pk in named), applications[0].pk)
    choices = [(row.pk, f"{row.pk} · {row.company}") for row in applications[:CHOICES]]
    return Sample(number=number, context=mailings.contexts_of(fair, [number])[number], choices=choices)
