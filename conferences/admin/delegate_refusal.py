"""The page that asks why delegates are refused."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from conferences.domain import delegates


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}))


def refusal_page(page: Any, request: HttpRequest) -> HttpResponse:
    """Delegates read why: the reason is asked for first. ``ids`` in the address says who."""
    if not page.has_change_permission(request):
        raise PermissionDenied
    ids = [int(pk) for pk in request.GET.get("ids", "").split(",") if pk.isdecimal() and len(pk) < 19]
    chosen = page.changeable(request).filter(pk__in=ids)
    form = ReasonForm(request.POST or None)
    back = reverse("admin:conferences_delegate_changelist")
    if request.method == "POST" and form.is_valid():
        page.take_step(request, chosen, partial(delegates.refuse, reason=form.cleaned_data["reason"]))
        return HttpResponseRedirect(back)
    context = {
        **page.admin_site.each_context(request),
        "title": gettext("Refuse delegates"),
        "opts": page.opts,
        "chosen": chosen.order_by("pk"),
        "form": form,
        "back": back,
    }
    return TemplateResponse(request, "admin/conferences/delegate/refuse.html", context)
