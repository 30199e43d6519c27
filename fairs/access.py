"""Who may do what at which fair: the questions that admin, API and commands ask. The answers come from fairs/roles.py."""

from functools import cache
from typing import Any

from django.db.models import F, FilteredRelation, Q

from accounts.models import User
from api.statements import MARKER, RowStatement
from fairs.enums import StaffRole
from fairs.models import Fair, StaffMembership
from fairs.models.fair import FairQuerySet
from fairs.roles import RIGHTS, Right

_SLUG = "?slug"  # stands for the one that is asked for
_KEPT = "_staff_roles"  # the attribute of a user object that keeps what roles_of has read


def fairs_with(user: User, right: Right) -> FairQuerySet:
    """The fairs at which ``user`` has ``right``; every fair for a superuser."""
    if user.is_superuser:
        return Fair.objects.all()
    return Fair.objects.filter(within(user, right, fair="pk"))


def roles_of(user: User) -> list[StaffMembership]:
    """All roles of ``user``, read once for each user object: one page of the desk asks a hundred times.

    A request loads its own user, so what was read lives no longer than the request.
    """
    if not user.is_authenticated:
        return []
    if not hasattr(user, _KEPT):
        setattr(user, _KEPT, _roles_by_person().all({MARKER: user.pk}))
    kept: list[StaffMembership] = getattr(user, _KEPT)
    return kept


@cache
def _roles_by_person() -> RowStatement[StaffMembership]:
    return RowStatement(StaffMembership.objects.filter(user=MARKER), markers=[MARKER])


def memberships(user: User, fair_id: int) -> list[StaffMembership]:
    """The roles of ``user`` at one fair, in one query; hand them to :func:`rights_of` and :func:`regions_of`."""
    return list(StaffMembership.objects.of(user).filter(fair=fair_id)) if user.is_authenticated else []


def fair_and_memberships(user: User, slug: str) -> tuple[Fair, list[StaffMembership]] | None:
    """The fair of this short name with the roles of ``user`` at it, in one query; None when there is no such fair."""
    found: list[Any] = _fair_with_roles().all({MARKER: user.pk, _SLUG: slug})
    if not found:
        return None
    fair = found[0]
    roles = [StaffMembership(fair=fair, user=user, role=row.my_role, region_code=row.my_region) for row in found if row.my_role]
    return fair, roles


@cache
def _fair_with_roles() -> RowStatement[Any]:
    mine = FilteredRelation("staff", condition=Q(staff__user=MARKER))
    found = Fair.objects.filter(slug=_SLUG).alias(mine=mine).annotate(my_role=F("mine__role"), my_region=F("mine__region_code"))
    return RowStatement(found.order_by("mine"), markers=(MARKER, _SLUG))


def rights_of(user: User, roles: list[StaffMembership]) -> frozenset[Right]:
    """All that these roles allow together; everything for a superuser."""
    if user.is_superuser:
        return frozenset(Right)
    return frozenset().union(*(RIGHTS[StaffRole(membership.role)] for membership in roles))


def regions_of(roles: list[StaffMembership], right: Right) -> set[str] | None:
    """The region codes to which ``right`` is narrowed, or None when it holds for the whole fair."""
    carrying = [membership for membership in roles if right in RIGHTS[StaffRole(membership.role)]]
    if any(membership.role != StaffRole.REGIONAL_COORDINATOR for membership in carrying):
        return None
    return {membership.region_code for membership in carrying}


def has_right(user: User, *, fair_id: int, right: Right) -> bool:
    """Whether ``user`` has ``right`` somewhere at this fair (for one region at the least)."""
    return user.is_superuser or right in rights_of(user, [role for role in roles_of(user) if role.fair_id == fair_id])


def has_right_anywhere(user: User, right: Right) -> bool:
    """Whether there is a fair at which ``user`` has ``right``."""
    return user.is_superuser or right in rights_of(user, roles_of(user))


def within(user: User, right: Right, *, fair: str, region: str = "") -> Q:
    """A filter for rows whose path ``fair`` leads to a fair at which ``user`` has ``right``.

    ``region`` is the path to a region's code: a regional coordinator sees the rows of the own region only.
    """
    if user.is_superuser:
        return Q()
    carrying = [role for role in roles_of(user) if right in RIGHTS[StaffRole(role.role)]]
    if not region:
        return Q(**{f"{fair}__in": {role.fair_id for role in carrying}})
    condition = Q(**{f"{fair}__in": {role.fair_id for role in carrying if role.role != StaffRole.REGIONAL_COORDINATOR}})
    for role in carrying:
        if role.role == StaffRole.REGIONAL_COORDINATOR:
            condition |= Q(**{fair: role.fair_id, region: role.region_code})
    return condition
