"""What belongs to an application form in rows of its own: the products to be shown and the companies represented."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.permissions import SAFE_METHODS

import clock
from api.idempotency import IdempotentCreateMixin
from exhibitors.api.parts import ApplicationPartView
from exhibitors.api.product_serializers import ProductSerializer, RepresentedCompanySerializer
from exhibitors.domain import products, represented
from exhibitors.models import Product, RepresentedCompany
from exhibitors.roles import CompanyRight


class FormPartView(ApplicationPartView):
    """Who may edit the application may edit these; who may not is told so before anything else."""

    edit_right = CompanyRight.EDIT_APPLICATION
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    as_staff = False

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            self.as_staff = self.require_editor()

    @property
    def who_and_when(self) -> dict[str, Any]:
        return {"by": self.request.user, "now": clock.now(), "as_staff": self.as_staff}


class ProductsView(FormPartView):
    serializer_class: Any = ProductSerializer

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return Product.objects.none()
        rows = Product.objects.filter(application=self.application)
        return rows.select_related("category").prefetch_related("site_links__wish__site").order_by("pk")


@extend_schema_view(
    get=extend_schema(
        operation_id="products_list", tags=["applications"], description="The products that an application brings to the fair."
    ),
    post=extend_schema(
        operation_id="products_create",
        tags=["applications"],
        description="Add a product to be shown. Products stay open until the fair's deadline for the exhibit list. "
        "One with the code and the names of another is refused (`unique`).",
    ),
)
class ProductListView(IdempotentCreateMixin, ProductsView, ListCreateAPIView[Any]):
    """The products to be shown."""

    def perform_create(self, serializer: Any) -> None:
        made = products.create(application_id=self.application.pk, **self.who_and_when, **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=made.pk)


@extend_schema_view(
    get=extend_schema(operation_id="products_retrieve", tags=["applications"], description="Read one product of an application."),
    patch=extend_schema(
        operation_id="products_partial_update", tags=["applications"], description="Change a product. What is left out stays as it is."
    ),
    delete=extend_schema(operation_id="products_destroy", tags=["applications"], description="Take a product off the list."),
)
class ProductDetailView(ProductsView, RetrieveUpdateDestroyAPIView[Any]):
    """One product."""

    def perform_update(self, serializer: Any) -> None:
        products.update(product_id=serializer.instance.pk, **self.who_and_when, **serializer.validated_data)

    def perform_destroy(self, instance: Any) -> None:
        products.delete(product_id=instance.pk, **self.who_and_when)


class RepresentedCompaniesView(FormPartView):
    serializer_class: Any = RepresentedCompanySerializer

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return RepresentedCompany.objects.none()
        return RepresentedCompany.objects.filter(application=self.application).order_by("pk")


@extend_schema_view(
    get=extend_schema(
        operation_id="represented_companies_list",
        tags=["applications"],
        description="The companies whose products are on the stand without their people. They are no exhibitors.",
    ),
    post=extend_schema(
        operation_id="represented_companies_create", tags=["applications"], description="Name a company that the stand represents."
    ),
)
class RepresentedCompanyListView(IdempotentCreateMixin, RepresentedCompaniesView, ListCreateAPIView[Any]):
    """The companies represented."""

    def perform_create(self, serializer: Any) -> None:
        made = represented.create(application_id=self.application.pk, **self.who_and_when, **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=made.pk)


@extend_schema_view(
    get=extend_schema(operation_id="represented_companies_retrieve", tags=["applications"], description="Read one represented company."),
    patch=extend_schema(
        operation_id="represented_companies_partial_update",
        tags=["applications"],
        description="Change a represented company. What is left out stays as it is.",
    ),
    delete=extend_schema(
        operation_id="represented_companies_destroy", tags=["applications"], description="Take a represented company off the list."
    ),
)
class RepresentedCompanyDetailView(RepresentedCompaniesView, RetrieveUpdateDestroyAPIView[Any]):
    """One represented company."""

    def perform_update(self, serializer: Any) -> None:
        represented.update(represented_id=serializer.instance.pk, **self.who_and_when, **serializer.validated_data)

    def perform_destroy(self, instance: Any) -> None:
        represented.delete(represented_id=instance.pk, **self.who_and_when)
