"""The same for what companies do: which of its roles may (fairs/denials.py has those of staff)."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

from exhibitors.domain.permitted import STAFF_RIGHTS
from exhibitors.enums import EXHIBITOR_STEPS, Step
from exhibitors.roles import CompanyRight, roles_with
from fairs.denials import staff_denied
from fairs.roles import Right


def company_denied(right: CompanyRight) -> PermissionDenied:
    roles = ", ".join(str(role.label) for role in roles_with(right))
    return PermissionDenied(_("In the company this needs one of these roles: %(roles)s. Ask somebody who has one.") % {"roles": roles})


def denied(right: CompanyRight, staff_right: Right, *, company_rights: Collection[CompanyRight]) -> PermissionDenied:
    """For what both the company and staff do: who acts for the company is told of its roles."""
    return company_denied(right) if company_rights else staff_denied(staff_right)


def step_denied(step: Step, *, company_rights: Collection[CompanyRight]) -> PermissionDenied:
    if step in EXHIBITOR_STEPS and company_rights:
        return company_denied(CompanyRight.COMMIT)
    return staff_denied(STAFF_RIGHTS[step])
