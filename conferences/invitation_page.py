"""The part of a delegate's own page where a visa invitation is asked for and loaded."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import clock
from api.problems import Invalid, Refused, field_of
from conferences.delegate_page import delegate_of
from conferences.domain import invitations, passes
from conferences.domain.invitation_values import Passport, Request
from conferences.models import Delegate, VisaInvitation
from notifications import moments


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"])


class InvitationForm(forms.Form):
    """The fields are checked by the domain; here is only what a browser needs."""

    passport_name = forms.CharField(label=_("Name in Latin letters, as in the passport"), max_length=100)
    passport_number = forms.CharField(label=_("Passport number"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    birth_date = _day_field(_("Date of birth"))
    citizenship = forms.CharField(label=_("Citizenship"), max_length=2, help_text=_("The country's two letters, such as RU or CN."))
    entry_on = _day_field(_("Day of entry"))
    leave_on = _day_field(_("Day of departure"))
    host = forms.CharField(label=_("Host organisation"), max_length=200)

    def request(self) -> Request:
        values = self.cleaned_data
        passport = Passport(values["passport_name"], values["passport_number"], values["birth_date"], values["citizenship"])
        return Request(passport, values["entry_on"], values["leave_on"], values["host"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_page(request: HttpRequest, conference: str, word: str) -> HttpResponse:
    """404 for a word of nobody's; who has no confirmed place reads how to get one."""
    delegate = delegate_of(conference, word)
    with override(delegate.language):
        if request.method == "POST" and request.POST.get("step") == "withdraw":
            invitations.withdraw(delegate)
            return HttpResponseRedirect(request.path)
        form = InvitationForm(request.POST if request.method == "POST" else None, use_required_attribute=False)
        if request.method != "POST":
            return _page(request, delegate, form)
        if not form.is_valid():
            return _page(request, delegate, form, status=400)
        try:
            invitations.ask(delegate_id=delegate.pk, request=form.request(), now=clock.now())
        except Invalid as refusal:
            for error in refusal.facts["errors"]:
                form.add_error(field_of(error), str(error["detail"]))
            return _page(request, delegate, form, status=400)
        except Refused as refusal:
            return _page(request, delegate, form, said=str(refusal), status=refusal.status)
        return HttpResponseRedirect(request.path)


@never_cache
@require_safe
def invitation_file(request: HttpRequest, conference: str, word: str) -> HttpResponse:
    """The issued letter; before and after, the page that says why there is none."""
    from conferences.api.invitations import pdf_answer

    delegate = delegate_of(conference, word)
    with override(delegate.language):
        try:
            return pdf_answer(invitations.issued_to(delegate), private={})
        except Refused as refusal:
            return _page(request, delegate, InvitationForm(), said=str(refusal), status=refusal.status)


def _page(request: HttpRequest, delegate: Delegate, form: InvitationForm, *, said: str = "", status: int = 200) -> HttpResponse:
    conference = delegate.conference
    found = VisaInvitation.objects.filter(delegate=delegate).first()
    context = {
        "delegate": delegate,
        "conference": conference,
        "days": moments.written_days(conference.starts_on, conference.ends_on, language=delegate.language),
        "invitation": found,
        "stay": moments.written_days(found.entry_on, found.leave_on, language=delegate.language) if found else "",
        "has_pass": passes.has_pass(delegate),
        "form": form,
        "said": said,
    }
    response = TemplateResponse(request, "conferences/invitation.html", context, status=status)
    return response.render()  # while the delegate's language holds
