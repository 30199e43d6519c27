"""What a step with a whole selection will do, shown before it is done: which rows, who gets a letter, what will not be possible and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

CONFIRMED = "confirmed"


class Reader(Protocol):
    """Somebody a letter goes to."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


@dataclass(frozen=True)
class Line:
    """One row of the selection; with a ``reason`` nothing will happen to it. ``seen``: the state that the page shows."""

    number: int
    name: str
    url: str
    state: Any = ""
    seen: str = ""
    readers: Sequence[Reader] = field(default_factory=list)
    reason: str = ""


def confirmation(page: "admin.ModelAdmin[Any]", request: HttpRequest, lines: Iterable[Line], *, consequence: Any = "") -> HttpResponse:
    """The page that asks; its button posts the same action once more, with what was shown (``confirmed_by``)."""
    action = request.POST.get("action", "")
    _function, _name, title = page.get_actions(request)[action] or ("", "", action)
    shown = list(lines)
    possible = [line for line in shown if not line.reason]
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "opts": page.opts,
        "action": action,
        "consequence": consequence,
        "possible": possible,
        "impossible": [line for line in shown if line.reason],
        CONFIRMED: ",".join(f"{line.number}:{line.seen}" for line in possible),
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/letters/confirm_all.html", context)


def confirmed_by(request: HttpRequest) -> dict[int, str] | None:
    """The rows that the page asked about, each with the state that it showed; None when nobody was asked yet."""
    if CONFIRMED not in request.POST:
        return None
    parts = (part.partition(":") for part in request.POST[CONFIRMED].split(","))
    return {int(pk): seen for pk, _colon, seen in parts if pk.isascii() and pk.isdigit() and len(pk) < 19}
