"""One step with every application of a selection: what was done, what was not and why."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from api.problems import Refused
from exhibitors.domain.take_step import take_step
from exhibitors.enums import Step
from exhibitors.models import Application
from fairs import access
from fairs.roles import Right

_NAMED = 10  # companies of one reason; the rest is a number


def take_all(request: HttpRequest, chosen: QuerySet[Application], step: Step, *, hold: bool = False) -> None:
    """Take ``step`` with each in a transaction of its own, in the order of submission. ``hold``: the exhibitors are told later."""
    user: Any = request.user
    values = {"hold": True} if hold else {}
    done = 0
    not_done: dict[str, list[str]] = defaultdict(list)
    for application in chosen.order_by("submitted_at", "pk"):
        name = str(application.company)
        if not access.has_right(user, fair_id=application.fair_id, right=Right.DECIDE_APPLICATIONS):
            not_done[_("You may not decide at this fair.")].append(name)
            continue
        try:
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
    named, further = ", ".join(names[:_NAMED]), len(names) - _NAMED
    if further > 0:
        named += " " + ngettext("and %(count)d more", "and %(count)d more", further) % {"count": further}
    text = ngettext(
        "%(count)d application not changed (%(names)s): %(reason)s",
        "%(count)d applications not changed (%(names)s): %(reason)s",
        len(names),
    )
    return text % {"count": len(names), "names": named, "reason": reason}
