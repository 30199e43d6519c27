import pytest
from django.contrib.auth.models import AnonymousUser

from fairs import access
from fairs.enums import StaffRole
from fairs.models import Fair
from fairs.roles import RIGHTS, Right
from tests.factories.accounts import UserFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", StaffRole)
def test_each_role_has_exactly_its_rights_at_its_fair_alone(role: StaffRole) -> None:
    region = "RU-PRI" if role == StaffRole.REGIONAL_COORDINATOR else ""
    membership = StaffMembershipFactory(role=role, region_code=region)
    user, other = membership.user, FairFactory()
    assert {right for right in Right if access.has_right(user, fair_id=membership.fair_id, right=right)} == RIGHTS[role]
    assert not any(access.has_right(user, fair_id=other.pk, right=right) for right in Right)
    assert {right for right in Right if access.has_right_anywhere(user, right)} == RIGHTS[role]
    assert access.rights_of(user, access.memberships(user, membership.fair_id)) == RIGHTS[role]


def test_two_roles_add_up() -> None:
    first = StaffMembershipFactory(role=StaffRole.FINANCE)
    StaffMembershipFactory(fair=first.fair, user=first.user, role=StaffRole.CHECK_IN)
    rights = access.rights_of(first.user, access.memberships(first.user, first.fair_id))
    assert rights == RIGHTS[StaffRole.FINANCE] | RIGHTS[StaffRole.CHECK_IN]


def test_a_superuser_has_every_right_everywhere() -> None:
    fair, root = FairFactory(), UserFactory(is_superuser=True, is_staff=True)
    assert all(access.has_right(root, fair_id=fair.pk, right=right) for right in Right)
    assert access.rights_of(root, []) == frozenset(Right)
    assert list(access.fairs_with(root, Right.EDIT_FAIR)) == [fair]


def test_a_stranger_has_none() -> None:
    fair = FairFactory()
    assert not access.has_right(AnonymousUser(), fair_id=fair.pk, right=Right.VIEW_FAIR)
    assert access.memberships(AnonymousUser(), fair.pk) == []


def test_a_coordinator_is_narrowed_to_the_own_region_unless_another_role_is_wider() -> None:
    coordinator = StaffMembershipFactory(role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI")
    roles = access.memberships(coordinator.user, coordinator.fair_id)
    assert access.regions_of(roles, Right.VIEW_APPLICATIONS) == {"RU-PRI"}
    assert access.regions_of(roles, Right.EDIT_FLOOR) == set()
    StaffMembershipFactory(fair=coordinator.fair, user=coordinator.user, role=StaffRole.REVIEWER)
    roles = access.memberships(coordinator.user, coordinator.fair_id)
    assert access.regions_of(roles, Right.VIEW_APPLICATIONS) is None


def test_within_keeps_to_the_fairs_of_the_right() -> None:
    planner = StaffMembershipFactory(role=StaffRole.FLOOR_PLANNER)
    StaffMembershipFactory(user=planner.user, role=StaffRole.FINANCE)
    FairFactory()
    assert list(Fair.objects.filter(access.within(planner.user, Right.EDIT_FLOOR, fair="pk"))) == [planner.fair]
    assert Fair.objects.filter(access.within(planner.user, Right.VIEW_FAIR, fair="pk")).count() == 2
