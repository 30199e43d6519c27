"""Who may do what at which fair: the questions that admin, API and commands ask. The answers come from fairs/roles.py."""

from django.db.models import Q, QuerySet

from accounts.models import User
from fairs.enums import StaffRole
from fairs.models import Fair, StaffMembership
from fairs.roles import RIGHTS, Right


def fairs_with(user: User, right: Right) -> QuerySet[Fair]:
    """The fairs at which ``user`` has ``right``; every fair for a superuser."""
    if user.is_superuser:
        return Fair.objects.all()
    return Fair.objects.filter(pk__in=StaffMembership.objects.of(user).with_right(right).values("fair"))


def memberships(user: User, fair_id: int) -> list[StaffMembership]:
    """The roles of ``user`` at one fair, in one query; hand them to :func:`rights_of` and :func:`regions_of`."""
    return list(StaffMembership.objects.of(user).filter(fair=fair_id)) if user.is_authenticated else []


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


def roles_of_reader(user: User) -> list[StaffMembership]:
    """All roles of the person who reads a page of the desk, kept on that request's user: one page asks a hundred times."""
    if not hasattr(user, "desk_roles"):
        user.desk_roles = list(StaffMembership.objects.of(user))  # type: ignore[attr-defined]
    return user.desk_roles  # type: ignore[attr-defined,no-any-return]


def reader_has_right(user: User, right: Right) -> bool:
    """:func:`has_right_anywhere` for a page of the desk: of the roles read once a request."""
    return user.is_superuser or right in rights_of(user, roles_of_reader(user))


def has_right(user: User, *, fair_id: int, right: Right) -> bool:
    """Whether ``user`` has ``right`` somewhere at this fair (for one region at the least)."""
    if user.is_superuser:
        return True
    return user.is_authenticated and StaffMembership.objects.of(user).with_right(right).filter(fair=fair_id).exists()


def has_right_anywhere(user: User, right: Right) -> bool:
    """Whether there is a fair at which ``user`` has ``right``."""
    if user.is_superuser:
        return True
    return user.is_authenticated and StaffMembership.objects.of(user).with_right(right).exists()


def within(user: User, right: Right, *, fair: str, region: str = "") -> Q:
    """A filter for rows whose path ``fair`` leads to a fair at which ``user`` has ``right``.

    ``region`` is the path to a region's code: a regional coordinator sees the rows of the own region only.
    """
    if user.is_superuser:
        return Q()
    allowed = StaffMembership.objects.of(user).with_right(right)
    whole_fair = Q(**{f"{fair}__in": allowed.exclude(role=StaffRole.REGIONAL_COORDINATOR).values("fair")})
    condition = whole_fair
    if region:
        for fair_id, code in allowed.filter(role=StaffRole.REGIONAL_COORDINATOR).values_list("fair", "region_code"):
            condition |= Q(**{fair: fair_id, region: code})
    else:
        condition = Q(**{f"{fair}__in": allowed.values("fair")})
    return condition
