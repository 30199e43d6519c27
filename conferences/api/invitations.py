"""Delegates ask for a visa invitation, and load it once it is issued."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

import clock
from api.etags import CacheHeadersMixin
from api.serializers import StrictSerializer
from conferences.api.fields import FairMomentField
from conferences.api.own import PRIVATE, WORD, OwnDelegateMixin
from conferences.api.schedules import AnyAccept
from conferences.domain import invitations
from conferences.domain.invitation_values import Passport, Request
from conferences.enums import InvitationStatus
from conferences.models import VisaInvitation


class VisaInvitationRequestSerializer(StrictSerializer):
    """What the invitation is to say: the passport's words, and the journey."""

    passport_name = serializers.CharField(max_length=100, help_text="In Latin letters, as in the passport.")
    passport_number = serializers.CharField(max_length=30)
    birth_date = serializers.DateField()
    citizenship = serializers.CharField(max_length=2, help_text="ISO 3166-1, such as RU.")
    entry_on = serializers.DateField()
    leave_on = serializers.DateField()
    host = serializers.CharField(max_length=200, help_text="The organisation that receives the delegate.")

    def invitation_request(self) -> Request:
        values = self.validated_data
        passport = Passport(values["passport_name"], values["passport_number"], values["birth_date"], values["citizenship"])
        return Request(passport, values["entry_on"], values["leave_on"], values["host"])


class VisaInvitationSerializer(serializers.Serializer[VisaInvitation]):
    """How it stands. What the passport says is not told again, not even to its owner: the letter has it."""

    status = serializers.ChoiceField(choices=InvitationStatus.choices, allow_null=True)
    entry_on = serializers.DateField(allow_null=True)
    leave_on = serializers.DateField(allow_null=True)
    host = serializers.CharField(allow_null=True)
    asked_at = FairMomentField(read_only=True, allow_null=True)
    issued_at = FairMomentField(read_only=True, allow_null=True)


@extend_schema(tags=["delegates"])
class InvitationView(OwnDelegateMixin, CacheHeadersMixin, GenericAPIView):
    """One's own visa invitation."""

    serializer_class = VisaInvitationRequestSerializer
    queryset = VisaInvitation.objects.none()

    @extend_schema(operation_id="conferences_invitation", parameters=[WORD], responses={200: VisaInvitationSerializer})
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """How one's invitation stands. Everything is null where none was asked for."""
        found = VisaInvitation.objects.filter(delegate=self.delegate).first()
        nothing = dict.fromkeys(VisaInvitationSerializer().fields)
        return Response(self._told(found) if found else nothing, headers=PRIVATE)

    @extend_schema(operation_id="conferences_invitation_ask", parameters=[WORD], responses={200: VisaInvitationSerializer})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for an invitation, or for another one in its place. The organisers issue it; a letter tells of that."""
        delegate = self.delegate
        serializer = VisaInvitationRequestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = invitations.ask(delegate_id=delegate.pk, request=serializer.invitation_request(), now=clock.now())
        return Response(self._told(asked), headers=PRIVATE)

    def _told(self, invitation: VisaInvitation) -> Any:
        return VisaInvitationSerializer(invitation, context=self.get_serializer_context()).data


@extend_schema(tags=["delegates"])
class WithdrawInvitationView(OwnDelegateMixin, GenericAPIView):
    """Ask for no invitation any more."""

    serializer_class = StrictSerializer
    queryset = VisaInvitation.objects.none()

    @extend_schema(operation_id="conferences_invitation_withdraw", parameters=[WORD], request=None, responses={204: None})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the wish back; what the passport says is erased at once."""
        invitations.withdraw(self.delegate)
        return Response(status=204)


@extend_schema(tags=["delegates"])
class InvitationPdfView(OwnDelegateMixin, CacheHeadersMixin, APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="conferences_invitation_pdf", parameters=[WORD], responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """One's own invitation, a page each in Russian, English and Chinese. 409 until it is issued."""
        return pdf_answer(invitations.issued_to(self.delegate), private=PRIVATE)


def pdf_answer(invitation: VisaInvitation, *, private: dict[str, str]) -> HttpResponse:
    """The letter as a file. Raises PassportErased."""
    from conferences.exports.invitation import CONTENT_TYPE, pdf_of  # 30 MB that a web worker which prints nothing need not carry

    name = f"{invitation.delegate.conference.slug}-invitation-{invitation.pk}.pdf"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(pdf_of(invitation), content_type=CONTENT_TYPE, headers={**private, "Content-Disposition": disposition})
