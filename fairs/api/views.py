"""Fairs for everybody: answers that browsers and proxies may keep, checked with one query (ListETagMixin)."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

import clock
from api.etags import ListETagMixin
from api.filters import ChoicesFilter, text_filter
from fairs import access
from fairs.api.scoping import FairScopedMixin
from fairs.api.serializers import FairSerializer, StandSerializer, TradeFigureSerializer
from fairs.domain.stand_queries import mark_uses, used_as, with_status
from fairs.enums import STAND_KIND_BY_OPEN_SIDES, StandKind, StandStatus, StandUse
from fairs.models import Deadline, Fair, Hall, Stand, TradeFigure
from fairs.roles import Right

_OPEN_SIDES = {kind: sides for sides, kind in STAND_KIND_BY_OPEN_SIDES.items()}


def with_sites(fairs: QuerySet[Fair]) -> QuerySet[Fair]:
    """Fairs with all that their JSON shows, in six more queries."""
    return fairs.prefetch_related(
        "sites__opening_hours",
        "sites__buildings",
        Prefetch("sites__halls", Hall.objects.defer("outline").select_related("building")),
        "sites__halls__zones",
        Prefetch("deadlines", Deadline.objects.filter(is_public=True).order_by("due_at", "pk"), to_attr="public_deadlines"),
    )


class FairListView(ListETagMixin, ListAPIView[Fair]):
    """Published and past fairs, the newest first; staff also see the drafts they work on."""

    permission_classes = [AllowAny]
    serializer_class = FairSerializer

    def get_queryset(self) -> QuerySet[Fair]:
        fairs = Fair.objects.public()
        if self.request.user.is_authenticated:
            fairs = fairs | access.fairs_with(self.request.user, Right.VIEW_FAIR)
        return with_sites(fairs.order_by("-starts_on", "pk"))

    def get_list_revision(self) -> str:
        rows = self.get_queryset().prefetch_related(None).values_list("pk", "public_revision__number")
        return ",".join(f"{pk}:{number}" for pk, number in rows)

    @extend_schema(operation_id="fairs_list", tags=["fairs"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


class FairDetailView(FairScopedMixin, ListETagMixin, RetrieveAPIView[Fair]):
    """A fair with its sites, halls, days, opening hours and public deadlines."""

    permission_classes = [AllowAny]
    serializer_class = FairSerializer

    @extend_schema(operation_id="fairs_retrieve", tags=["fairs"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer_revised(self._one)

    def _one(self) -> Response:
        found = with_sites(Fair.objects.filter(pk=self.fair.pk)).get()
        return Response(self.get_serializer(found).data)


UNUSED = "none"


class StandFilter(django_filters.FilterSet):
    hall = text_filter("hall__slug", help_text="Slug of the hall.")
    site = text_filter("hall__site__slug", help_text="Slug of the site.")
    building = text_filter("hall__building__slug", help_text="Slug of the building.")
    zone = text_filter("zone__slug", help_text="Slug of the zone; with `hall` where two have one.")
    kind = ChoicesFilter(choices=StandKind.choices, method="by_kind")
    status = ChoicesFilter(choices=StandStatus.choices, field_name="status")
    uses = ChoicesFilter(
        choices=[*StandUse.choices, (UNUSED, UNUSED)],
        method="by_use",
        help_text="For staff who place exhibitors: a state that `uses` has, or `none` where it is empty. Nothing for others.",
    )

    class Meta:
        model = Stand
        fields: list[str] = []

    def by_kind(self, stands: QuerySet[Stand], name: str, value: list[str]) -> QuerySet[Stand]:
        return stands.filter(open_sides__in=[_OPEN_SIDES[StandKind(kind)] for kind in value])

    def by_use(self, stands: QuerySet[Stand], name: str, value: list[str]) -> QuerySet[Stand]:
        view: Any = self.request.parser_context["view"]  # type: ignore[union-attr]
        if not view.sees_uses:
            return stands.none()
        uses = [StandUse(use) for use in value if use != UNUSED]
        return used_as(stands, uses, or_unused=UNUSED in value, now=clock.now())


class StandListView(FairScopedMixin, ListETagMixin, ListAPIView[Stand]):
    """The stands of a fair by hall and number. One that is only held or offered reads ``available``.

    Staff who place exhibitors also read who has, is offered or waits for each: ``uses``.
    """

    permission_classes = [AllowAny]
    serializer_class = StandSerializer
    filterset_class = StandFilter

    def get_queryset(self) -> QuerySet[Stand]:
        if getattr(self, "swagger_fake_view", False):
            return Stand.objects.none()
        stands = Stand.objects.of_fair(self.fair.pk).select_related("hall__site", "hall__building", "zone")
        return with_status(stands).order_by("hall__site", "hall__slug", "number", "pk")

    @property
    def sees_uses(self) -> bool:
        return self.request.user.is_authenticated and Right.PLACE in self.rights

    def get_list_revision(self) -> str | None:
        """None for who sees the uses: these change without a change of the public face, and staff get them fresh."""
        revision = super().get_list_revision()  # the fair comes first: 404 for a draft
        return None if self.sees_uses else revision

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        if page and self.sees_uses:
            mark_uses(page, now=clock.now())
        return page

    @extend_schema(operation_id="stands_list", tags=["fairs"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


class MarketView(FairScopedMixin, ListETagMixin, ListAPIView[TradeFigure]):
    """The trade figures of the provinces that the fair addresses, with their sources."""

    permission_classes = [AllowAny]
    serializer_class = TradeFigureSerializer

    def get_queryset(self) -> QuerySet[TradeFigure]:
        if getattr(self, "swagger_fake_view", False):
            return TradeFigure.objects.none()
        return TradeFigure.objects.filter(fair=self.fair).order_by("province", "-year", "pk")

    @extend_schema(operation_id="market_list", tags=["fairs"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)
