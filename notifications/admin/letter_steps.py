"""What somebody at the desk may do with letters: hold, release, drop, send again. One table for the list and for the page of a letter."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from notifications import access, held, outbox, repeats
from notifications.admin.confirm_all import Line, confirmation, confirmed_by
from notifications.concerns import present_of
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outcomes import outcome_of
from notifications.suppressions import is_suppressed

if TYPE_CHECKING:
    from notifications.admin.letter import LetterAdmin


@dataclass(frozen=True)
class LetterStep:
    """``act`` does it and returns False when the letter is no longer in a state that allows it; ``why_not`` says so beforehand."""

    label: Any
    consequence: Any
    why_not: Callable[[Letter], str]
    act: Callable[[int, datetime], bool]
    is_grave: bool = False
    writes: bool = False  # a letter goes
    not_offered: Callable[[Letter], str] | None = None  # instead of ``why_not``, where its page says what to do first


def _not_resting(letter: Letter) -> str:
    return "" if letter.status in LetterStatus.resting else _("It is “%(state)s” already.") % {"state": letter.get_status_display()}


def _not_holdable(letter: Letter) -> str:
    return _("It is held back already.") if letter.is_held else _not_resting(letter)


def _not_releasable(letter: Letter) -> str:
    return "" if letter.is_held else _("It is not held back.")


def _not_repeatable(letter: Letter) -> str:
    if letter.is_secret:
        return _("It held a code or a signed link, which nobody sends a second time: the person asks for a new one.")
    if letter.status != LetterStatus.FAILED and letter.bounced_at is None:
        return _("Only a letter that failed or came back is sent again.")
    return "" if letter.text else _("It has no text: the shipped text was broken when it was written. Write to the person otherwise.")


def _not_sendable(letter: Any) -> str:
    """Of a letter that was read ``with_closed_addresses``."""
    if reason := _not_repeatable(letter):
        return reason
    present = present_of(letter)
    if not (is_suppressed(present.email) if present else letter.is_closed):
        return ""
    return _("No mail goes to its address: lift the address first, under “addresses without mail”, or enter another for the company.")


STEPS: dict[str, LetterStep] = {
    "hold": LetterStep(
        gettext_lazy("Hold back"),
        gettext_lazy("The letters do not leave until somebody releases them."),
        _not_holdable,
        lambda pk, now: held.hold(letter_id=pk),
    ),
    "release": LetterStep(
        pgettext_lazy("letter", "Release"),
        gettext_lazy("The letters leave now, those for later at their moment."),
        _not_releasable,
        lambda pk, now: held.release(letter_id=pk, now=now),
        writes=True,
    ),
    "drop": LetterStep(
        gettext_lazy("Drop"),
        gettext_lazy("The letters are cancelled and never leave. This cannot be undone."),
        _not_resting,
        lambda pk, now: outbox.cancel_letter(letter_id=pk),
        is_grave=True,
    ),
    "send_again": LetterStep(
        gettext_lazy("Send again"),
        gettext_lazy("The letters are tried once more, each to the present address of its reader or company."),
        _not_sendable,
        lambda pk, now: repeats.send_again(letter_id=pk),
        not_offered=_not_repeatable,
        writes=True,
    ),
}


def open_steps(letter: Letter, request: HttpRequest) -> list[dict[str, Any]]:
    """The buttons on the page of one letter."""
    if not access.letters_handled_by(request.user).filter(pk=letter.pk).exists():
        return []
    found = [
        {
            "name": name,
            "label": step.label,
            "is_grave": step.is_grave,
            "url": reverse("admin:notifications_letter_step", args=[letter.pk, name]),
        }
        for name, step in STEPS.items()
        if not (step.not_offered or step.why_not)(letter)
    ]
    if Letter.objects.editable(now=timezone.now()).filter(pk=letter.pk).exists():
        url = reverse("admin:notifications_letter_edit", args=[letter.pk])
        found.insert(0, {"name": "edit", "label": _("Edit"), "is_grave": False, "url": url})
    return found


def ask_or_take(page: "LetterAdmin", request: HttpRequest, chosen: QuerySet[Letter], name: str) -> HttpResponse | None:
    """Show first what the step will do with each of the letters; take it once that is confirmed."""
    shown = confirmed_by(request)
    if shown is None:
        return confirmation(page, request, _lines(request, chosen, STEPS[name]), consequence=STEPS[name].consequence)
    take(page, request, page.get_queryset(request).filter(pk__in=shown), name)
    return None


def _lines(request: HttpRequest, chosen: QuerySet[Letter], step: LetterStep) -> Iterator[Line]:
    handled = set(access.letters_handled_by(request.user).filter(pk__in=chosen.values("pk")).values_list("pk", flat=True))
    now = timezone.now()
    for letter in chosen.order_by("pk"):
        reason = step.why_not(letter) if letter.pk in handled else _("You may not do this at its fair.")
        yield Line(
            number=letter.pk,
            name=letter.subject,
            url=reverse("admin:notifications_letter_change", args=[letter.pk]),
            state=f"{letter.recipient_email} · {outcome_of(letter, now=now).label}",
            readers=[reader_of(letter, step)] if step.writes and not reason else [],
            reason=reason,
        )


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str


def reader_of(letter: Letter, step: LetterStep) -> Recipient:
    """Who gets it by the step."""
    present = present_of(letter) if step is STEPS["send_again"] else None
    return Recipient(present.name, present.email) if present else Recipient(letter.recipient_name, letter.recipient_email)


def take(page: "LetterAdmin", request: HttpRequest, chosen: QuerySet[Letter], name: str) -> int:
    """Take the step with each letter that the reader may handle, note who did it, and say how many it was."""
    step, now = STEPS[name], timezone.now()
    allowed = access.letters_handled_by(request.user).values("pk")
    letters = list(chosen.filter(pk__in=allowed).select_related(None).only("pk", "subject"))
    done = [letter for letter in letters if step.act(letter.pk, now)]
    for letter in done:
        page.log_change(request, letter, str(step.label))
    if done:
        text = ngettext("%(label)s: %(count)d letter.", "%(label)s: %(count)d letters.", len(done))
        messages.success(request, text % {"label": step.label, "count": len(done)})
    _say_why(page, request, letters, done, step)
    if missed := chosen.count() - len(letters):
        text = ngettext(
            "%(count)d letter stays as it is: it is another fair's.",
            "%(count)d letters stay as they are: they are another fair's.",
            missed,
        )
        messages.warning(request, text % {"count": missed})
    return len(done)


def _say_why(page: "LetterAdmin", request: HttpRequest, letters: list[Letter], done: list[Letter], step: LetterStep) -> None:
    """Which letters stay as they are, by reason."""
    missed = {letter.pk for letter in letters} - {letter.pk for letter in done}
    now_read = page.get_queryset(request).filter(pk__in=missed) if missed else []
    reasons = Counter(step.why_not(letter) or _("It has changed meanwhile.") for letter in now_read)
    for reason, count in reasons.items():
        text = ngettext("%(count)d letter stays as it is: %(reason)s", "%(count)d letters stay as they are: %(reason)s", count)
        messages.warning(request, text % {"count": count, "reason": reason})
