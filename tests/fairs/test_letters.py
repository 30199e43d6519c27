"""Which letters of the outbox the roles at a fair open."""

import pytest

from fairs.enums import StaffRole
from fairs.letters import letters_seen
from notifications.models import Letter
from tests.factories.accounts import UserFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db


def test_what_a_coordinator_sees_of_one_region_opens_no_letter_of_the_whole_fair() -> None:
    """The producer reads letters, of the conference; the coordinator sees exhibitors, of a region: together that is no more."""
    fair, user = FairFactory(), UserFactory(is_staff=True)
    for role, region in ((StaffRole.CONFERENCE_PRODUCER, ""), (StaffRole.REGIONAL_COORDINATOR, "RU-PRI")):
        StaffMembershipFactory(fair=fair, user=user, role=role, region_code=region)
    for app in ("exhibitors", "conferences"):
        Letter.objects.create(key=app, message_id=app, fair=fair, occasion=f"{app}.x", recipient_email="a@example.org", language="en")
    rule = letters_seen(user)
    assert rule is not None
    assert [letter.occasion for letter in Letter.objects.filter(rule)] == ["conferences.x"]
