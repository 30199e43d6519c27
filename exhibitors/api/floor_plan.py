"""The floor plan of a hall for everybody, drawn (SVG) and as data (GeoJSON), checked with one query by those who have it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from api.etags import ListETagMixin
from api.languages import TranslatedField, message_language, request_language
from api.problems import QueryRefused
from exhibitors.domain import floor_plan
from fairs.api.scoping import FairScopedMixin
from fairs.enums import StandKind, StandStatus
from fairs.floor_drawing import PAPERS, Paper, draw
from fairs.models import Hall

# A picture of our own drawing: it may style itself, and load and run nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class OneFormat(BaseContentNegotiation):
    """The address names the format; what a browser would like best is not asked."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class GeoJSONRenderer(JSONRenderer):
    media_type = "application/geo+json"
    format = "geojson"


class FloorPlanView(FairScopedMixin, ListETagMixin, APIView):
    permission_classes = [AllowAny]
    content_negotiation_class = OneFormat

    @property
    def hall(self) -> Hall:
        hall = floor_plan.hall_of(self.fair.pk, self.kwargs["hall"])
        if hall is None:
            raise Http404
        return hall


class FloorPlanSvgView(FloorPlanView):
    @extend_schema(
        operation_id="floor_plan_svg",
        tags=["fairs"],
        description="The floor plan of a hall as a picture: numbers, who has accepted, legend, scale bar, north. "
        "Without `print` it is as wide as the page that shows it; with it, a sheet that is true to the scale it names.",
        parameters=[
            OpenApiParameter("print", str, enum=["1", *PAPERS], description="A sheet to print: A3 (also `1`) or A4."),
            OpenApiParameter("stand", str, description="Number of a stand to mark; one that the hall has not marks nothing."),
        ],
        responses={(200, "image/svg+xml"): OpenApiTypes.STR},
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer_revised(self._drawn)

    def _drawn(self) -> HttpResponse:
        paper = paper_of(self.request.query_params.get("print"))
        marked = self.request.query_params.get("stand", "")
        sheet = floor_plan.sheet_of(self.hall, language=message_language(self.request), marked=marked)
        response = HttpResponse(draw(sheet, paper=paper), content_type="image/svg+xml; charset=utf-8")
        response["Content-Security-Policy"] = _POLICY
        return response


def paper_of(asked: str | None) -> Paper | None:
    """The sheet that ``?print=`` names. Raises QueryRefused for one that we have not."""
    if asked is None:
        return None
    if asked != "1" and asked not in PAPERS:
        choices = ", ".join(["1", *PAPERS])
        raise QueryRefused({"print": _("Write one of: %(choices)s.") % {"choices": choices}}, code="invalid_choice")
    return PAPERS["a3" if asked == "1" else asked]


class FloorPlanExhibitorSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Id in the catalogue.")
    name = TranslatedField()


class FloorPlanPropertiesSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    hall = serializers.CharField(help_text="Slug of the hall.")
    site = serializers.CharField(help_text="Slug of the site.")
    area_m2 = serializers.FloatField()
    kind = serializers.ChoiceField(choices=StandKind.choices)
    open_sides = serializers.IntegerField(min_value=1, max_value=4)
    zone = serializers.CharField(allow_null=True, help_text="Slug of the zone of the hall that it lies in.")
    power_kw = serializers.FloatField()
    water = serializers.BooleanField()
    drain = serializers.BooleanField()
    internet = serializers.BooleanField()
    status = serializers.ChoiceField(choices=StandStatus.choices)
    exhibitors = FloorPlanExhibitorSerializer(many=True)


class FloorPlanGeometrySerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["Polygon"])
    coordinates = serializers.ListField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2))
    )


class FloorPlanFeatureSerializer(serializers.Serializer[Any]):
    """A stand."""

    type = serializers.ChoiceField(choices=["Feature"])
    id = serializers.IntegerField(help_text="Of the stand.")
    geometry = FloorPlanGeometrySerializer()
    properties = FloorPlanPropertiesSerializer()


class FloorPlanHallSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = TranslatedField()
    geometry = FloorPlanGeometrySerializer()
    north_degrees = serializers.IntegerField(
        min_value=0, max_value=359, help_text="How far north lies clockwise from the top of the plan, where y grows."
    )


class FloorPlanSerializer(serializers.Serializer[Any]):
    """Coordinates are metres on the hall's floor, x to the right and y upward."""

    type = serializers.ChoiceField(choices=["FeatureCollection"])
    coordinates_in = serializers.ChoiceField(choices=["metres"])
    fair = serializers.CharField()
    site = serializers.CharField()
    hall = FloorPlanHallSerializer()
    features = FloorPlanFeatureSerializer(many=True)


class FloorPlanGeoJSONView(FloorPlanView):
    renderer_classes = [GeoJSONRenderer]

    @extend_schema(
        operation_id="floor_plan_geojson",
        tags=["fairs"],
        description="The floor plan of a hall as GeoJSON. A held, planned or offered stand reads `available`; "
        "a taken one names its exhibitors.",
        responses={(200, "application/geo+json"): FloorPlanSerializer},
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer_revised(lambda: Response(floor_plan.geojson_of(self.hall, language=request_language(request))))
