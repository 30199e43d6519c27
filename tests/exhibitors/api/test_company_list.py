"""The list of companies over the API: the own ones, and for staff those of their fairs."""

import pytest

from exhibitors.enums import ApplicationStatus
from fairs.enums import StaffRole
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import CompanyFactory, CompanyMemberFactory, ProductCategoryFactory, RegionFactory, inn
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/companies/"
QUERIES = 7  # session, person, roles, count, companies, categories, contacts


def applied(fair, **company):
    return application_in(ApplicationStatus.SUBMITTED, fair=fair, company=CompanyFactory(**company)).company


@pytest.fixture
def found(signed_in):
    def found(user, **query):
        answer = signed_in(user).get(URL, query)
        assert answer.status_code == 200, answer.content
        return {row["id"] for row in answer.json()["results"]}

    return found


def test_staff_see_the_companies_of_their_fairs_beside_their_own(found):
    fair, elsewhere = FairFactory(), FairFactory()
    theirs, own = applied(fair), CompanyMemberFactory()
    applied(elsewhere)
    clerk = StaffMembershipFactory(fair=fair, user=own.user).user
    assert found(clerk) == {theirs.pk, own.company_id}
    assert found(clerk, mine="true") == {own.company_id}
    assert found(clerk, mine="false") == {theirs.pk}


def test_an_exhibitor_sees_the_own_ones_only(found):
    member = CompanyMemberFactory()
    applied(FairFactory())
    assert found(member.user) == {member.company_id}


def test_a_regional_coordinator_sees_the_own_region(found):
    fair = FairFactory()
    here, _beyond = applied(fair, region=RegionFactory(code="RU-PRI")), applied(fair, region=RegionFactory(code="RU-CHE"))
    clerk = StaffMembershipFactory(fair=fair, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI").user
    assert found(clerk) == {here.pk}


def test_by_country_region_category_and_words(found):
    fair = FairFactory()
    clerk = StaffMembershipFactory(fair=fair).user
    one = applied(fair, name_ru="Ёлка", inn=inn(91))
    one.categories.set([ProductCategoryFactory(code="03")])
    two = applied(fair, region=RegionFactory(code="RU-CHE"))
    assert found(clerk, search="елка") == found(clerk, search=inn(91)[:8]) == found(clerk, category="03") == {one.pk}
    assert found(clerk, region="RU-CHE") == {two.pk}
    assert found(clerk, country="ru") == {one.pk, two.pk}
    assert found(clerk, country=["CN", "ru"]) == found(clerk, fair=[fair.slug, "nowhere"]) == {one.pk, two.pk}
    assert found(clerk, region="ru-che,RU-SAR") == found(clerk, region=["RU-CHE", "RU-SAR"]) == {two.pk}
    assert found(clerk, country="CN") == found(clerk, fair="nowhere") == set()


def test_at_which_other_fairs_a_company_takes_part_is_not_told(found):
    fair, elsewhere = FairFactory(), FairFactory()
    clerk = StaffMembershipFactory(fair=fair).user
    company = applied(fair)
    application_in(ApplicationStatus.SUBMITTED, fair=elsewhere, company=company)
    assert found(clerk, fair=fair.slug) == {company.pk}
    assert found(clerk, fair=elsewhere.slug) == set()
    assert found(clerk, fair=[fair.slug, elsewhere.slug]) == {company.pk}
    unknown_here = application_in(ApplicationStatus.SUBMITTED, fair=elsewhere).company
    assert unknown_here.pk not in found(clerk, fair=[fair.slug, elsewhere.slug])


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(signed_in, count, django_assert_num_queries):
    fair = FairFactory()
    client = signed_in(StaffMembershipFactory(fair=fair).user)
    for _company in range(count):
        applied(fair).categories.set([ProductCategoryFactory(code="03")])
    with django_assert_num_queries(QUERIES):
        assert client.get(URL).json()["count"] == count
