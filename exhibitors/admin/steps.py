"""The admin's page for one step of one application: what will happen, who is told, and the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

import clock
from api.problems import Refused
from api.text import labelled, sentences
from exhibitors.admin.step_forms import StepForm
from exhibitors.admin.step_preview import PreviewedLetter, previewed
from exhibitors.domain import holding, steps, window
from exhibitors.domain.application_queries import Reader
from exhibitors.domain.deadlines import closes_at
from exhibitors.domain.permitted import allowed_actions, may_take
from exhibitors.domain.placements import full_sites
from exhibitors.domain.seen_state import SEEN, meanwhile, require_seen, state_of
from exhibitors.domain.step_letters import StepLetter, letters_of
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.domain.take_step import take_step
from exhibitors.enums import HOLDABLE_STEPS, USUAL_STEPS, ApplicationStatus, PlacementStatus, Step
from exhibitors.models import Application
from fairs import access
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin


def open_steps(application: Application, request: HttpRequest) -> list[Step]:
    """The steps that this member of staff may take with the application now, the usual one first."""
    rights = _rights_at(application, request)
    live = list(application.placements.known_or_held().values_list("site", "status"))
    names = allowed_actions(
        application.status,
        told_status=application.told_status,
        wished_sites=set(application.site_wishes.values_list("site", flat=True)),
        placed_sites={site for site, _status in live},
        full_sites=full_sites(application),
        open_offers=sum(status == PlacementStatus.OFFERED for _site, status in live),
        held_offers=sum(status == PlacementStatus.PLANNED for _site, status in live),
        is_held=holding.pending(application).exists(),
        is_moving=application.move_requested_at is not None,
        is_closed=_is_closed(application),
        rights=rights,
        company_rights=frozenset(),
    )
    return sorted((Step(name) for name in names), key=lambda step: not is_usual(application, step))


def is_usual(application: Application, step: Step) -> bool:
    return USUAL_STEPS.get(ApplicationStatus(application.status)) == step


def _is_closed(application: Application) -> bool:
    """Whether it was never sent, and cannot be sent now."""
    if application.submitted_at is not None:
        return False
    now = clock.now()
    return not window.is_open(application.fair, now) and not window.is_open(application.fair, now, closes_at=closes_at(application))


def _rights_at(application: Application, request: HttpRequest) -> frozenset[Right]:
    user: Any = request.user
    rights, _own = Reader.of(user, access.memberships(user, application.fair_id)).rights_at(application)
    return rights


def _require_permitted(application: Application, step: Step, request: HttpRequest) -> None:
    """Raise PermissionDenied for somebody who may not take this step whatever the state."""
    if not may_take(step, rights=_rights_at(application, request), company_rights=()):
        raise PermissionDenied


def step_page(page: "ApplicationAdmin", request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Show the step, or take it. The domain function has the last word; its refusal is shown in the form."""
    application = page.get_object(request, object_id)
    if application is None or name not in {step.value for step in Step}:
        raise Http404
    step = Step(name)
    _require_permitted(application, step, request)
    back = _back(request, application)
    news = meanwhile(application, request.POST.get(SEEN) or request.GET.get(SEEN) or "")
    if step not in open_steps(application, request):
        messages.warning(request, sentences(news, not_open(application)))
        return HttpResponseRedirect(back)
    if news and request.method == "GET":
        messages.warning(request, news)
    with timezone.override(application.fair.zone):  # moments are typed as the fair's clock shows them
        form = StepForm(request.POST or None, application=application, step=step)
        is_valid = form.is_valid()
    previews = None
    if request.method == "POST" and is_valid:
        if "preview" in request.POST:
            previews = _previews(request, application, step, form)
        elif _took(request, application, step, form):
            return HttpResponseRedirect(back)
    context = {
        **page.admin_site.each_context(request),
        "title": STEP_TEXTS[step].label,
        "opts": page.opts,
        "original": application,
        "application": application,
        "seen": state_of(application),
        "step_text": STEP_TEXTS[step],
        "form": form,
        "wishes": application.site_wishes.all() if step in (Step.OFFER_STAND, Step.RELOCATE) else [],
        "letters": [(letter, _text_url(application, letter, request)) for letter in letters_of(application, step)],
        "previews": previews,
        "can_be_held": step in HOLDABLE_STEPS,
        "is_held": step in HOLDABLE_STEPS and holding.pending(application).exists(),
        "back": back,
    }
    return TemplateResponse(request, "admin/exhibitors/application/step.html", context)


def _text_url(application: Application, letter: StepLetter, request: HttpRequest) -> str:
    """Where the letter's text is read and written in three languages, with an example; '' for those who write none."""
    user: Any = request.user
    if not access.has_right(user, fair_id=application.fair_id, right=Right.SEND_LETTERS):
        return ""
    return f"{reverse('admin:notifications_lettertemplate_text', args=[letter.occasion])}?fair={application.fair_id}"


def _back(request: HttpRequest, application: Application) -> str:
    """The application's page, or the review that the reader came from, with its place in the queue."""
    if "review" not in request.GET:
        return reverse("admin:exhibitors_application_change", args=[application.pk])
    parts = request.META["QUERY_STRING"].split("&")
    query = "&".join(part for part in parts if part != "review=1" and not part.startswith(f"{SEEN}="))
    return f"{reverse('admin:exhibitors_application_review', args=[application.pk])}?{query}"


def _take(request: HttpRequest, application: Application, step: Step, form: StepForm) -> None:
    user: Any = request.user
    with transaction.atomic():
        require_seen(steps.locked(application.pk), request.POST.get(SEEN, ""))
        take_step(step, application_id=application.pk, by=user, now=clock.now(), for_exhibitor=True, **form.values())


@contextmanager
def _refusals_in(form: StepForm, application: Application) -> Iterator[None]:
    """What the domain refuses is said in the form; ``application`` is read again, whatever came of it."""
    try:
        yield
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
            form.add_error(None, str(error["detail"]))
    finally:
        application.refresh_from_db()


def _previews(request: HttpRequest, application: Application, step: Step, form: StepForm) -> list[PreviewedLetter] | None:
    """None where the step is refused."""
    with _refusals_in(form, application):
        return previewed(application, lambda: _take(request, application, step, form))
    return None


def _took(request: HttpRequest, application: Application, step: Step, form: StepForm) -> bool:
    with _refusals_in(form, application):
        _take(request, application, step, form)
    if form.errors:
        return False
    messages.success(request, labelled(application.company, STEP_TEXTS[step].done))
    if step in HOLDABLE_STEPS and holding.pending(application).exists():
        messages.info(request, gettext("The exhibitor has not been told: the decision is held until you announce it."))
    return True


def not_open(application: Application) -> str:
    return gettext("This step is not possible while the application is “%(status)s”.") % {"status": application.get_status_display()}
