"""Co-exhibitors over the API: the main exhibitor names them, they confirm for themselves, the organiser admits or refuses."""

from datetime import datetime, tzinfo
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView, RetrieveDestroyAPIView

import clock
from api import idempotency
from api.idempotency import IdempotentCreateMixin
from api.problems import Findings
from api.serializers import StrictSerializer
from exhibitors.api.applications import FairApplicationsView
from exhibitors.api.parts import ApplicationPartView
from exhibitors.api.serializers import NoInputSerializer, RequiredReasonSerializer
from exhibitors.denials import denied
from exhibitors.domain import co_exhibitors, steps
from exhibitors.domain.co_exhibitor_values import DECLARED, DeclaredCompany
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, CompanyRole
from exhibitors.models import CoExhibitor, Company, CompanyMember
from exhibitors.roles import COMPANY_RIGHTS, CompanyRight
from fairs.denials import staff_denied
from fairs.roles import Right


class CoExhibitorSerializer(StrictSerializer):
    """A company on the stand. The answer is the same whether it was registered here before or not."""

    id = serializers.IntegerField(read_only=True)
    legal_name = serializers.CharField(max_length=300)
    country = serializers.CharField(max_length=2, help_text="ISO 3166-1 code.")
    tax_number = serializers.CharField(max_length=30, help_text="In Russia the INN, in China the Unified Social Credit Code.")
    contact_email = serializers.CharField(max_length=254, help_text="Of somebody there, who is asked to confirm.")
    status = serializers.ChoiceField(choices=CoExhibitorStatus.choices, read_only=True)
    reason = serializers.CharField(read_only=True, help_text="Why it was refused.")
    declared_at = serializers.DateTimeField(read_only=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    decided_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: CoExhibitor) -> dict[str, Any]:
        return {
            "id": instance.pk,
            "legal_name": instance.declared_legal_name or instance.company.legal_name,
            "country": instance.declared_country or instance.company.country,
            "tax_number": instance.declared_tax_number,
            "contact_email": instance.contact_email,
            **_state(instance),
        }

    def wrong_besides(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        found = Findings()
        with found.more():
            DeclaredCompany(**{name: values.get(name, "") for name in DECLARED}).checked()
        return found.errors


class CoExhibitSerializer(serializers.Serializer[CoExhibitor]):
    """A main exhibitor that has named my company; of its application nothing else is told."""

    id = serializers.IntegerField()
    fair = serializers.CharField(help_text="Slug of the fair.")
    application = serializers.IntegerField(help_text="Id for the address of `confirm/`.")
    main_exhibitor = serializers.CharField(help_text="Its legal name.")
    status = serializers.ChoiceField(choices=CoExhibitorStatus.choices)
    reason = serializers.CharField()
    declared_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    allowed_actions = serializers.ListField(child=serializers.ChoiceField(choices=["confirm"]))

    def to_representation(self, instance: CoExhibitor) -> dict[str, Any]:
        application = instance.application
        is_open = instance.status == CoExhibitorStatus.DECLARED and application.told_status not in ApplicationStatus.ended
        return {
            "id": instance.pk,
            "fair": application.fair.slug,
            "application": application.pk,
            "main_exhibitor": application.company.legal_name,
            **_state(instance),
            "allowed_actions": ["confirm"] if is_open and self.context["may_commit"] else [],
        }


def _state(instance: CoExhibitor) -> dict[str, Any]:
    zone = instance.application.fair.zone
    return {
        "status": instance.status,
        "reason": instance.reason,
        "declared_at": _moment(instance.declared_at, zone),
        "confirmed_at": _moment(instance.confirmed_at, zone),
        "decided_at": _moment(instance.decided_at, zone),
    }


def _moment(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()


def _with_all() -> QuerySet[CoExhibitor]:
    return CoExhibitor.objects.standing().select_related("application__fair", "application__company", "company").order_by("pk")


class CoExhibitorView(ApplicationPartView):
    """What the paths of one application's co-exhibitors share."""

    serializer_class = CoExhibitorSerializer  # type: ignore[assignment]
    edit_right = CompanyRight.EDIT_APPLICATION
    as_staff = False

    def get_queryset(self) -> QuerySet[CoExhibitor]:  # type: ignore[override]
        if getattr(self, "swagger_fake_view", False):
            return CoExhibitor.objects.none()
        return _with_all().filter(application=self.application.pk)


@extend_schema_view(
    get=extend_schema(
        operation_id="applications_co_exhibitors_list", tags=["co-exhibitors"], description="The co-exhibitors of an application."
    ),
    post=extend_schema(
        operation_id="applications_co_exhibitors_create",
        tags=["co-exhibitors"],
        description="Name a co-exhibitor. Its people are asked by letter to confirm; whether it was registered before is not told.",
    ),
)
class CoExhibitorListView(IdempotentCreateMixin, CoExhibitorView, ListCreateAPIView[CoExhibitor]):
    """The co-exhibitors of one application."""

    def create(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.as_staff = self.require_editor()
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: Any) -> None:
        user: Any = self.request.user
        declared = DeclaredCompany(**serializer.validated_data)
        named = co_exhibitors.name(application_id=self.application.pk, declared=declared, by=user, now=clock.now(), as_staff=self.as_staff)
        serializer.instance = self.get_queryset().get(pk=named.pk)


@extend_schema_view(
    get=extend_schema(
        operation_id="applications_co_exhibitors_retrieve", tags=["co-exhibitors"], description="Read how far a co-exhibitor is."
    ),
    delete=extend_schema(
        operation_id="applications_co_exhibitors_destroy",
        tags=["co-exhibitors"],
        description="Take a co-exhibitor back. It leaves the catalogue, its people are told, and it may be named anew.",
    ),
)
class CoExhibitorDetailView(CoExhibitorView, RetrieveDestroyAPIView[CoExhibitor]):
    """One of them."""

    http_method_names = ["get", "delete", "head", "options"]

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.get_object()
        self.as_staff = self.require_editor()  # 403 comes before 428
        with transaction.atomic():
            steps.locked(self.application.pk)  # before the row itself, as every other step has it
            return super().destroy(request, *args, **kwargs)

    def perform_destroy(self, instance: CoExhibitor) -> None:
        user: Any = self.request.user
        co_exhibitors.withdraw(co_exhibitor_id=instance.pk, by=user, now=clock.now(), as_staff=self.as_staff)


class DecisionView(IdempotentCreateMixin, CoExhibitorView, GenericAPIView[CoExhibitor]):
    """The organiser's decision on a co-exhibitor."""

    decide: Any
    body_class: Any = NoInputSerializer

    def answer(self) -> HttpResponse:
        return idempotency.once(self, self.request, self._decide)

    def _decide(self) -> HttpResponse:
        found = self.get_object()
        rights, _own = self.reader.rights_at(self.application)
        if Right.DECIDE_APPLICATIONS not in rights:
            raise staff_denied(Right.DECIDE_APPLICATIONS)
        body = self.body_class(data=self.request.data)
        body.is_valid(raise_exception=True)
        type(self).decide(co_exhibitor_id=found.pk, by=self.request.user, now=clock.now(), **body.validated_data)
        return self.object_response(self.get_object())


class AdmitCoExhibitorView(DecisionView):
    """Admit it."""

    decide = staticmethod(co_exhibitors.admit)

    @extend_schema(
        operation_id="applications_co_exhibitors_admit",
        tags=["co-exhibitors"],
        description="Admit a co-exhibitor that has confirmed. Both companies get a letter; with the main exhibitor's stand it stands in "
        "the catalogue.",
        request=NoInputSerializer,
        responses=CoExhibitorSerializer,
    )
    def post(self, request: Any, fair: str, pk: int, part: int) -> HttpResponse:
        return self.answer()


class RefuseCoExhibitorView(DecisionView):
    """Refuse it."""

    decide = staticmethod(co_exhibitors.refuse)
    body_class = RequiredReasonSerializer

    @extend_schema(
        operation_id="applications_co_exhibitors_refuse",
        tags=["co-exhibitors"],
        description="Refuse a co-exhibitor, also one that was admitted. Both companies get a letter with the reason.",
        request=RequiredReasonSerializer,
        responses=CoExhibitorSerializer,
    )
    def post(self, request: Any, fair: str, pk: int, part: int) -> HttpResponse:
        return self.answer()


class ConfirmCoExhibitorView(IdempotentCreateMixin, ApplicationPartView, FairApplicationsView):
    """The company itself says that it takes part; it need not see the application that it is named in."""

    serializer_class = CoExhibitSerializer  # type: ignore[assignment]

    @extend_schema(
        operation_id="applications_co_exhibitors_confirm",
        tags=["co-exhibitors"],
        description="Confirm for my company that it takes part on the stand it was named for. Staff record it for one that says so by "
        "phone. The main exhibitor and the organisers are told.",
        request=NoInputSerializer,
        responses=CoExhibitSerializer,
    )
    def post(self, request: Any, fair: str, pk: int, part: int) -> HttpResponse:
        return idempotency.once(self, request, self._confirm)

    def _confirm(self) -> HttpResponse:
        found = self._found()
        self._require_permitted(found)
        NoInputSerializer(data=self.request.data).is_valid(raise_exception=True)
        user: Any = self.request.user
        co_exhibitors.confirm(co_exhibitor_id=found.pk, by=user, now=clock.now())
        return self.object_response(self._found())

    def _found(self) -> CoExhibitor:
        """The co-exhibitor in the address, for its own people and for all who see the application. Raises Http404."""
        found = _with_all().filter(pk=self.kwargs["part"], application=self.kwargs["pk"], application__fair=self.fair.pk).first()
        if found is None or not (self._own_rights(found) or self._sees_application()):
            raise Http404
        return found

    def _own_rights(self, found: CoExhibitor) -> frozenset[CompanyRight]:
        user: Any = self.request.user
        role = CompanyMember.objects.filter(company=found.company_id, user=user).values_list("role", flat=True).first()
        return COMPANY_RIGHTS[CompanyRole(role)] if role else frozenset()

    def _sees_application(self) -> bool:
        return self.reader.visible(self.fair.pk).filter(pk=self.kwargs["pk"]).exists()

    def _require_permitted(self, found: CoExhibitor) -> None:
        own_rights = self._own_rights(found)
        if CompanyRight.COMMIT in own_rights:
            return
        if not self._sees_application() or Right.ANSWER_FOR_EXHIBITOR not in self.reader.rights_at(self.application)[0]:
            raise denied(CompanyRight.COMMIT, Right.ANSWER_FOR_EXHIBITOR, company_rights=own_rights)

    def full_representation(self, instance: CoExhibitor) -> Any:
        return CoExhibitSerializer(instance, context={"may_commit": CompanyRight.COMMIT in self._own_rights(instance)}).data


@extend_schema_view(
    get=extend_schema(
        operation_id="companies_co_exhibits_list",
        tags=["co-exhibitors"],
        description="The main exhibitors that have named one of my companies as their co-exhibitor.",
    )
)
class CoExhibitsView(ListAPIView[CoExhibitor]):
    """Where one of my companies takes part on somebody else's stand."""

    serializer_class = CoExhibitSerializer

    def get_queryset(self) -> QuerySet[CoExhibitor]:
        if getattr(self, "swagger_fake_view", False):
            return CoExhibitor.objects.none()
        user: Any = self.request.user
        company = Company.objects.of_member(user).filter(pk=self.kwargs["pk"]).first()
        if company is None:
            raise Http404
        everything = CoExhibitor.objects.select_related("application__fair", "application__company")
        return everything.filter(company=company).order_by("-pk")

    def get_serializer_context(self) -> dict[str, Any]:
        user: Any = self.request.user
        may_commit = Company.objects.of_member(user, CompanyRight.COMMIT).filter(pk=self.kwargs.get("pk", 0)).exists()
        return {**super().get_serializer_context(), "may_commit": may_commit}
