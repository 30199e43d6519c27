from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairs.enums import StaffRole
from fairs.models.fair import Fair
from fairs.models.site import province_code
from fairs.roles import Right, roles_with

if TYPE_CHECKING:
    from accounts.models import User


class StaffMembershipQuerySet(models.QuerySet["StaffMembership"]):
    def with_right(self, right: Right) -> "StaffMembershipQuerySet":
        """Memberships whose role carries ``right`` (fairs/roles.py)."""
        return self.filter(role__in=roles_with(right))

    def of(self, user: "User") -> "StaffMembershipQuerySet":
        return self.filter(user=user)


class StaffMembership(models.Model):
    """Who works on which fair in which role. One person may have several roles."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="staff", verbose_name=_("fair"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=24, choices=StaffRole)
    region_code = models.CharField(
        _("region"),
        max_length=6,
        blank=True,
        validators=[province_code],
        help_text=_("Of a regional coordinator: ISO 3166-2, such as RU-PRI."),
    )

    objects = StaffMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")
        ordering = ["fair_id", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "user", "role", "region_code"],
                name="staff_role_once",
                violation_error_message=_("This person has this role at this fair already."),
            ),
            models.CheckConstraint(condition=Q(role__in=StaffRole.values), name="staff_role_known"),
            models.CheckConstraint(
                condition=Q(role=StaffRole.REGIONAL_COORDINATOR) & ~Q(region_code="")
                | ~Q(role=StaffRole.REGIONAL_COORDINATOR) & Q(region_code=""),
                name="staff_region_with_coordinator_only",
                violation_error_message=_("A regional coordinator needs a region; no other role has one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
