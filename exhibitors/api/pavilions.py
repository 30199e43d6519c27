"""The pavilions of a fair: groups of main exhibitors that an application may name."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny

from api.etags import ListETagMixin
from api.languages import TranslatedField
from exhibitors.api.serializers import CodeAndNameSerializer
from exhibitors.models import Pavilion
from fairs.api.scoping import FairScopedMixin


class PavilionSerializer(serializers.ModelSerializer[Pavilion]):
    """A named group of main exhibitors on neighbouring stands."""

    name = TranslatedField(read_only=True)
    region = CodeAndNameSerializer(allow_null=True, read_only=True)
    institution = TranslatedField(read_only=True, help_text="Who is responsible for it.")

    class Meta:
        model = Pavilion
        fields = ["slug", "name", "region", "institution"]


class PavilionListView(FairScopedMixin, ListETagMixin, ListAPIView[Pavilion]):
    """The pavilions of a fair."""

    permission_classes = [AllowAny]
    serializer_class = PavilionSerializer

    def get_queryset(self) -> QuerySet[Pavilion]:
        if getattr(self, "swagger_fake_view", False):
            return Pavilion.objects.none()
        return Pavilion.objects.filter(fair=self.fair).select_related("region").order_by("slug")

    @extend_schema(
        operation_id="pavilions_list",
        tags=["fairs"],
        description="The pavilions of a fair: groups of main exhibitors on neighbouring stands. An application names one by its slug.",
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)
