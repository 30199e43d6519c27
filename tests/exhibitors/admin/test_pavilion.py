"""Pavilions at the desk: who wants to stand there is one click away."""

import re

import pytest
from django.urls import reverse

from fairs.enums import StaffRole
from tests.factories.exhibitors import ApplicationFactory, PavilionFactory, RegionFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.mark.parametrize(("role", "count"), [(StaffRole.OWNER, 2), (StaffRole.REGIONAL_COORDINATOR, 1)])
def test_the_list_counts_the_applications_that_the_reader_sees_and_leads_to_them(client, role, count):
    pavilion = PavilionFactory()
    ApplicationFactory(fair=pavilion.fair, pavilion=pavilion, company__region=RegionFactory(code="RU-KHA"))
    ApplicationFactory(fair=pavilion.fair, pavilion=pavilion)
    ApplicationFactory(fair=pavilion.fair)
    narrowed = {"region_code": "RU-KHA"} if role == StaffRole.REGIONAL_COORDINATOR else {}
    client.force_login(StaffMembershipFactory(fair=pavilion.fair, role=role, **narrowed).user)
    page = client.get(reverse("admin:exhibitors_pavilion_changelist")).content.decode()
    found = re.search(r'href="(/admin/exhibitors/application/[^"]+)"[^>]*>(\d+)<', page)
    assert found is not None
    assert int(found[2]) == count
    assert client.get(found[1].replace("&amp;", "&")).context["cl"].result_count == count
