"""Who am I."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import RetrieveUpdateAPIView

from accounts.api.serializers import MeSerializer
from accounts.domain import users
from accounts.models import User
from api.etags import ConditionalMixin


@extend_schema_view(
    get=extend_schema(
        operation_id="me_retrieve", tags=["me"], description="Who I am: address, name, language, time zone, companies, roles on fairs."
    ),
    patch=extend_schema(
        operation_id="me_partial_update",
        tags=["me"],
        description=(
            "Change my name, language, time zone, or what I am written about as staff of a fair. Letters about one's own company and "
            "account, and reminders of deadlines, always come."
        ),
    ),
)
class MeView(ConditionalMixin, RetrieveUpdateAPIView):  # type: ignore[misc]
    """The signed-in person: address, name, language, time zone, companies, roles on fairs."""

    serializer_class = MeSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        return User.objects.get(pk=self.request.user.pk or 0)

    def perform_update(self, serializer: Any) -> None:
        serializer.instance = users.change_profile(user=serializer.instance, **serializer.validated_data)
