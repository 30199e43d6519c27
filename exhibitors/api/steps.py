"""The steps of an application over the API: one POST each, whose path is the step's name in ``allowed_actions``."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema

import clock
from api import idempotency
from api.idempotency import IdempotentCreateMixin
from api.problems import Conflict, Findings, Invalid
from api.serializers import taken
from exhibitors.api import serializers
from exhibitors.api.applications import ApplicationView
from exhibitors.denials import step_denied
from exhibitors.domain import area_fit, extensions, stand_use
from exhibitors.domain.applications import submit_locked
from exhibitors.domain.permitted import may_take
from exhibitors.domain.steps import StepNotAllowed
from exhibitors.domain.take_step import take_step
from exhibitors.domain.ways_on import with_ways_on
from exhibitors.enums import EXHIBITOR_STEPS, Step
from exhibitors.models import Application
from exhibitors.roles import CompanyRight


class StepView(IdempotentCreateMixin, ApplicationView):
    """A step in the life of an application: 409 when the state does not allow it, 403 when the reader may not."""

    step: Step
    may_match = True
    body_class: Any = serializers.NoInputSerializer

    def post(self, request: Any, fair: str, pk: int) -> HttpResponse:
        return idempotency.once(self, request, self._take)

    def _take(self) -> HttpResponse:
        with transaction.atomic():
            application = self.get_object(lock=True)  # whoever may not take the step is told so of the state it is in now
            for_exhibitor = self.require_allowed(application)
            if "HTTP_IF_MATCH" in self.request.META:  # asked for by whoever decides about what they have read
                self.require_match(application)
            body, errors = taken(self.body_class(data=self.request.data))
            if errors:
                raise _refusal(application, body, errors)
            values = {_ARGUMENTS.get(name, name): value for name, value in body.items()}
            try:
                self.take(application, for_exhibitor=for_exhibitor, **values)
            except StepNotAllowed as refusal:
                raise self._with_ways_on(refusal, application) from refusal
            return self.answer(application, values)

    def _with_ways_on(self, refusal: StepNotAllowed, application: Application) -> StepNotAllowed:
        shown = self.read_whole(application)
        _rights, company_rights = self.reader.rights_at(application)
        is_own = CompanyRight.COMMIT in company_rights
        return with_ways_on(refusal, status=shown["status"], actions=shown["allowed_actions"], is_own=is_own)

    def answer(self, application: Application, values: dict[str, Any]) -> HttpResponse:
        """The application, read anew."""
        return self.object_response(application)

    def take(self, application: Application, *, for_exhibitor: bool, **values: Any) -> None:
        """Take the step of an application that is locked; ``for_exhibitor``: staff record what the exhibitor decided."""
        by: Any = self.request.user
        take_step(self.step, application_id=application.pk, by=by, now=clock.now(), for_exhibitor=for_exhibitor, **values)

    def require_allowed(self, application: Application) -> bool:
        """Whether staff record it for the exhibitor. Raises PermissionDenied for a reader who may not take the step at all."""
        rights, company_rights = self.reader.rights_at(application)
        if not may_take(self.step, rights=rights, company_rights=company_rights):
            raise step_denied(self.step, company_rights=company_rights)
        return self.step in EXHIBITOR_STEPS and CompanyRight.COMMIT not in company_rights


class SubmitView(StepView):
    """The step that every exhibitor takes, most of them in the last hours: what was read for the reader is not read again."""

    def take(self, application: Application, *, for_exhibitor: bool, **values: Any) -> None:
        submit_locked(application, by=self.request.user, now=clock.now(), on_behalf=for_exhibitor)  # type: ignore[arg-type]


class PlacingView(StepView):
    """The steps that give a stand by hand: the organiser decides about its area, and is told where it is not what was asked for."""

    def answer(self, application: Application, values: dict[str, Any]) -> HttpResponse:
        response: Any = super().answer(application, values)
        response.data = {**response.data, "warnings": area_fit.warnings(application, values["stand_id"])}
        return response  # type: ignore[no-any-return]


_VIEWS: dict[Step, type[StepView]] = {Step.SUBMIT: SubmitView, Step.OFFER_STAND: PlacingView, Step.RELOCATE: PlacingView}
_NAMED: dict[str, Callable[[Application, Any], Any]] = {
    "deadline": extensions.known,
    "stand": lambda application, stand_id: stand_use.stand_of(application.fair_id, stand_id),
}
_ARGUMENTS = {"stand": "stand_id", "placement": "placement_id"}


class _Described(NamedTuple):
    """What a step takes, and what the schema says it does."""

    body_class: Any
    description: str


_STEPS: dict[Step, _Described] = {
    Step.SUBMIT: _Described(
        serializers.NoInputSerializer,
        "Submit the application. It becomes binding; the exhibitor gets a receipt and the organisers a notice. What the fair requires "
        "and is missing is refused with pointers. Also: submit again after changes were asked for.",
    ),
    Step.WITHDRAW: _Described(
        serializers.ReasonSerializer, "Withdraw the application. It ends, its stands fall free at once, and the organisers are told."
    ),
    Step.ACCEPT_OFFER: _Described(
        serializers.OfferSerializer,
        "Accept the offered stand. The company appears in the public catalogue. After a relocation the old stand falls free in the same "
        "transaction. `placement` may be left out when one offer is open.",
    ),
    Step.DECLINE_OFFER: _Described(
        serializers.OfferWithReasonSerializer,
        "Decline the offered stand. It falls free at once; a stand that was accepted before stays. `placement` may be left out when one "
        "offer is open.",
    ),
    Step.START_REVIEW: _Described(
        serializers.NoInputSerializer, "Start the review. Colleagues see that somebody has taken the application up; no letter goes."
    ),
    Step.REQUEST_CHANGES: _Described(
        serializers.MessageSerializer,
        "Ask the exhibitor for changes. The application may be changed again, and the exhibitor gets a letter with the message.",
    ),
    Step.ADMIT: _Described(
        serializers.HoldSerializer,
        "Admit the application. The goods fit the fair; it is not yet a place. The exhibitor gets a letter.",
    ),
    Step.WAITLIST: _Described(
        serializers.RankSerializer,
        "Put the application on the waiting list, at its end when no rank is given. The exhibitor gets a letter with the rank.",
    ),
    Step.REJECT: _Described(
        serializers.RejectSerializer, "Reject the application. It ends, and the exhibitor gets a letter with the reason."
    ),
    Step.OFFER_STAND: _Described(
        serializers.OfferStandSerializer,
        "Offer a stand. It is kept for 14 days, nobody else can get it, and the exhibitor gets the offer by letter. One whose area is not "
        "between `min` and `max` of the wish is offered all the same, and named in `warnings`.",
    ),
    Step.WITHDRAW_OFFER: _Described(
        serializers.OfferWithReasonSerializer,
        "Take an offer back. The stand falls free at once, and the exhibitor gets a letter, unless the offer is held: of that one nobody "
        "hears. `placement` may be left out when one "
        "offer is open.",
    ),
    Step.RELOCATE: _Described(
        serializers.RelocateSerializer,
        "Offer another stand at the same site. The accepted one stays, and stays public, until the new one is accepted. An area outside "
        "the wish is named in `warnings`.",
    ),
    Step.CANCEL: _Described(
        serializers.RequiredReasonSerializer,
        "Cancel the participation. The application ends, its stands fall free at once, and the exhibitor gets a letter with the reason.",
    ),
    Step.TAKE_BACK: _Described(
        serializers.ReasonSerializer,
        "Take back what is held: a decision or an offer that the exhibitor has not been told yet. No letter ever goes.",
    ),
    Step.EXTEND_DEADLINE: _Described(
        serializers.ExtendDeadlineSerializer,
        "Give this exhibitor longer for one deadline, also for one that is past: what it closed is open again. Given again, the moment "
        "moves. The exhibitor gets a letter. With the deadline `application` a draft may be submitted until then and is not late.",
    ),
    Step.REQUEST_MOVE: _Described(
        serializers.MoveSerializer,
        "Ask for another stand in place of an accepted one, which stays until another is accepted. Those who place exhibitors are told. "
        "Asked again, the new words replace the old ones.",
    ),
    Step.CLOSE_MOVE: _Described(
        serializers.ReasonSerializer,
        "Close the exhibitor's wish for another stand. The exhibitor stays where it is and gets a letter.",
    ),
}


def _refusal(application: Application, body: dict[str, Any], errors: list[dict[str, Any]]) -> Invalid:
    """All that is wrong with a body at once: beside the fields that cannot be read those that name what is not there."""
    found = Findings(errors)
    for name in _NAMED.keys() & body.keys():
        with found.more(), suppress(Conflict):
            _NAMED[name](application, body[name])
    return Invalid(found.errors)


def step_view(step: Step) -> Any:
    """The view of one step, described for the schema under its own name."""
    name = step.name.title().replace("_", "")
    body_class, description = _STEPS[step]
    view: Any = type(f"{name}View", (_VIEWS.get(step, StepView),), {"step": step, "body_class": body_class, "__doc__": description})
    described = extend_schema(
        operation_id=f"applications_{step.name.lower()}",
        tags=["steps"],
        description=description,
        request=body_class,
        responses=serializers.ApplicationSerializer,
    )
    view.post = described(_own_post())
    return view.as_view()


def _own_post() -> Any:
    """A function of its own for each view: the description is kept on the function."""

    def post(self: StepView, request: Any, fair: str, pk: int) -> HttpResponse:
        return StepView.post(self, request, fair, pk)

    return post
