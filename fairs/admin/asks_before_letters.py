"""A page whose saving makes letters due at once says so first: how many, to whom, and whether they shall go."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.messages.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from fairs import at_once
from fairs.admin.base import number_of
from fairs.models import Deadline, Fair

CHOICE = "letters"  # of the page that asks: "send" or "leave_out"
_SHOWN = 50  # letters that are named; the rest is a number


class AsksBeforeLettersMixin(ModelAdmin):
    """For the pages of a fair, a deadline and what one asks for. What was typed is saved, looked at and undone until that is chosen."""

    def _changeform_view(self, request: HttpRequest, object_id: str | None, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super()._changeform_view(request, object_id, *args, **kwargs)
        fair_id, deadline_id = self._watched(request, object_id)
        watch = at_once.watch(fair_id=fair_id, deadline_id=deadline_id, now=clock.now())
        before = transaction.savepoint()
        response = super()._changeform_view(request, object_id, *args, **kwargs)
        is_saved = isinstance(response, HttpResponseRedirect) or IS_POPUP_VAR in request.POST
        letters = watch.new_letters() if is_saved and fair_id is not None else []
        if not letters:
            transaction.savepoint_commit(before)
            return response
        if request.POST.get(CHOICE) in ("send", "leave_out"):
            self._carry_out(request, watch, len(letters))
            transaction.savepoint_commit(before)
            return response
        transaction.savepoint_rollback(before)
        request._messages = default_storage(request)  # type: ignore[attr-defined]  # it was not saved after all: nothing says so
        return self._ask(request, letters)

    def _watched(self, request: HttpRequest, object_id: str | None) -> tuple[int | None, int | None]:
        """The fair and, on a deadline's page, the deadline; of a new deadline the whole fair that it is for; of a new fair nothing."""
        if object_id is None:
            return (None if self.model is Fair else number_of(request.POST.get("fair", ""))), None
        pk = number_of(object_id)
        if pk is None or self.model is Fair:
            return pk, None
        return Deadline.objects.filter(pk=pk).values_list("fair", "pk").first() or (None, None)

    def _carry_out(self, request: HttpRequest, watch: at_once.Watch, count: int) -> None:
        if request.POST[CHOICE] == "leave_out":
            watch.leave_out()
            text = ngettext("%(count)d letter is left out.", "%(count)d letters are left out.", count)
        else:
            text = ngettext("%(count)d letter goes at once or in the morning.", "%(count)d letters go at once or in the morning.", count)
        messages.warning(request, text % {"count": count})

    def _ask(self, request: HttpRequest, letters: list[at_once.Line]) -> HttpResponse:
        typed = [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Letters would go"),
            "opts": self.opts,
            "count": len(letters),
            "letters": letters[:_SHOWN],
            "more": max(0, len(letters) - _SHOWN),
            "typed": typed,
            "choice": CHOICE,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "fairs/admin/letters_at_once.html", context)
