"""An exhibitor's people become delegates with one call."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

import clock
from api.problems import Invalid, field_error
from api.serializers import StrictSerializer
from conferences.domain import stand_staff
from conferences.domain.conferences import conference_of
from exhibitors.api.parts import ApplicationPartView


class OfConferenceSerializer(StrictSerializer):
    """For which conference; needed only at a fair with several."""

    conference = serializers.CharField(max_length=80, required=False, help_text="Slug of the conference.")


class StaffRegisteredSerializer(serializers.Serializer[Any]):
    """How many are delegates now, or were; who was before is not told."""

    people = serializers.IntegerField()
    without_address = serializers.ListField(child=serializers.CharField(), help_text="Names of those who have no email address.")


class RegisterStaffView(ApplicationPartView, GenericAPIView[Any]):  # type: ignore[misc]
    """The people on one stand as delegates."""

    serializer_class = OfConferenceSerializer  # type: ignore[assignment]

    @extend_schema(operation_id="applications_staff_register_as_delegates", tags=["staff"], responses={200: StaffRegisteredSerializer})
    def post(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Register everybody on the stand who has an email address for the conference, each once.

        They are of the kind of their company's country, on the same terms as everybody; each newcomer gets the letter with the code.
        """
        application = self.application
        self.require_editor()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            conference = conference_of(self.fair, serializer.validated_data.get("conference", ""))
        except ValidationError as error:
            raise Invalid([field_error("/conference", "unknown_conference", error.messages[0])]) from error
        done = stand_staff.register(application_id=application.pk, conference=conference, by=request.user, now=clock.now())
        return Response(StaffRegisteredSerializer(done).data)
