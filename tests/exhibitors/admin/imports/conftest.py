"""A fair whose organiser imports companies."""

import pytest
from django.test import Client

from fairs.models import Fair
from tests.factories.exhibitors import ProductCategoryFactory, RegionFactory
from tests.factories.fairs import FairFactory, SiteFactory, StaffMembershipFactory


@pytest.fixture
def fair() -> Fair:
    """With all that a :func:`line` names."""
    RegionFactory()
    ProductCategoryFactory()
    return SiteFactory(fair=FairFactory(), slug="east").fair


@pytest.fixture
def desk(client: Client, fair: Fair) -> Client:
    client.force_login(StaffMembershipFactory(fair=fair, user__language="en").user)
    return client
