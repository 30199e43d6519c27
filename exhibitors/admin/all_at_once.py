"""One step with every application of a selection: what was done, what was not and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminTextareaWidget

import clock
from api.problems import Refused
from exhibitors.admin.steps import not_open
from exhibitors.domain import mass_decisions, steps, waiting_list
from exhibitors.domain.seen_state import require_seen, states_of
from exhibitors.domain.step_letters import letter_readers
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.domain.take_step import take_step
from exhibitors.enums import STEPS, Step
from exhibitors.models import Application
from exhibitors.tasks import decide_many_soon
from fairs import access
from fairs.models import Fair
from fairs.roles import Right
from notifications.admin.confirm_all import Line, confirmation, confirmed_by

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin

_NAMED = 10  # companies of one reason; the rest is a number


class ReasonForm(forms.Form):
    """Why all of them are rejected."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy("One for all of them; the exhibitors read it."),
    )


def ask_or_take_all(
    page: "ApplicationAdmin", request: HttpRequest, chosen: QuerySet[Application], step: Step, *, hold: bool = False
) -> HttpResponse | None:
    """Show first what ``step`` will do with each of them; take it once that is confirmed."""
    shown = confirmed_by(request)
    form = ReasonForm(None if shown is None else request.POST) if step == Step.REJECT else None
    if shown is not None:
        # Not from the list again: its filter may have lost those that have changed since, and they are to be named.
        chosen = page.get_queryset(request).filter(pk__in=shown)
        if form is None or form.is_valid():
            reason = form.cleaned_data["reason"] if form else ""
            return take_or_begin(request, chosen, step, hold=hold, shown=shown, reason=reason)
    consequence = _("Decided now; the exhibitors see nothing of it until you announce it.") if hold else STEP_TEXTS[step].consequence
    lines = _lines(request, chosen, step, hold=hold)
    return confirmation(page, request, lines, consequence=consequence, form=form, at_once=mass_decisions.AT_ONCE)


def take_or_begin(
    request: HttpRequest,
    chosen: QuerySet[Application],
    step: Step,
    *,
    hold: bool = False,
    shown: Mapping[int, str] = MappingProxyType({}),
    reason: str = "",
) -> HttpResponse | None:
    """Take it with few in this request; let a worker take it with many, and go on to the page that shows how far that is."""
    if chosen.count() <= mass_decisions.AT_ONCE:
        take_all(request, chosen, step, hold=hold, shown=shown, reason=reason)
        return None
    user: Any = request.user
    seen: dict[int, dict[int, str]] = defaultdict(dict)  # by fair
    states = shown or states_of(chosen)
    mine = chosen.filter(access.within(user, Right.DECIDE_APPLICATIONS, fair="fair"))
    for pk, fair_id in mine.order_by().values_list("pk", "fair"):
        seen[fair_id][pk] = states[pk]
    begun = [
        mass_decisions.create(fair=fair, step=step, seen=seen[fair.pk], by=user, now=clock.now(), hold=hold, reason=reason)
        for fair in Fair.objects.filter(pk__in=seen).order_by("pk")
    ]
    decide_many_soon()
    if len(begun) == 1:
        return HttpResponseRedirect(reverse("admin:exhibitors_massdecision_change", args=[begun[0].pk]))
    return HttpResponseRedirect(reverse("admin:exhibitors_massdecision_changelist"))


def _lines(request: HttpRequest, chosen: QuerySet[Application], step: Step, *, hold: bool) -> Iterator[Line]:
    user: Any = request.user
    states = states_of(chosen)
    for application in chosen.order_by("submitted_at", "pk"):
        is_held = hold or application.has_held  # type: ignore[attr-defined]
        if not access.has_right(user, fair_id=application.fair_id, right=Right.DECIDE_APPLICATIONS):
            reason = _("You may not decide at this fair.")
        elif application.status not in STEPS[step]:
            reason = not_open(application)
        else:
            reason = waiting_list.why_not_at_the_end(application) if step == Step.WAITLIST else ""
        yield Line(
            number=application.pk,
            name=str(application.company),
            url=reverse("admin:exhibitors_application_change", args=[application.pk]),
            state=application.get_status_display(),
            seen=states[application.pk],
            readers=[] if reason or is_held else partial(letter_readers, application, step),
            reason=reason,
        )


def take_all(
    request: HttpRequest,
    chosen: QuerySet[Application],
    step: Step,
    *,
    hold: bool = False,
    shown: Mapping[int, str] = MappingProxyType({}),
    reason: str = "",
) -> None:
    """Take ``step`` with each in a transaction of its own, in the order of submission. ``hold``: the exhibitors are told later;
    ``shown``: the states that the reader has seen, from which alone it is taken."""
    user: Any = request.user
    values: dict[str, Any] = {**({"hold": True} if hold else {}), **({"reason": reason} if reason else {})}
    done = 0
    not_done: dict[str, list[str]] = defaultdict(list)
    for application in chosen.order_by("submitted_at", "pk"):
        name = str(application.company)
        if not access.has_right(user, fair_id=application.fair_id, right=Right.DECIDE_APPLICATIONS):
            not_done[_("You may not decide at this fair.")].append(name)
            continue
        try:
            with transaction.atomic():
                require_seen(steps.locked(application.pk), shown.get(application.pk, ""))
                take_step(step, application_id=application.pk, by=user, now=clock.now(), for_exhibitor=False, **values)
            done += 1
        except Refused as refusal:
            not_done[str(refusal)].append(name)
    if done:
        messages.success(request, _done_text(done, hold=hold))
    for reason, names in not_done.items():
        messages.warning(request, _refused_text(reason, names))


def _done_text(count: int, *, hold: bool) -> str:
    if hold:
        text = ngettext(
            "%(count)d application decided; the decision is held and no letter goes until you announce it.",
            "%(count)d applications decided; the decisions are held and no letter goes until you announce them.",
            count,
        )
    else:
        text = ngettext("%(count)d application changed.", "%(count)d applications changed.", count)
    return text % {"count": count}


def _refused_text(reason: str, names: list[str]) -> str:
    """The reason once, with the companies it holds for."""
    text = ngettext(
        "%(count)d application not changed (%(names)s): %(reason)s",
        "%(count)d applications not changed (%(names)s): %(reason)s",
        len(names),
    )
    return text % {"count": len(names), "names": named(names), "reason": reason}


def named(names: list[str], *, most: int = _NAMED) -> str:
    """The first of the companies by name, the rest as a number."""
    text, further = ", ".join(names[:most]), len(names) - most
    if further > 0:
        text += " " + ngettext("and %(count)d more", "and %(count)d more", further) % {"count": further}
    return text
