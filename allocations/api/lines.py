"""The lines of a proposal over the API: read, and changed by hand."""

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

import clock
from allocations.api.representations import line_row
from allocations.api.runs import RunsView
from allocations.api.serializers import LineChangeSerializer, LineSerializer
from allocations.domain import editing, take_over
from allocations.domain.lines import changes_of, lines_of
from allocations.models import ProposalLine
from api.filters import YesNoFilter, text_filter
from exhibitors.enums import ApplicationStatus


class LineFilter(django_filters.FilterSet):
    placed = YesNoFilter(method="by_placed", help_text="Those with a stand, or without one, of companies that still take part.")
    gone = YesNoFilter(method="by_gone", help_text="Those of companies that take no part any more, or the others.")
    site = text_filter("site__slug", help_text="Slug of a site.")

    class Meta:
        model = ProposalLine
        fields: list[str] = []

    def by_placed(self, found: QuerySet[ProposalLine], name: str, value: bool) -> QuerySet[ProposalLine]:
        return self.by_gone(found, name, False).filter(stand__isnull=not value)

    def by_gone(self, found: QuerySet[ProposalLine], name: str, value: bool) -> QuerySet[ProposalLine]:
        over = {"application__status__in": ApplicationStatus.ended}
        return found.filter(**over) if value else found.exclude(**over)


class LinesView(RunsView):
    serializer_class = LineSerializer
    queryset = ProposalLine.objects.none()  # type: ignore[assignment]

    def lines(self) -> QuerySet[ProposalLine]:
        return lines_of(self.proposal_of_address())

    def full_representation(self, instance: Any) -> Any:
        return line_row(instance, changes_of([instance])[instance.pk])


class LineListView(LinesView):
    filterset_class = LineFilter

    @extend_schema(
        operation_id="allocation_runs_lines_list",
        tags=["allocation"],
        description="The lines of a run's proposal by company: stand, score term by term, what it would change, why somebody has none.",
        responses=LineSerializer(many=True),
    )
    def get(self, request: Any, fair: str, pk: int) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.lines())) or []  # type: ignore[arg-type]
        changes = changes_of(page)  # type: ignore[arg-type]
        return self.get_paginated_response([line_row(line, changes[line.pk]) for line in page])  # type: ignore[arg-type]


class LineView(LinesView):
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> Any:
        found = self.lines().filter(pk=self.kwargs["part"]).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(
        operation_id="allocation_runs_lines_retrieve",
        tags=["allocation"],
        description="Read a line of a run's proposal: its stand, what that is worth, and what it would change.",
        responses=LineSerializer,
    )
    def get(self, request: Any, fair: str, pk: int, part: int) -> Any:
        return self.object_response(self.get_object())

    @extend_schema(
        operation_id="allocation_runs_lines_partial_update",
        tags=["allocation"],
        description="Give the line another stand, or none, or fix it. The whole proposal is counted anew; hard rules that the line then "
        "breaks are in its `reasons`. 409 `line-taken` when another line has the stand.",
        request=LineChangeSerializer,
        responses=LineSerializer,
    )
    def patch(self, request: Any, fair: str, pk: int, part: int) -> Any:
        with transaction.atomic():
            found = self.get_object()  # 404 comes before 428
            take_over.locked(found.proposal_id)  # before the line, as everybody does who changes a proposal
            line = self.get_matching_object()
            body = LineChangeSerializer(data=request.data)
            body.is_valid(raise_exception=True)
            given = {"stand_id": body.validated_data["stand"]} if "stand" in body.validated_data else {}
            editing.change_line(line_id=line.pk, by=request.user, now=clock.now(), locked=body.validated_data.get("locked"), **given)
            return self.object_response(self.get_object())
