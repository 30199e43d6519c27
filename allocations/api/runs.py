"""Allocation runs over the API: for those who place exhibitors at the fair. For all others there is none."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

import clock
from allocations.api.representations import run_row
from allocations.api.serializers import NewRunSerializer, PublishSerializer, RunSerializer, TakenOverSerializer, TakeOverSerializer
from allocations.domain import publishing, runs, take_over
from allocations.domain.run_queries import with_counts
from allocations.models import AllocationRun, Proposal
from allocations.tasks import publish_soon, run_soon
from api import idempotency
from api.etags import ConditionalMixin
from api.idempotency import IdempotentCreateMixin
from api.problems import Conflict, Findings, field_error
from exhibitors.api.serializers import NoInputSerializer
from fairs.api.scoping import FairScopedMixin
from fairs.models import Hall, Site
from fairs.roles import Right


class NoProposal(Conflict):
    """The run has none: it is not done yet, or ended without one."""

    code = "no-proposal"


class RunsView(ConditionalMixin, FairScopedMixin, GenericAPIView[AllocationRun]):
    """What all addresses below ``/fairs/{fair}/allocation-runs/`` share."""

    serializer_class: Any = RunSerializer
    queryset = AllocationRun.objects.none()

    def runs(self) -> QuerySet[AllocationRun]:
        found = AllocationRun.objects.filter(fair=self.fair).select_related("created_by", "proposal").prefetch_related("halls")
        return with_counts(found)

    def run_of_address(self) -> AllocationRun:
        """Raises Http404 for a run of another fair, and to who places nobody here."""
        found = self.runs().filter(pk=self.kwargs["pk"]).first() if Right.PLACE in self.rights else None
        if found is None:
            raise Http404
        return found

    def proposal_of_address(self) -> Proposal:
        """Raises NoProposal where the run has none."""
        proposal = Proposal.objects.filter(run=self.run_of_address()).first()
        if proposal is None:
            raise NoProposal(_("This run has no proposal: it is not done yet, or it ended without one."))
        return proposal

    def get_object(self) -> AllocationRun:
        return self.run_of_address()

    def full_representation(self, instance: Any) -> Any:
        return run_row(instance, self.fair)


class RunListView(IdempotentCreateMixin, RunsView):
    """Raises PermissionDenied for who places nobody at the fair."""

    @extend_schema(
        operation_id="allocation_runs_list",
        tags=["allocation"],
        description="The fair's allocation runs, the latest first.",
        responses=RunSerializer(many=True),
    )
    def get(self, request: Any, fair: str) -> Response:
        self.require(Right.PLACE)
        found = self.filter_queryset(self.runs().order_by("-created_at", "-pk"))
        page = self.paginate_queryset(found)
        return self.get_paginated_response([run_row(run, self.fair) for run in page or ()])

    @extend_schema(
        operation_id="allocation_runs_create",
        tags=["allocation"],
        description="Begin a run: a worker looks for the best stand for everybody, within the time limit. Its result is a proposal, "
        "which occupies nothing until it is taken over. What is fixed and cannot be is refused (409 `locks-contradict`) with both named.",
        request=NewRunSerializer,
        responses={201: RunSerializer},
    )
    def post(self, request: Any, fair: str) -> Any:
        self.require(Right.PLACE)
        return idempotency.once(self, request, self._create)

    def _create(self) -> HttpResponse:
        body = NewRunSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        options = {name: given[name] for name in ("statuses", "seed", "time_limit_seconds", "keeps_plan") if name in given}
        run = runs.create(
            fair=self.fair,
            by=self.request.user,
            now=clock.now(),
            halls=self._halls(given.get("sites"), given.get("halls")),
            weights=given.get("weights"),
            **options,
        )
        run_soon(run.pk)
        return self.created_response(self.runs().get(pk=run.pk))

    def _halls(self, sites: list[str] | None, halls: list[str] | None) -> list[Hall] | None:
        """Those that are named by their own slugs or by their sites'; None where nothing is named. Raises Invalid with pointers."""
        if sites is None and halls is None:
            return None
        found = Findings()
        by_slug = {hall.slug: hall for hall in Hall.objects.filter(fair=self.fair).select_related("site")}
        known_sites = set(Site.objects.filter(fair=self.fair).values_list("slug", flat=True))
        for place, slug in enumerate(sites or ()):
            if slug not in known_sites:
                found.errors.append(field_error(f"/sites/{place}", "unknown_site", _("This fair has no such site.")))
        for place, slug in enumerate(halls or ()):
            if slug not in by_slug:
                found.errors.append(field_error(f"/halls/{place}", "unknown_hall", _("This fair has no such hall.")))
        found.refuse()
        return [hall for hall in by_slug.values() if hall.slug in (halls or ()) or hall.site.slug in (sites or ())]


class RunView(RunsView):
    """One run with its proposal."""

    @extend_schema(
        operation_id="allocation_runs_retrieve",
        tags=["allocation"],
        description="Read a run: how far it is, and what came of it.",
        responses=RunSerializer,
    )
    def get(self, request: Any, fair: str, pk: int) -> Any:
        return self.object_response(self.get_object())


class RunStepView(RunsView):
    """A step of one run."""

    http_method_names = ["post", "options"]

    def body(self, serializer_class: Any) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class CancelRunView(RunStepView):
    @extend_schema(
        operation_id="allocation_runs_cancel",
        tags=["allocation"],
        description="Stop a run: at once while it waits, within seconds while it works. It leaves no proposal. 409 when it is over.",
        request=NoInputSerializer,
        responses=RunSerializer,
    )
    def post(self, request: Any, fair: str, pk: int) -> Any:
        run = self.run_of_address()
        self.body(NoInputSerializer)
        runs.cancel(run_id=run.pk, now=clock.now())
        return self.object_response(self.get_object())


class TakeOverView(RunStepView):
    @extend_schema(
        operation_id="allocation_runs_take_over",
        tags=["allocation"],
        description="Plan what the proposal says, all of it or some lines: the stands are kept from now on, and nobody is told. "
        "Lines that have become impossible are left and say why; sent again, what is missing is planned.",
        request=TakeOverSerializer,
        responses=TakenOverSerializer,
    )
    def post(self, request: Any, fair: str, pk: int) -> Response:
        proposal = self.proposal_of_address()
        given = self.body(TakeOverSerializer)
        done = take_over.take_over(proposal_id=proposal.pk, by=request.user, now=clock.now(), line_ids=given.get("lines"))
        names = ("new", "moved", "same", "dropped", "waiting", "refused")
        return Response({name: [line.pk for line in getattr(done, name)] for name in names})


class PublishView(RunStepView):
    @extend_schema(
        operation_id="allocation_runs_publish",
        tags=["allocation"],
        description="Take over and offer, with the letters, at a moment or at once (then within a minute). Where lines were taken over "
        "already, those are offered and no others. 409 when the offers have gone.",
        request=PublishSerializer,
        responses=RunSerializer,
    )
    def post(self, request: Any, fair: str, pk: int) -> Any:
        proposal = self.proposal_of_address()
        given = self.body(PublishSerializer)
        publishing.publish(proposal_id=proposal.pk, by=request.user, now=clock.now(), at=given.get("at"))
        publish_soon()
        return self.object_response(self.get_object())


class CallOffView(RunStepView):
    @extend_schema(
        operation_id="allocation_runs_call_off",
        tags=["allocation"],
        description="No offers go at the moment that was set; what was taken over stays planned. 409 when none is set or they have gone.",
        request=NoInputSerializer,
        responses=RunSerializer,
    )
    def post(self, request: Any, fair: str, pk: int) -> Any:
        proposal = self.proposal_of_address()
        self.body(NoInputSerializer)
        publishing.call_off(proposal_id=proposal.pk, now=clock.now())
        return self.object_response(self.get_object())
