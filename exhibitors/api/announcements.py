"""Announcements over the API: when the decisions that an organiser holds are told to the exhibitors."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

import clock
from api import idempotency
from api.etags import ConditionalMixin
from api.idempotency import IdempotentCreateMixin
from api.serializers import taken
from exhibitors.api.applications import FairApplicationsView
from exhibitors.api.serializers import AnnouncementSerializer, NewAnnouncementSerializer
from exhibitors.domain import announcements
from exhibitors.models import Announcement
from exhibitors.tasks import announce_soon
from fairs.denials import staff_denied
from fairs.roles import Right


class AnnouncementsView(ConditionalMixin, FairApplicationsView):
    """What both addresses share: for those who decide at the fair."""

    serializer_class = AnnouncementSerializer  # type: ignore[assignment]

    @property
    def may_decide(self) -> bool:
        return Right.DECIDE_APPLICATIONS in self.reader.rights

    def announcements(self) -> QuerySet[Announcement]:
        told = Count("steps__application", filter=Q(steps__voided_at=None), distinct=True)
        return Announcement.objects.filter(fair=self.fair).annotate(application_count=told)

    def full_representation(self, instance: Any) -> Any:
        zone = self.fair.zone
        moments = {name: getattr(instance, name) for name in ("at", "created_at", "done_at", "cancelled_at")}
        shown = {name: moment and moment.astimezone(zone).isoformat() for name, moment in moments.items()}
        return {"id": instance.pk, "status": _status(instance), "applications": instance.application_count, **shown}


def _status(announcement: Any) -> str:
    if announcement.cancelled_at:
        return "cancelled"
    if not announcement.application_count:  # all of it was taken back, or moved to another announcement
        return "empty"
    return "done" if announcement.done_at else "planned"


class AnnouncementListView(IdempotentCreateMixin, AnnouncementsView):
    """Raises PermissionDenied for all others."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.may_decide:
            raise staff_denied(Right.DECIDE_APPLICATIONS)

    @extend_schema(
        operation_id="announcements_list",
        tags=["announcements"],
        description="The announcements of the fair, the latest first.",
        responses=AnnouncementSerializer(many=True),
    )
    def get(self, request: Any, fair: str) -> Response:
        found = self.filter_queryset(self.announcements().order_by("-at", "-pk"))  # type: ignore[arg-type]
        page = self.paginate_queryset(found)
        return self.get_paginated_response([self.full_representation(row) for row in page or ()])

    @extend_schema(
        operation_id="announcements_create",
        tags=["announcements"],
        description="Tell held decisions to the exhibitors at a moment, or at once: then the letters go within a minute.",
        request=NewAnnouncementSerializer,
        responses={201: AnnouncementSerializer},
    )
    def post(self, request: Any, fair: str) -> Any:
        return idempotency.once(self, request, self._create)

    def _create(self) -> HttpResponse:
        body, errors = taken(NewAnnouncementSerializer(data=self.request.data))
        created = announcements.create(
            fair=self.fair,
            by=self.request.user,  # type: ignore[arg-type]  # signed in
            now=clock.now(),
            at=body.get("at"),
            application_ids=body.get("applications"),
            refused=errors,
        )
        announce_soon()
        return self.created_response(self.announcements().get(pk=created.pk))


class AnnouncementDetailView(AnnouncementsView):
    """For all others there is none."""

    def get_object(self) -> Announcement:  # type: ignore[override]
        found = self.announcements().filter(pk=self.kwargs["pk"]).first() if self.may_decide else None
        if found is None:
            raise Http404
        return found

    @extend_schema(
        operation_id="announcements_retrieve",
        tags=["announcements"],
        description="Read an announcement.",
        responses=AnnouncementSerializer,
    )
    def get(self, request: Any, fair: str, pk: int) -> Any:
        return self.object_response(self.get_object())

    @extend_schema(
        operation_id="announcements_cancel",
        tags=["announcements"],
        description="Cancel an announcement that is not done. What it has not told yet stays held, without a moment.",
        responses={204: None},
    )
    def delete(self, request: Any, fair: str, pk: int) -> Response:
        with transaction.atomic():
            announcements.cancel(announcement_id=self.get_matching_object().pk, now=clock.now())
        return Response(status=204)
