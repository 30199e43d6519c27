"""Who works on a fair."""

from django.db import transaction

from accounts.models import User
from fairs.enums import StaffRole
from fairs.models import Fair, StaffMembership


@transaction.atomic
def appoint(*, fair: Fair, user: User, role: StaffRole, region_code: str = "") -> StaffMembership:
    """Give ``user`` a role at ``fair`` and let them into the desk. The same appointment again changes nothing."""
    membership, _is_new = StaffMembership.objects.get_or_create(fair=fair, user=user, role=role, region_code=region_code)
    open_desk(user=user)
    return membership


def open_desk(*, user: User) -> None:
    """A person with a role at a fair may enter the desk; what they see there follows from the role."""
    User.objects.filter(pk=user.pk, is_staff=False).update(is_staff=True)
