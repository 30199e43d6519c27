"""How many queries it takes to apply and to change an application, letters written: the limits are those of ``make bench``."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import clock as business_clock
from exhibitors.models import Application
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.factories.exhibitors import CompanyContactFactory, CompanyMemberFactory, ProductCategoryFactory, RegionFactory
from tests.factories.fairs import FairFactory, SiteFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db

APPLY_AND_SUBMIT = 25
CHANGE = 12


@pytest.fixture
def fair():
    fair = FairFactory()
    StaffMembershipFactory(fair=fair)
    StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER)
    return fair


@pytest.fixture
def applicant(signed_in):
    member = CompanyMemberFactory(company__region=RegionFactory())
    CompanyContactFactory(company=member.company)
    client = signed_in(member.user)
    client.company = member.company
    return client


def wishes(sites, wished):
    return [{"site": site.slug, "requested_area_m2": {"min": 6, "wished": wished, "max": 40}} for site in sites]


@pytest.fixture(autouse=True)
def _fresh_process():
    """Nothing is remembered: the clock's offset is read once in 30 s."""
    business_clock.forget()


def asked(ask, status):
    """The answer, and the queries it took; a savepoint is none."""
    with CaptureQueriesContext(connection) as captured:
        response = ask()
    assert response.status_code == status, response.content
    return response, [query["sql"][:200] for query in captured if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("sites", [1, 3])
def test_applying_and_submitting(applicant, fair, sites):
    address = f"/api/v1/fairs/{fair.slug}/applications/"
    places = [SiteFactory(fair=fair) for _number in range(sites)]
    body = {"company": applicant.company.pk, "categories": [ProductCategoryFactory().code], "sites": wishes(places, 9)}

    made, creating = asked(lambda: applicant.post(address, body, format="json"), 201)
    _answer, submitting = asked(lambda: applicant.post(f"{address}{made.json()['id']}/submit/", {}, format="json"), 200)

    assert Letter.objects.count() == 4  # two receipts, two notices
    assert len(creating) + len(submitting) <= APPLY_AND_SUBMIT, "\n".join(creating + submitting)


@pytest.mark.parametrize("sites", [1, 3])
def test_changing_the_areas_of_a_draft(applicant, fair, sites):
    address = f"/api/v1/fairs/{fair.slug}/applications/"
    places = [SiteFactory(fair=fair) for _number in range(sites)]
    body = {"company": applicant.company.pk, "categories": [ProductCategoryFactory().code], "sites": wishes(places, 9)}
    made = applicant.post(address, body, format="json")
    one = f"{address}{made.json()['id']}/"
    business_clock.forget()
    change = {"categories": body["categories"], "sites": [*wishes(places[:1], 12), *wishes(places[1:], 9)]}

    changed, queries = asked(lambda: applicant.patch(one, change, format="json", HTTP_IF_MATCH=made["ETag"]), 200)

    assert Application.objects.get().site_wishes.filter(area_wished_m2=12).count() == 1
    assert changed.json()["sites"][0]["requested_area_m2"]["wished"] == 12
    assert len(queries) <= CHANGE, "\n".join(queries)
