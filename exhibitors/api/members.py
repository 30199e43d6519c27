"""Who acts for a company, over the API: members, and invitations by letter to become one."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import DestroyAPIView, GenericAPIView, ListCreateAPIView, RetrieveAPIView, UpdateAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

import clock
from api import idempotency
from api.etags import ConditionalMixin
from api.idempotency import IdempotentCreateMixin
from api.limits import Limit
from exhibitors.api.company_serializers import AcceptInvitationSerializer, InvitationSerializer, MemberSerializer, MyCompanySerializer
from exhibitors.api.serializers import NoInputSerializer
from exhibitors.denials import company_denied
from exhibitors.domain import invitations, members
from exhibitors.domain.company_queries import companies_for_staff
from exhibitors.models import Company, CompanyInvitation, CompanyMember
from exhibitors.roles import COMPANY_RIGHTS, CompanyRight
from fairs.denials import staff_denied
from fairs.roles import Right

# A letter to a stranger carries what the inviter has typed; a code is never guessed, and trying is stopped all the same.
LETTERS_OF_A_PERSON = Limit("company-invitation", most=50, period=timedelta(days=1))
CODES_OF_A_PERSON = Limit("company-invitation-code", most=20, period=timedelta(hours=1))


class CompanyPeopleView(ConditionalMixin, GenericAPIView[Any]):
    """What the paths below one company share: the person's own place in it."""

    @cached_property
    def own(self) -> CompanyMember:
        """The person's membership in the company of the address. Raises Http404: a stranger's company is not there."""
        user: Any = self.request.user
        found = CompanyMember.objects.select_related("company").filter(company=self.kwargs["pk"], user=user).first()
        if found is None:
            raise Http404
        return found

    @property
    def may_manage(self) -> bool:
        return CompanyRight.MANAGE_MEMBERS in COMPANY_RIGHTS[self.own.role]  # type: ignore[index]

    def require_manager(self) -> None:
        """Raise PermissionDenied for one who belongs to the company and may not say who else does."""
        if not self.may_manage:
            raise company_denied(CompanyRight.MANAGE_MEMBERS)


class InvitingMixin(IdempotentCreateMixin):
    """POST invites somebody by letter: put it before the generic view."""

    def create(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.require_manager()  # type: ignore[attr-defined]
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: Any) -> None:
        user: Any = self.request.user  # type: ignore[attr-defined]
        LETTERS_OF_A_PERSON.spend(who=user.pk, now=timezone.now())
        company_id = self.own.company_id  # type: ignore[attr-defined]
        serializer.instance = invitations.invite(company_id=company_id, by=user, now=clock.now(), **serializer.validated_data)

    def location_of(self, instance: CompanyInvitation) -> str:
        path = reverse("company-invitation", args=[instance.company_id, instance.pk])
        return str(self.request.build_absolute_uri(path))  # type: ignore[attr-defined]


class MembersView(CompanyPeopleView):
    serializer_class: Any = MemberSerializer
    lookup_url_kwarg = "part"

    def get_queryset(self) -> QuerySet[CompanyMember]:
        if getattr(self, "swagger_fake_view", False):
            return CompanyMember.objects.none()
        return CompanyMember.objects.filter(company=self.own.company_id).select_related("user").order_by("pk")


@extend_schema_view(
    get=extend_schema(
        operation_id="companies_members_list",
        tags=["companies"],
        description="The people who may act for one of my companies, and how far.",
    ),
    post=extend_schema(
        operation_id="companies_members_create",
        tags=["companies"],
        description=(
            "Ask somebody by letter to become a member. The answer is the invitation, as from `invitations/`: nobody is a member "
            "before accepting it."
        ),
        request=InvitationSerializer,
        responses={201: InvitationSerializer},
    ),
)
class MemberListView(InvitingMixin, MembersView, ListCreateAPIView[Any]):
    """The members of one of my companies."""

    def get_serializer_class(self) -> Any:
        return InvitationSerializer if self.request.method == "POST" else MemberSerializer


@extend_schema_view(
    get=extend_schema(operation_id="companies_members_retrieve", tags=["companies"], description="Read one member."),
    patch=extend_schema(
        operation_id="companies_members_partial_update",
        tags=["companies"],
        description="Give a member another role. An owner may; the only owner stays one (409).",
    ),
    delete=extend_schema(
        operation_id="companies_members_destroy",
        tags=["companies"],
        description="Take a member out. An owner may, and everybody may leave; the only owner stays (409).",
    ),
)
class MemberView(MembersView, RetrieveAPIView[CompanyMember], UpdateAPIView[CompanyMember], DestroyAPIView[CompanyMember]):
    """One member."""

    http_method_names = ["get", "patch", "delete", "head", "options"]

    def update(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.get_object()  # 404 comes before 403
        self.require_manager()
        return super().update(request, *args, **kwargs)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.get_object().user_id != request.user.pk:
            self.require_manager()
        return super().destroy(request, *args, **kwargs)

    def perform_update(self, serializer: Any) -> None:
        user: Any = self.request.user
        role = serializer.validated_data.get("role", serializer.instance.role)
        members.change_role(member_id=serializer.instance.pk, role=role, by=user, now=clock.now())

    def perform_destroy(self, instance: CompanyMember) -> None:
        user: Any = self.request.user
        members.remove(member_id=instance.pk, by=user, now=clock.now())


class InvitationsView(CompanyPeopleView):
    """For owners alone: an invitation names people who have agreed to nothing yet."""

    serializer_class = InvitationSerializer
    lookup_url_kwarg = "part"

    def get_queryset(self) -> QuerySet[CompanyInvitation]:
        if getattr(self, "swagger_fake_view", False):
            return CompanyInvitation.objects.none()
        self.require_manager()
        return CompanyInvitation.objects.waiting().filter(company=self.own.company_id).order_by("pk")


@extend_schema_view(
    get=extend_schema(
        operation_id="companies_invitations_list",
        tags=["companies"],
        description="Invitations that wait for an answer; those that have expired among them.",
    ),
    post=extend_schema(
        operation_id="companies_invitations_create",
        tags=["companies"],
        description=(
            "Invite somebody by letter to act for the company. The letter holds a code, valid for 14 days, which that person "
            "hands to `/api/v1/invitations/accept/`. Invited anew, the earlier code no longer works. "
            "The answer is the same whether the address has an account or not."
        ),
    ),
)
class InvitationListView(InvitingMixin, InvitationsView, ListCreateAPIView[CompanyInvitation]):
    """Open invitations of one of my companies."""


@extend_schema_view(
    get=extend_schema(operation_id="companies_invitations_retrieve", tags=["companies"], description="Read an open invitation."),
    delete=extend_schema(
        operation_id="companies_invitations_destroy", tags=["companies"], description="Withdraw an invitation: its code no longer works."
    ),
)
class InvitationView(InvitationsView, RetrieveAPIView[CompanyInvitation], DestroyAPIView[CompanyInvitation]):
    """One open invitation."""

    http_method_names = ["get", "delete", "head", "options"]

    def perform_destroy(self, instance: CompanyInvitation) -> None:
        user: Any = self.request.user
        invitations.withdraw(invitation_id=instance.pk, by=user, now=clock.now())


class InviteContactView(IdempotentCreateMixin, GenericAPIView[Company]):
    """Staff ask the contact of a company that nobody acts for."""

    serializer_class = InvitationSerializer

    @extend_schema(
        operation_id="companies_invite_contact",
        tags=["companies"],
        description=(
            "For staff: ask the first operational contact of a company that came by import to act for it, as its owner. 409 when "
            "somebody acts for it already, or when it has no contact with an address. Invited anew, the earlier code no longer works."
        ),
        request=NoInputSerializer,
        responses={201: InvitationSerializer},
    )
    def post(self, request: Any, pk: int) -> Any:
        seen = companies_for_staff(request.user) | Company.objects.of_member(request.user)
        if not seen.filter(pk=pk).exists():
            raise Http404
        if not companies_for_staff(request.user, Right.EDIT_APPLICATIONS).filter(pk=pk).exists():
            raise staff_denied(Right.EDIT_APPLICATIONS)
        return idempotency.once(self, request, self._invite)

    def _invite(self) -> Any:
        NoInputSerializer(data=self.request.data).is_valid(raise_exception=True)
        user: Any = self.request.user
        made = invitations.invite_contact(company_id=self.kwargs["pk"], by=user, now=clock.now())
        return Response(InvitationSerializer(made).data, status=201)


class AcceptInvitationView(IdempotentCreateMixin, APIView):
    """A code from a letter makes the signed-in person a member."""

    @extend_schema(
        operation_id="invitations_accept",
        tags=["companies"],
        description=(
            "Become a member of the company that has invited me. My account must have confirmed the address that the letter went to. "
            "A code that is wrong, expired, used or withdrawn is refused in the same words. At most 20 tries an hour."
        ),
        request=AcceptInvitationSerializer,
        responses={201: MyCompanySerializer},
    )
    def post(self, request: Any) -> Any:
        # Before the work and outside its transaction: what is refused was tried all the same.
        CODES_OF_A_PERSON.spend(who=request.user.pk, now=timezone.now())
        return idempotency.once(self, request, self._accept)

    def _accept(self) -> Any:
        body = AcceptInvitationSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        user: Any = self.request.user
        member = invitations.accept(code=body.validated_data["token"], by=user, now=clock.now())
        found = CompanyMember.objects.select_related("company").get(pk=member.pk)
        return Response(MyCompanySerializer(found).data, status=201)
