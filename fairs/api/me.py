"""What ``me`` says of a person's work on fairs."""

from rest_framework import serializers

from accounts.models import User
from fairs.enums import StaffRole
from fairs.models import StaffMembership


class MyRoleSerializer(serializers.ModelSerializer[StaffMembership]):
    """One role at one fair; ``region`` is that of a regional coordinator, else null."""

    fair = serializers.CharField(source="fair.slug", help_text="Slug of the fair.")
    role = serializers.ChoiceField(choices=StaffRole.choices)
    region = serializers.SerializerMethodField()

    class Meta:
        model = StaffMembership
        fields = ["fair", "role", "region"]

    def get_region(self, membership: StaffMembership) -> str | None:
        return membership.region_code or None


def roles_of(user: User) -> list[StaffMembership]:
    """Every role of ``user``, the newest fair first."""
    return list(StaffMembership.objects.of(user).select_related("fair").order_by("-fair__starts_on", "fair", "role", "pk"))
