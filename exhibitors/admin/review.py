"""One application on one screen: what a reviewer reads, scores and decides on, and the next one in the queue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

import clock
from api.problems import Refused
from exhibitors.admin.review_queue import chosen_by, queue_query
from exhibitors.admin.review_section import Subject
from exhibitors.admin.review_sections import sections_of
from exhibitors.admin.steps import is_usual, open_steps
from exhibitors.domain import review_looks, reviews
from exhibitors.domain.readers import Reader
from exhibitors.domain.review_queue import neighbours, queue
from exhibitors.domain.seen_state import SEEN, state_of
from exhibitors.domain.step_letters import StepLetter, letters_of_each
from exhibitors.domain.step_texts import STEP_TEXTS, StepText
from exhibitors.enums import Step
from exhibitors.models import Application, ReviewNote
from exhibitors.models.review import HIGHEST, LOWEST
from fairs import access
from fairs.moments import moment_text
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin

_READERS_NAMED = 3


@dataclass(frozen=True)
class ShownLetter:
    """A letter that a step writes, and to whom."""

    letter: StepLetter

    @property
    def named(self) -> list[Reader]:
        return self.letter.readers[:_READERS_NAMED]

    @property
    def further(self) -> int:
        return max(len(self.letter.readers) - _READERS_NAMED, 0)


@dataclass(frozen=True)
class Button:
    """A step as a button that says what will happen, which letters go and to whom."""

    text: StepText
    url: str
    letters: list[ShownLetter]
    is_usual: bool


def review_page(page: "ApplicationAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Read one application, write scores and notes, go on to the next."""
    application = page.get_object(request, object_id)
    if application is None:
        raise Http404
    if request.method == "POST":
        return _written(request, application)
    user: Any = request.user
    criteria = reviews.scores_of(application, reader=user)
    before, after = _in_queue(page, request, application)
    now = clock.now()
    subject = Subject(application, user, looked_at=review_looks.look(application=application, reader=user, now=now))
    context = {
        **page.admin_site.each_context(request),
        "title": str(application.company),
        "opts": page.opts,
        "original": application,
        "application": application,
        "is_held": application.status != application.told_status,
        "age_days": (now - application.submitted_at).days if application.submitted_at else None,
        "buttons": _buttons(application, request),
        "sections": sections_of(subject),
        "criteria": criteria,
        "mean": reviews.weighted_mean(criteria),
        "values": range(LOWEST, HIGHEST + 1),
        "notes": [(note, moment_text(note.at, application.fair.zone)) for note in _notes(application)],
        "may_review": access.has_right(user, fair_id=application.fair_id, right=Right.DECIDE_APPLICATIONS),
        "may_take": _may_edit(request, application) and application.responsible_id != user.pk,
        "previous_url": before,
        "next_url": after,
        "queue_url": f"{reverse('admin:exhibitors_application_queue')}?{queue_query(request)}",
        "change_url": reverse("admin:exhibitors_application_change", args=[application.pk]),
    }
    return TemplateResponse(request, "admin/exhibitors/application/review.html", context)


def review_url(pk: int, query: str = "") -> str:
    url = reverse("admin:exhibitors_application_review", args=[pk])
    return f"{url}?{query}" if query else url


def _in_queue(page: "ApplicationAdmin", request: HttpRequest, application: Application) -> tuple[str, str]:
    """The addresses of the one before and the one after in the queue that the reader came from."""
    user: Any = request.user
    rows = queue(page.seen_by(request), chosen_by(request), reader=user, now=clock.now())
    ids = list(rows.values_list("pk", flat=True))
    query = queue_query(request)
    before, after = (review_url(pk, query) if pk else "" for pk in neighbours(ids, application.pk))
    return before, after


def _notes(application: Application) -> QuerySet[ReviewNote]:
    return application.review_notes.select_related("author").order_by("-at", "-pk")


def _buttons(application: Application, request: HttpRequest) -> list[Button]:
    told = letters_of_each(application, open_steps(application, request))
    seen = state_of(application)
    return [
        Button(
            STEP_TEXTS[step],
            _step_url(application, step, seen, request),
            [ShownLetter(letter) for letter in letters],
            is_usual(application, step),
        )
        for step, letters in told.items()
    ]


def _step_url(application: Application, step: Step, seen: str, request: HttpRequest) -> str:
    url = reverse("admin:exhibitors_application_step", args=[application.pk, step.value])
    return f"{url}?{SEEN}={seen}&review=1&{queue_query(request)}"


def _may_edit(request: HttpRequest, application: Application) -> bool:
    user: Any = request.user
    return access.has_right(user, fair_id=application.fair_id, right=Right.EDIT_APPLICATIONS)


def _written(request: HttpRequest, application: Application) -> HttpResponse:
    """Take what one of the page's small forms says. Raises PermissionDenied for somebody who may only read."""
    user: Any = request.user
    if "take" in request.POST:
        if not _may_edit(request, application):
            raise PermissionDenied
        Application.objects.filter(pk=application.pk).update(responsible=user)
        messages.success(request, gettext("You are responsible for this application now."))
        return HttpResponseRedirect(request.get_full_path())
    if not access.has_right(user, fair_id=application.fair_id, right=Right.DECIDE_APPLICATIONS):
        raise PermissionDenied
    try:
        if "note" in request.POST:
            reviews.note(application_id=application.pk, by=user, now=clock.now(), text=request.POST["note"])
            messages.success(request, gettext("The note is written."))
        else:
            reviews.score(application_id=application.pk, by=user, now=clock.now(), values=_scores(request))
            messages.success(request, gettext("Your scores are written."))
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
            messages.warning(request, str(error["detail"]))
    return HttpResponseRedirect(request.get_full_path())


def _scores(request: HttpRequest) -> dict[int, int | None]:
    """By criterion: fields ``score-<id>``, empty for none. What is no number is no score of ours."""
    found: dict[int, int | None] = {}
    for name, value in request.POST.items():
        pk = name.removeprefix("score-")
        if name.startswith("score-") and pk.isascii() and pk.isdigit() and len(pk) < 19:
            text = str(value)
            found[int(pk)] = (int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0) if text else None
    return found
