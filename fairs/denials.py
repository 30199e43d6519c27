"""What somebody is told who sees a thing and may not do it: which roles may, so that they know whom to ask."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

from fairs.roles import Right, roles_with


def staff_denied(right: Right) -> PermissionDenied:
    """For what staff of the fair do."""
    roles = ", ".join(str(role.label) for role in roles_with(right))
    return PermissionDenied(_("At the fair this needs one of these roles: %(roles)s. Ask somebody who has one.") % {"roles": roles})
