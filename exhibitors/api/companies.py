"""Companies over the API: who may act for one may read it, owners and editors change it, and staff see those of their fairs."""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import GenericAPIView, ListCreateAPIView, RetrieveUpdateAPIView

import clock
from accounts.models import User
from api.etags import ConditionalMixin
from api.idempotency import IdempotentCreateMixin
from exhibitors.api.company_filters import CompanyFilter
from exhibitors.api.company_serializers import CompanySerializer
from exhibitors.denials import denied
from exhibitors.domain import companies
from exhibitors.domain.company_queries import companies_for_staff
from exhibitors.models import Company, CompanyMember
from exhibitors.roles import CompanyRight
from fairs.roles import Right


class CompaniesView(ConditionalMixin, GenericAPIView[Company]):
    """What the company paths share: the companies that the person may act for, and those that staff see.

    Staff see a company through an application, or a main exhibitor's stand, at their fair, and only so.
    """

    serializer_class = CompanySerializer

    def get_queryset(self) -> QuerySet[Company]:
        if getattr(self, "swagger_fake_view", False):
            return Company.objects.none()
        user: Any = self.request.user
        seen = Q(pk__in=Company.objects.of_member(user).values("pk")) | Q(pk__in=companies_for_staff(user).values("pk"))
        return Company.objects.filter(seen).select_related("region").prefetch_related("categories", "contacts").order_by("pk")


@extend_schema_view(
    get=extend_schema(
        operation_id="companies_list",
        tags=["companies"],
        description="The companies that I may act for; for staff, also those that applied to their fairs.",
    ),
    post=extend_schema(
        operation_id="companies_create", tags=["companies"], description="Create a company. Who creates it becomes its owner."
    ),
)
class CompanyListView(IdempotentCreateMixin, CompaniesView, ListCreateAPIView[Company]):
    """My companies, and those that I see as staff."""

    filterset_class = CompanyFilter

    def perform_create(self, serializer: Any) -> None:
        user: Any = self.request.user
        company = companies.create(by=user, now=clock.now(), needs_region=True, **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=company.pk)


@extend_schema_view(
    get=extend_schema(
        operation_id="companies_retrieve",
        tags=["companies"],
        description="Read one of my companies, or one that applied to a fair where I am staff.",
    ),
    patch=extend_schema(
        operation_id="companies_partial_update",
        tags=["companies"],
        description="Change a company. Its owners and editors may, and staff that may edit its application.",
    ),
)
class CompanyDetailView(CompaniesView, RetrieveUpdateAPIView[Company]):
    """One company."""

    http_method_names = ["get", "patch", "head", "options"]

    def update(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        company = self.get_object()
        as_member = Company.objects.of_member(request.user, CompanyRight.EDIT_COMPANY)
        if not any(seen.filter(pk=company.pk).exists() for seen in (as_member, companies_for_staff(request.user, Right.EDIT_APPLICATIONS))):
            own = [CompanyRight.VIEW] if Company.objects.of_member(request.user).filter(pk=company.pk).exists() else []
            raise denied(CompanyRight.EDIT_COMPANY, Right.EDIT_APPLICATIONS, company_rights=own)
        return super().update(request, *args, **kwargs)

    def perform_update(self, serializer: Any) -> None:
        user: Any = self.request.user
        companies.update(company_id=serializer.instance.pk, by=user, now=clock.now(), needs_region=True, **serializer.validated_data)


def companies_of(user: User) -> list[CompanyMember]:
    """What ``me`` says of the companies that a person may act for."""
    return list(CompanyMember.objects.filter(user=user).select_related("company").order_by("company__legal_name", "pk"))
