"""Who may change a company at the desk."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from exhibitors.domain.company_queries import companies_for_staff
from fairs import access
from fairs.roles import Right


def may_change(request: HttpRequest, company: Model | None) -> bool:
    """Whether this member of staff may change ``company``, or make one when it is None."""
    user: Any = request.user
    if not (user.is_active and user.is_staff):
        return False
    if company is None or company.pk is None:
        return access.has_right_anywhere(user, Right.EDIT_APPLICATIONS)
    known: dict[int, bool] = request.__dict__.setdefault("changeable_companies", {})  # a page with its tabs asks a dozen times
    if company.pk not in known:
        known[company.pk] = companies_for_staff(user, Right.EDIT_APPLICATIONS).filter(pk=company.pk).exists()
    return known[company.pk]
