"""Which companies a member of staff may see and change: those that take part in a fair of theirs."""

from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from api.statements import ASKER, MARKER, RowStatement
from exhibitors.models import Application, CoExhibitor, Company
from exhibitors.roles import CompanyRight
from fairs import access
from fairs.roles import Right


def own_company(user: User, company_id: int, right: CompanyRight) -> Company | None:
    """The company of this id, when ``user`` may act for it in this way."""
    return _company_of_member(right).first({ASKER: user.pk, MARKER: company_id})


@cache
def _company_of_member(right: CompanyRight) -> RowStatement[Company]:
    anybody = User(pk=ASKER)
    return RowStatement(Company.objects.of_member(anybody, right).filter(pk=MARKER).order_by(), markers=(ASKER, MARKER))


def companies_for_staff(user: User, right: Right = Right.VIEW_APPLICATIONS) -> QuerySet[Company]:
    """Companies with an application, or on a main exhibitor's stand, at a fair where ``user`` has ``right``.

    A regional coordinator gets those of the own region. A company that neither has members nor takes part anywhere yet is
    seen by whoever entered it at the desk, to apply for it next.
    """
    if user.is_superuser:
        return Company.objects.all()
    applied = Application.objects.filter(access.within(user, right, fair="fair", region="company__region__code"))
    beside = CoExhibitor.objects.of_known_companies().filter(
        access.within(user, right, fair="application__fair", region="company__region__code")
    )
    seen = Q(pk__in=applied.values("company")) | Q(pk__in=beside.values("company"))
    if access.has_right_anywhere(user, Right.EDIT_APPLICATIONS):
        seen |= Q(entered_by=user, members__isnull=True, applications__isnull=True, co_exhibits__isnull=True)
    return Company.objects.filter(pk__in=Company.objects.filter(seen).values("pk"))


def at_fairs_of(user: User, right: Right = Right.VIEW_APPLICATIONS) -> list[QuerySet[Company, Any]]:
    """For each fair where ``user`` has ``right``: the ids of the companies that take part in it, as far as the user sees them."""
    fairs = access.fairs_with(user, right).order_by("pk").values_list("pk", flat=True)
    return [taking_part(fair_id, user, right) for fair_id in fairs]


def taking_part(fair_id: int, user: User, right: Right) -> QuerySet[Company, Any]:
    """The ids of the companies that take part in one fair, as far as ``user`` sees them there with ``right``."""
    applied = Application.objects.filter(access.within(user, right, fair="fair", region="company__region__code"), fair=fair_id)
    within = access.within(user, right, fair="application__fair", region="company__region__code")
    beside = CoExhibitor.objects.filter(within, application__fair=fair_id)
    return Company.objects.filter(Q(pk__in=applied.values("company")) | Q(pk__in=beside.values("company"))).values("pk")
