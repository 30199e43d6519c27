"""Delegates sign up for sessions."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

import clock
from api.etags import CacheHeadersMixin
from api.serializers import StrictSerializer
from conferences.api.fields import FairMomentField
from conferences.api.own import PRIVATE, WORD, OwnDelegateMixin
from conferences.domain import sign_ups
from conferences.enums import SignUpStatus
from conferences.models import SignUp


class SignUpSerializer(serializers.Serializer[SignUp]):
    """A session by its code, and whether the delegate has a place in it, is offered one until ``confirm_by``, or waits for one.

    ``same_time``: the codes of other sessions that the delegate has signed up for and that take place at the same time.
    """

    session = serializers.CharField(source="session.code")
    status = serializers.ChoiceField(choices=SignUpStatus.choices)
    confirm_by = FairMomentField(allow_null=True)
    same_time = serializers.SerializerMethodField()

    def get_same_time(self, one: SignUp) -> list[str]:
        return [session.code for session in self.context["same_time"].get(one.pk, ())]


class SignUpsSerializer(serializers.Serializer[Any]):
    """All sign-ups of the delegate, in order of time."""

    sign_ups = SignUpSerializer(many=True)


class SessionsSerializer(StrictSerializer):
    """Codes of sessions, as the programme gives them."""

    sessions = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=sign_ups.MOST_AT_ONCE)


class _SignUpsView(OwnDelegateMixin, CacheHeadersMixin, GenericAPIView):
    queryset = SignUp.objects.none()
    serializer_class = SessionsSerializer

    def codes(self, request: Any) -> list[str]:
        serializer = SessionsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return list(serializer.validated_data["sessions"])

    def answer(self, found: list[SignUp]) -> Response:
        context = {"conference": self.conference, "same_time": sign_ups.at_the_same_time(found)}
        return Response(SignUpsSerializer({"sign_ups": found}, context=context).data, headers=PRIVATE)


@extend_schema(tags=["delegates"])
class SignUpsView(_SignUpsView):
    """One's own sessions."""

    @extend_schema(operation_id="conferences_sign_ups", parameters=[WORD], responses={200: SignUpsSerializer})
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The sessions that one has signed up for."""
        return self.answer(sign_ups.sign_ups_of(self.delegate))

    @extend_schema(operation_id="conferences_sign_up", parameters=[WORD], responses={200: SignUpsSerializer})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign up for sessions that take sign-ups, 50 at most at once: for all of them, or for none. Who comes too late waits.

        Sessions at the same time are taken all the same; ``same_time`` says which they are.
        """
        return self.answer(sign_ups.sign_up(delegate_id=self.delegate.pk, codes=self.codes(request), now=clock.now()))


@extend_schema(tags=["delegates"])
class ConfirmView(_SignUpsView):
    """Accept offered places in sessions."""

    @extend_schema(operation_id="conferences_sign_ups_confirm", parameters=[WORD], responses={200: SignUpsSerializer})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Accept the places that are offered in these sessions: all of them, or none. 409 where there is no offer, or no longer."""
        return self.answer(sign_ups.confirm(delegate_id=self.delegate.pk, codes=self.codes(request), now=clock.now()))


@extend_schema(tags=["delegates"])
class WithdrawView(_SignUpsView):
    """Give places in sessions back."""

    @extend_schema(operation_id="conferences_sign_ups_withdraw", parameters=[WORD], responses={200: SignUpsSerializer})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Withdraw from sessions, or decline the places offered in them; they go to those who wait."""
        return self.answer(sign_ups.withdraw(delegate_id=self.delegate.pk, codes=self.codes(request), now=clock.now()))
