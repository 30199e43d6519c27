"""The public catalogue and the reference lists."""

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from api.etags import ListETagMixin
from api.filters import iso_filter, text_filter
from api.languages import ALL, COLUMNS, request_language
from api.problems import QueryRefused
from exhibitors.api.serializers import ExhibitorSerializer, ReferenceSerializer
from exhibitors.domain.catalogue_queries import rows
from exhibitors.domain.search import RELEVANCE, by_relevance, matching
from exhibitors.models import Company, Exhibitor, Placement, ProductCategory, Region
from fairs.models import Fair, PublicRevision

ORDERINGS = ("name", "-name", RELEVANCE)
_NAMES = [f"sort_{column}" for column in COLUMNS.values()]


class ExhibitorFilter(django_filters.FilterSet):
    """``search`` looks at names, brands, descriptions, regions and categories in all languages; the others are codes and slugs."""

    search = django_filters.CharFilter(
        method="by_words", max_length=200, help_text="Words of names, brands, descriptions, the region or categories, in any language."
    )
    region = iso_filter("company__region__code", max_length=6, help_text="ISO 3166-2 code, such as RU-PRI.")
    category = text_filter(method="by_category", max_length=10, help_text="Code of a product category.")
    site = text_filter(method="by_site", help_text="Slug of a site where the exhibitor has a stand.")
    hall = text_filter(method="by_hall", help_text="Slug of a hall where the exhibitor has a stand.")

    class Meta:
        model = Exhibitor
        fields: list[str] = []

    def by_words(self, exhibitors: QuerySet[Exhibitor], name: str, value: str) -> QuerySet[Exhibitor]:
        return matching(exhibitors, value, path="company__search_text")

    def by_category(self, exhibitors: QuerySet[Exhibitor], name: str, value: list[str]) -> QuerySet[Exhibitor]:
        links = Company.categories.through.objects.filter(company=OuterRef("company"), productcategory__code__in=value)
        return exhibitors.filter(Exists(links))

    def by_site(self, exhibitors: QuerySet[Exhibitor], name: str, value: list[str]) -> QuerySet[Exhibitor]:
        return exhibitors.filter(Exists(Placement.objects.public().filter(application=OuterRef("application"), site__slug__in=value)))

    def by_hall(self, exhibitors: QuerySet[Exhibitor], name: str, value: list[str]) -> QuerySet[Exhibitor]:
        there = Placement.objects.public().filter(application=OuterRef("application"), stand__hall__slug__in=value)
        return exhibitors.filter(Exists(there))


class PublicCatalogueView(ListETagMixin, GenericAPIView[Exhibitor]):
    """Exhibitors of a published fair; a revision that the database keeps answers If-None-Match with one query."""

    permission_classes = [AllowAny]
    serializer_class = ExhibitorSerializer

    @cached_property
    def fair_revision(self) -> tuple[int, int]:
        """Id and public revision of the fair in the address. Raises Http404 for an unknown one and for a draft."""
        found = Fair.objects.public().filter(slug=self.kwargs["fair"]).values_list("pk", "public_revision__number").first()
        if found is None:
            raise Http404
        return found

    def get_list_revision(self) -> str:
        fair_id, number = self.fair_revision
        return f"{fair_id}:{number}"

    def get_queryset(self) -> QuerySet[Exhibitor]:
        if getattr(self, "swagger_fake_view", False):
            return Exhibitor.objects.none()
        return Exhibitor.objects.filter(fair=self.fair_revision[0])


class ExhibitorListView(PublicCatalogueView):
    """The catalogue of a fair: exhibitors that have accepted a stand, and their co-exhibitors.

    By name in the reader's language; a search puts first whose names have the words, unless another ``ordering`` is asked for.
    """

    filterset_class = ExhibitorFilter
    other_parameters = ("ordering",)

    @extend_schema(
        operation_id="exhibitors_list",
        tags=["catalogue"],
        responses=ExhibitorSerializer(many=True),
        parameters=[
            OpenApiParameter(
                "ordering",
                str,
                enum=[*ORDERINGS],
                description="By name in the reader's language, or by how well an exhibitor fits the search; without it by what fits"
                " where there is a search, and else by name.",
            )
        ],
    )
    def get(self, request: Any, fair: str) -> Any:
        return self.answer_revised(self._page)

    def _page(self) -> Response:
        language = request_language(self.request)
        page = self.paginate_queryset(self._in_order(self.filter_queryset(self.get_queryset()), language))
        return self.get_paginated_response(rows(page, language=language))  # type: ignore[arg-type]

    def paginate_queryset(self, queryset: Any) -> Any:
        """The slice itself, unread: the rows are read as plain columns."""
        return self.paginator.slice_of(queryset, self.request)  # type: ignore[union-attr]

    def _in_order(self, exhibitors: QuerySet[Exhibitor], language: str) -> QuerySet[Exhibitor]:
        column = f"sort_{COLUMNS['en' if language == ALL else language]}"
        query = self.request.query_params.get("search", "").strip()
        ordering = self.request.query_params.get("ordering", RELEVANCE if query else "name")
        if ordering not in ORDERINGS:
            raise QueryRefused({"ordering": _("Choose one of name, -name, relevance.")}, code="invalid_choice")
        if ordering == RELEVANCE and query:
            found = by_relevance(exhibitors, query, names=_NAMES, path="company__search_text")
            return found.order_by(RELEVANCE, column, "id")
        return exhibitors.order_by(f"-{column}", "-id") if ordering == "-name" else exhibitors.order_by(column, "id")


class ExhibitorDetailView(PublicCatalogueView):
    """One exhibitor of the catalogue."""

    @extend_schema(operation_id="exhibitors_retrieve", tags=["catalogue"], responses=ExhibitorSerializer)
    def get(self, request: Any, fair: str, pk: int) -> Any:
        return self.answer_revised(self._one)

    def _one(self) -> Response:
        found = rows(self.get_queryset().filter(pk=self.kwargs["pk"]), language=request_language(self.request))
        if not found:
            raise Http404
        return Response(found[0])


class ReferenceListView(ListETagMixin):
    """A list of reference rows: a change of one moves the public revision of every fair (exhibitors/rules.py)."""

    def get_list_revision(self) -> str | None:
        revisions = PublicRevision.objects.order_by("pk").values_list("pk", "number")
        return repr(list(revisions)) if revisions else None


class RegionListView(ReferenceListView, ListAPIView[Region]):
    """The regions that companies come from, by ISO 3166-2 code, with their names."""

    permission_classes = [AllowAny]
    serializer_class = ReferenceSerializer
    queryset = Region.objects.order_by("code")

    @extend_schema(operation_id="regions_list", tags=["reference"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


class ProductCategoryListView(ReferenceListView, ListAPIView[ProductCategory]):
    """The product categories: chapters of the Harmonized System, with the names a catalogue uses."""

    permission_classes = [AllowAny]
    serializer_class = ReferenceSerializer
    queryset = ProductCategory.objects.order_by("code")

    @extend_schema(operation_id="product_categories_list", tags=["reference"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)
