"""The list of placements at the desk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from fairs.enums import StaffRole
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("status", "is_awaited"), [("offered", True), ("accepted", False), ("withdrawn", False)])
def test_an_answer_is_asked_for_only_while_it_is_awaited(client, status, is_awaited):
    moment = timezone.now().replace(year=2031)
    placement = PlacementFactory(status=status, offered_at=moment, answer_by=moment)
    fair = placement.application.fair
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER, user__is_staff=True).user)

    page = client.get(reverse("admin:exhibitors_placement_changelist")).content.decode()

    assert ("2031" in page) is is_awaited
