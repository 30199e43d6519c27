"""Applications over the API: exhibitors act for their companies, organisers for their fair, each sees what it may."""

from functools import cached_property, reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

import clock
from api import idempotency
from api.etags import ConditionalMixin, MatchFailed, MatchMissing, digest_of, matches
from api.filters import AnyFilter, ChoicesFilter, YesNoFilter, iso_filter, text_filter
from api.idempotency import IdempotentCreateMixin
from api.problems import Findings, Invalid, field_error
from api.serializers import taken
from exhibitors.api.form_values import form_values
from exhibitors.api.serializers import (
    ApplicationChangeSerializer,
    ApplicationSerializer,
    NewApplicationSerializer,
)
from exhibitors.denials import company_denied, denied
from exhibitors.domain import applications
from exhibitors.domain.application_queries import Reader, find, rows
from exhibitors.domain.apply_again import apply_again
from exhibitors.domain.company_queries import own_company
from exhibitors.domain.search import matching
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, CoExhibitor, Company, Placement, SiteWish
from exhibitors.roles import CompanyRight
from fairs import access
from fairs.enums import FairStatus
from fairs.models import Fair, StaffMembership
from fairs.roles import Right

ORDERS: dict[str, tuple[Any, ...]] = {
    "id": ("pk",),
    "-id": ("-pk",),
    "submitted_at": (F("submitted_at").asc(nulls_last=True), "pk"),
    "-submitted_at": (F("submitted_at").desc(nulls_last=True), "-pk"),
    "company": ("company__legal_name", "pk"),
    "-company": ("-company__legal_name", "-pk"),
}


def _in_order_of_life(field: str) -> Case:
    return Case(*(When(**{field: status}, then=place) for place, status in enumerate(ApplicationStatus.values)))


# By whose knowledge: staff of the whole fair order by what was decided, everybody else by what the exhibitor was told.
TOLD_ORDERS: dict[tuple[str, str], tuple[Any, ...]] = {}
for _told in ("", "told_"):
    TOLD_ORDERS[_told, "status"] = (_in_order_of_life(f"{_told}status").asc(), "-pk")
    TOLD_ORDERS[_told, "-status"] = (_in_order_of_life(f"{_told}status").desc(), "pk")
    TOLD_ORDERS[_told, "waitlist_rank"] = (F(f"{_told}waitlist_rank").asc(nulls_last=True), "-pk")
    TOLD_ORDERS[_told, "-waitlist_rank"] = (F(f"{_told}waitlist_rank").desc(nulls_last=True), "-pk")

_SHOWN_PLACEMENTS = (PlacementStatus.OFFERED, PlacementStatus.ACCEPTED)


class ApplicationFilter(django_filters.FilterSet):
    """For organisers above all: by state, region, category, site, company."""

    status = ChoicesFilter(method="by_status", choices=ApplicationStatus.choices)
    held = YesNoFilter(method="by_held", help_text="For staff: decided, and not told to the exhibitor yet.")
    moving = YesNoFilter(
        field_name="move_requested_at", lookup_expr="isnull", exclude=True, help_text="The exhibitor has asked for another stand."
    )
    late = YesNoFilter(help_text="Submitted after the deadline.")
    region = iso_filter("company__region__code", max_length=6, help_text="ISO 3166-2 code of the company's region, such as RU-PRI.")
    category = text_filter(method="by_category", max_length=10, help_text="Code of a product category.")
    site = text_filter(method="by_site", help_text="Slug of a site that is asked for.")
    company = AnyFilter("company_id", one=forms.IntegerField(min_value=1, max_value=2**63 - 1), help_text="Id of the company.")
    pavilion = text_filter("pavilion__slug", help_text="Slug of a pavilion.")
    responsible = text_filter(method="by_responsible", max_length=254, help_text="For staff: email address of the one who is responsible.")
    search = django_filters.CharFilter(
        method="by_words",
        max_length=200,
        help_text="Words of the company's names and brands, the beginning of its tax number, or the application's number; for staff also "
        "the number of a stand that is offered or accepted.",
    )
    ordering = django_filters.ChoiceFilter(
        method="by_order",
        choices=[(name, name) for name in (*ORDERS, *dict.fromkeys(name for _told, name in TOLD_ORDERS))],
        help_text="By number, by the moment of the submission (drafts last), by the company's legal name, by the status, or by the rank on "
        "the waiting list (those without one last). Without it: the newest first.",
    )

    class Meta:
        model = Application
        fields: list[str] = []

    @property
    def reader(self) -> Reader:
        return self.request.parser_context["view"].reader  # type: ignore[no-any-return,union-attr]

    def by_status(self, found: QuerySet[Application], name: str, value: list[str]) -> QuerySet[Application]:
        """Staff filter by what was decided, exhibitors by what they were told."""
        return found.filter(self.reader.either(Q(status__in=value), Q(told_status__in=value)))

    def by_held(self, found: QuerySet[Application], name: str, value: bool) -> QuerySet[Application]:
        is_held = Q(pk__in=Application.objects.with_held().values("pk"))
        return found.filter(self.reader.either(is_held if value else ~is_held, Q(pk__in=[]) if value else Q()))

    def by_category(self, found: QuerySet[Application], name: str, value: list[str]) -> QuerySet[Application]:
        links = Application.categories.through.objects.filter(application=OuterRef("pk"), productcategory__code__in=value)
        return found.filter(Exists(links))

    def by_site(self, found: QuerySet[Application], name: str, value: list[str]) -> QuerySet[Application]:
        return found.filter(Exists(SiteWish.objects.filter(application=OuterRef("pk"), site__slug__in=value)))

    def by_words(self, found: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        by_company = matching(found, value, path="company__search_text", numbers=True)
        on_stand = Placement.objects.filter(status__in=_SHOWN_PLACEMENTS, stand__number__iexact=value.strip())
        also = self.reader.either(Q(pk__in=on_stand.values("application")), Q(pk__in=[]))
        if value.isdecimal() and len(value) < 19:
            also |= Q(pk=int(value))
        return found.filter(also | Q(pk__in=by_company.values("pk")))

    def by_responsible(self, found: QuerySet[Application], name: str, value: list[str]) -> QuerySet[Application]:
        theirs = reduce(or_, (Q(responsible__email__iexact=email) for email in value))
        return found.filter(self.reader.either(theirs, Q(pk__in=[])))

    def by_order(self, found: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        prefix = "" if self.reader.is_staff and self.reader.regions is None else "told_"
        return found.order_by(*(ORDERS[value] if value in ORDERS else TOLD_ORDERS[prefix, value]))


class FairApplicationsView(GenericAPIView[Application]):
    """What every path below ``/fairs/{fair}/applications/`` shares: the fair, who reads, and which rows that person sees."""

    serializer_class = ApplicationSerializer

    @cached_property
    def fair_and_roles(self) -> tuple[Fair, list[StaffMembership]]:
        """The fair in the address and the person's roles at it; a draft is known to its staff only. Raises Http404."""
        user: Any = self.request.user
        found = access.fair_and_memberships(user, self.kwargs["fair"])
        if found is None:
            raise Http404
        fair, roles = found
        if fair.status == FairStatus.DRAFT and Right.VIEW_FAIR not in access.rights_of(user, roles):
            raise Http404
        return fair, roles

    @cached_property
    def fair(self) -> Fair:
        return self.fair_and_roles[0]

    @cached_property
    def reader(self) -> Reader:
        return Reader.of(self.request.user, self.fair_and_roles[1])  # type: ignore[arg-type]  # signed in

    def get_queryset(self) -> QuerySet[Application]:
        if getattr(self, "swagger_fake_view", False):
            return Application.objects.none()
        return self.reader.visible(self.fair.pk)

    def read(self, applications_: QuerySet[Application]) -> list[dict[str, Any]]:
        return rows(applications_, fair=self.fair, reader=self.reader, clock=clock.now)

    def read_whole(self, application: Application) -> dict[str, Any]:
        """One application with what a list leaves out."""
        one = Application.objects.filter(pk=application.pk)
        return rows(one, fair=self.fair, reader=self.reader, clock=clock.now, whole=True)[0]


class ApplicationListView(IdempotentCreateMixin, ConditionalMixin, FairApplicationsView):
    """My companies' applications; for staff of the fair, all that their role sees."""

    filterset_class = ApplicationFilter

    @extend_schema(
        operation_id="applications_list",
        tags=["applications"],
        description="The applications of my companies; for staff of the fair, all that their role sees.",
        responses=ApplicationSerializer(many=True),
    )
    def get(self, request: Any, fair: str) -> Response:
        found = self.filter_queryset(self.get_queryset().order_by("-pk"))
        page = self.paginator.slice_of(found, request)  # type: ignore[union-attr]
        return self.get_paginated_response(self.read(page))

    @extend_schema(
        operation_id="applications_create",
        tags=["applications"],
        description="Begin an application for one of my companies. A draft may be incomplete. With `from_application`, an earlier "
        "application of the company at another fair, it is drafted from that one; `not_taken` names what was left behind.",
        request=NewApplicationSerializer,
        responses={201: ApplicationSerializer},
    )
    def post(self, request: Any, fair: str) -> Any:
        return idempotency.once(self, request, self._create)

    def _create(self) -> Any:
        body, errors = taken(NewApplicationSerializer(data=self.request.data))
        found, mine = Findings(errors), None
        if "company" in body:
            with found.more():
                mine = self._company(body["company"])
        if "from_application" in body and mine and not errors:
            return self._create_again(mine[0], body, as_staff=mine[1])
        values = form_values(self.fair, body, found)
        if mine is None or (errors and "from_application" in body):
            found.refuse()
        company, as_staff = mine  # type: ignore[misc]  # without one, something was found
        application = applications.create_draft(
            company=company,
            fair=self.fair,
            by=self.request.user,  # type: ignore[arg-type]  # signed in
            now=clock.now(),
            as_staff=as_staff,
            refused=found.errors,
            **values,
        )
        return self.created_response(application)

    def _create_again(self, company: Company, body: dict[str, Any], *, as_staff: bool) -> Any:
        """A draft from an earlier application of the company; the answer also names what was not taken over."""
        source = company.applications.filter(pk=body["from_application"]).exclude(fair=self.fair.pk).first()
        if source is None or (as_staff and not self._may_see(source)):
            raise Invalid([field_error("/from_application", "unknown_application", _("This company has no such earlier application."))])
        given = sorted(body.keys() - {"company", "from_application"})
        if given:
            text = _("Leave this out: it is taken from the earlier application. Change the draft afterwards.")
            raise Invalid([field_error(f"/{name}", "not_with_from_application", text) for name in given])
        user: Any = self.request.user
        copied = apply_again(source=source, fair=self.fair, by=user, now=clock.now(), as_staff=as_staff)
        response: Any = self.created_response(copied.application)
        response.data = {**response.data, "not_taken": copied.not_taken}
        return response

    def _may_see(self, source: Application) -> bool:
        """Whether staff of this fair see the application at the other fair as well."""
        user: Any = self.request.user
        return Reader.of(user, access.memberships(user, source.fair_id)).visible(source.fair_id).filter(pk=source.pk).exists()

    def _company(self, company_id: int) -> tuple[Company, bool]:
        """A company that the person may apply for, or one that staff see at this fair. Somebody else's reads as unknown.

        Raises PermissionDenied for a company that the person belongs to without a right to apply.
        """
        user: Any = self.request.user
        own = own_company(user, company_id, CompanyRight.EDIT_APPLICATION)
        if own is not None:
            return own, False
        if Right.EDIT_APPLICATIONS in self.reader.rights:
            beside = CoExhibitor.objects.of_known_companies().filter(application__fair=self.fair.pk)
            seen = Q(applications__fair=self.fair.pk) | Q(pk__in=beside.values("company"))
            known = Company.objects.filter(seen, pk=company_id).distinct().first()
            if known is not None:
                return known, True
        if Company.objects.of_member(user).filter(pk=company_id).exists():
            raise company_denied(CompanyRight.EDIT_APPLICATION)
        raise Invalid([field_error("/company", "unknown_company", _("You act for no such company."))])

    def full_representation(self, instance: Any) -> Any:
        return self.read_whole(instance)


class ApplicationView(ConditionalMixin, FairApplicationsView):
    """One application. Somebody else's is not found."""

    http_method_names = ["get", "patch", "post", "head", "options"]

    def get_object(self, *, lock: bool = False) -> Application:
        """The application in the address, with its fair and who reads it. Raises Http404."""
        found = find(self.request.user, fair_slug=self.kwargs["fair"], pk=self.kwargs["pk"], lock=lock)  # type: ignore[arg-type]  # signed in
        if found is None:
            raise Http404
        application, self.reader = found
        self.fair = application.fair
        return application

    def require_match(self, application: Application) -> None:
        """Raise MatchMissing, MatchFailed unless ``If-Match`` names what this reader sees of the application, which is locked."""
        header = self.request.META.get("HTTP_IF_MATCH")
        if header is None:
            raise MatchMissing
        if not matches(header, digest_of(self.full_representation(application))):
            raise MatchFailed

    def full_representation(self, instance: Any) -> Any:
        return self.read_whole(instance)


class ApplicationDetailView(ApplicationView):
    """Read it, or change what is still open."""

    @extend_schema(
        operation_id="applications_retrieve",
        tags=["applications"],
        description="Read an application. Somebody else's is not found.",
        responses=ApplicationSerializer,
    )
    def get(self, request: Any, fair: str, pk: int) -> Any:
        return self.object_response(self.get_object())

    @extend_schema(
        operation_id="applications_partial_update",
        tags=["applications"],
        description="Change an application while it is open. What is given replaces what was there.",
        request=ApplicationChangeSerializer,
        responses=ApplicationSerializer,
    )
    def patch(self, request: Any, fair: str, pk: int) -> Any:
        with transaction.atomic():
            application = self.get_object(lock=True)
            as_staff = self._require_editor(application)  # 403 comes before 428
            self.require_match(application)
            body, errors = taken(ApplicationChangeSerializer(data=request.data))  # all optional; a site that is given is given whole
            found = Findings(errors)
            values = form_values(self.fair, body, found)
            applications.update_locked(application, by=request.user, now=clock.now(), as_staff=as_staff, refused=found.errors, **values)
            return self.object_response(application)

    def _require_editor(self, application: Application) -> bool:
        """Whether the person edits as staff. Raises PermissionDenied for one who may only read."""
        rights, company_rights = self.reader.rights_at(application)
        if CompanyRight.EDIT_APPLICATION in company_rights:
            return False
        if Right.EDIT_APPLICATIONS in rights:
            return True
        raise denied(CompanyRight.EDIT_APPLICATION, Right.EDIT_APPLICATIONS, company_rights=company_rights)
