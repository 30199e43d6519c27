"""What a step with a whole selection will do, shown before it is done: which rows, who gets a letter, what will not be possible and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy

CONFIRMED = "confirmed"
LISTED = 100  # rows of each kind; of the others the page says how many there are
TAKES_A_WHILE = 500  # rows
IN_BACKGROUND = gettext_lazy("So many are decided in the background: a page shows how far it is, and who was left out and why.")
PATIENCE = gettext_lazy("So many take a minute or more: leave this page open until it answers.")


class Reader(Protocol):
    """Somebody a letter goes to."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


@dataclass(frozen=True)
class Line:
    """One row of the selection; with a ``reason`` nothing will happen to it. ``seen``: the state that the page shows.

    ``readers`` may be a function: who gets a letter is asked of those rows alone that the page lists.
    """

    number: int
    name: str
    url: str
    state: Any = ""
    seen: str = ""
    readers: Sequence[Reader] | Callable[[], Sequence[Reader]] = field(default_factory=list)
    reason: str = ""


def confirmation(
    page: "admin.ModelAdmin[Any]",
    request: HttpRequest,
    lines: Iterable[Line],
    *,
    consequence: Any = "",
    form: forms.Form | None = None,
    at_once: int | None = None,
) -> HttpResponse:
    """The page that asks; its button posts the same action once more, with all that was chosen (``confirmed_by``).

    Of very many rows it lists the first and counts the others, so that it stays a page that can be read. ``form``: what is typed for all
    of them; ``at_once``: how many the request does itself, where a worker does more.
    """
    action = request.POST.get("action", "")
    _function, _name, title = page.get_actions(request)[action] or ("", "", action)
    chosen = list(lines)
    possible = [line for line in chosen if not line.reason]
    impossible = [line for line in chosen if line.reason]
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "opts": page.opts,
        "action": action,
        "consequence": consequence,
        "possible": [_with_readers(line) for line in possible[:LISTED]],
        "possible_count": len(possible),
        "possible_rest": max(len(possible) - LISTED, 0),
        "impossible": impossible[:LISTED],
        "impossible_count": len(impossible),
        "impossible_rest": max(len(impossible) - LISTED, 0),
        "form": form,
        "while_it_lasts": _while_it_lasts(len(possible), at_once),
        CONFIRMED: ",".join(f"{line.number}:{line.seen}" for line in possible),
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/letters/confirm_all.html", context)


def _while_it_lasts(count: int, at_once: int | None) -> Any:
    """What somebody who has chosen so many should know; '' where it is over in a moment."""
    if at_once is not None:
        return IN_BACKGROUND if count > at_once else ""
    return PATIENCE if count > TAKES_A_WHILE else ""


def _with_readers(line: Line) -> Line:
    return replace(line, readers=line.readers()) if callable(line.readers) else line


def confirmed_by(request: HttpRequest) -> dict[int, str] | None:
    """The rows that the page asked about, each with the state that it showed; None when nobody was asked yet."""
    if CONFIRMED not in request.POST:
        return None
    parts = (part.partition(":") for part in request.POST[CONFIRMED].split(","))
    return {int(pk): seen for pk, _colon, seen in parts if pk.isascii() and pk.isdigit() and len(pk) < 19}
