"""The hold of a stand over the API: for staff alone. To everybody else a held stand is a stand like any other."""

from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.response import Response

import clock
from api import idempotency
from api.etags import CacheHeadersMixin, ConditionalMixin
from api.idempotency import IdempotentCreateMixin
from api.serializers import StrictSerializer
from exhibitors.api.serializers import MomentField
from exhibitors.domain import stand_holds
from exhibitors.domain.stand_hold_queries import live_seen_by
from exhibitors.models import StandHold
from fairs.api.scoping import FairScopedMixin
from fairs.domain import stands
from fairs.models import Fair, Stand
from fairs.roles import Right


class NewStandHoldSerializer(StrictSerializer):
    """For whom the stand is kept: an application of this fair, or somebody whom ``note`` names."""

    application = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, allow_null=True)
    note = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="For whom, or why; needed where there is no application."
    )
    until = MomentField(help_text="Ahead, and not after the fair's last day.")


class StandHoldSerializer(serializers.Serializer[Any]):
    """A stand that is kept for somebody until a moment; it expires by itself."""

    id = serializers.IntegerField()
    stand = serializers.IntegerField(help_text="Id of the stand.")
    site = serializers.CharField(help_text="Slug of its site.")
    hall = serializers.CharField(help_text="Slug of its hall.")
    number = serializers.CharField(help_text="Its number, unique in the hall.")
    application = serializers.IntegerField(allow_null=True)
    company_name = serializers.CharField(allow_null=True, help_text="Of the application's company.")
    note = serializers.CharField()
    until = serializers.DateTimeField()
    by = serializers.EmailField(allow_null=True, help_text="Who holds it.")
    created_at = serializers.DateTimeField()


def represented(hold: StandHold, fair: Fair) -> dict[str, Any]:
    stand, application = hold.stand, hold.application
    return {
        "id": hold.pk,
        "stand": stand.pk,
        "site": stand.hall.site.slug,
        "hall": stand.hall.slug,
        "number": stand.number,
        "application": hold.application_id,
        "company_name": application.company.legal_name if application else None,
        "note": hold.note,
        "until": hold.until.astimezone(fair.zone).isoformat(),
        "by": hold.by.email if hold.by else None,
        "created_at": hold.created_at.astimezone(fair.zone).isoformat(),
    }


class StandHoldListView(CacheHeadersMixin, FairScopedMixin, ListAPIView[StandHold]):
    """The holds of a fair: refused to all others before anything is looked up."""

    serializer_class = StandHoldSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return StandHold.objects.none()
        user: Any = self.request.user
        return live_seen_by(user, now=clock.now()).filter(stand__hall__fair=self.fair).order_by("until", "pk")

    @extend_schema(
        operation_id="stand_holds_list",
        tags=["stand holds"],
        description="The stands of the fair that are held at this moment, those that end first before the others. For staff.",
        responses=StandHoldSerializer(many=True),
    )
    def get(self, request: Any, fair: str) -> Response:
        self.require(Right.VIEW_APPLICATIONS)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([represented(hold, self.fair) for hold in page or ()])


class StandHoldView(IdempotentCreateMixin, ConditionalMixin, FairScopedMixin, GenericAPIView[StandHold]):
    """Whether somebody may ask is decided before it is looked up whether the stand is held."""

    serializer_class = StandHoldSerializer
    queryset = StandHold.objects.none()

    @cached_property
    def stand(self) -> Stand:
        """The stand in the address. Raises Http404."""
        found = Stand.objects.of_fair(self.fair.pk).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_object(self) -> StandHold:
        user: Any = self.request.user
        found = live_seen_by(user, now=clock.now()).filter(stand=self.stand).first()
        if found is None:
            raise Http404
        return found

    def get_matching_object(self) -> StandHold:
        stands.lock([self.stand.pk])  # before the hold's own row, as everybody does who offers or holds a stand
        return super().get_matching_object()  # type: ignore[no-any-return]

    def full_representation(self, instance: Any) -> Any:
        return represented(instance, self.fair)

    def location_of(self, instance: Any) -> str:
        return self.request.build_absolute_uri(self.request.path)  # type: ignore[no-any-return]

    @extend_schema(
        operation_id="stand_holds_retrieve",
        tags=["stand holds"],
        description="For whom a stand is held, and until when. Not found when nobody holds it.",
        responses=StandHoldSerializer,
    )
    def get(self, request: Any, fair: str, pk: int) -> HttpResponse:
        self._require(Right.VIEW_APPLICATIONS)
        return self.object_response(self.get_object())

    @extend_schema(
        operation_id="stand_holds_create",
        tags=["stand holds"],
        description="Hold a stand until a moment: for an application, or for somebody whom `note` names. Nobody else is offered it "
        "meanwhile; the public sees nothing of it. It ends by itself at that moment, when the stand is offered to that application, or "
        "when the application ends. Held again for the same application (without one: with the same note), the new moment and note take "
        "the place of the old ones; held for somebody else, 409 `stand-held` says until when.",
        request=NewStandHoldSerializer,
        responses={201: StandHoldSerializer},
    )
    def post(self, request: Any, fair: str, pk: int) -> HttpResponse:
        self._require(Right.PLACE)
        return idempotency.once(self, request, self._hold)

    def _hold(self) -> HttpResponse:
        body = NewStandHoldSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        hold = stand_holds.hold_stand(
            stand_id=self.stand.pk,
            by=self.request.user,
            now=clock.now(),
            until=given["until"],
            application_id=given.get("application"),
            note=given.get("note", ""),
        )
        return self.created_response(hold)

    @extend_schema(
        operation_id="stand_holds_destroy",
        tags=["stand holds"],
        description="Release a stand that is held: it can be offered to everybody again.",
        responses={204: None},
    )
    def delete(self, request: Any, fair: str, pk: int) -> HttpResponse:
        self._require(Right.PLACE)
        with transaction.atomic():
            stand_holds.release_hold(stand_id=self.get_matching_object().stand_id, now=clock.now())
        return Response(status=204)

    def _require(self, right: Right) -> None:
        """404 for a stand that is not there, else 403 without the right, whether it is held or not."""
        _found = self.stand
        self.require(right)
