"""The list of applications over the API: whose rows it holds, how it is filtered, searched and ordered, and what it costs."""

from datetime import timedelta

import pytest

import clock as business_clock
from exhibitors.enums import ApplicationStatus, CompanyRole
from exhibitors.models import Application
from fairs.models import Fair, Stand
from tests.exhibitors.world import NOW, application_in, site_of
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyFactory, CompanyMemberFactory, PavilionFactory, ProductCategoryFactory, RegionFactory, inn
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus


def url(fair: Fair) -> str:
    return f"/api/v1/fairs/{fair.slug}/applications/"


@pytest.fixture
def fair():
    return FairFactory()


def test_my_list_holds_my_companies_applications_at_this_fair(signed_in, fair):
    person = UserFactory()
    mine = []
    for role in CompanyRole:
        company = CompanyMemberFactory(user=person, role=role).company
        mine.append(application_in(S.SUBMITTED, fair=fair, company=company).pk)
        application_in(S.SUBMITTED, company=company)
    application_in(S.SUBMITTED, fair=fair)

    rows = signed_in(person).get(url(fair)).json()["results"]

    assert [row["id"] for row in rows] == sorted(mine, reverse=True)
    assert all("responsible" not in row for row in rows)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("as_staff", [False, True])
def test_the_list_costs_the_same_for_any_number_of_rows(signed_in, fair, count, as_staff, django_assert_num_queries):
    person = StaffMembershipFactory(fair=fair).user if as_staff else UserFactory()
    for _ in range(count):
        company = CompanyFactory() if as_staff else CompanyMemberFactory(user=person).company
        application_in(S.ACCEPTED, fair=fair, company=company)
    client = signed_in(person)
    business_clock.now()  # read once in 30 s

    # session, person, fair with the person's roles, count, applications with all that belongs to them
    with django_assert_num_queries(5):
        response = client.get(url(fair))

    assert len(response.json()["results"]) == count


@pytest.mark.parametrize("name", ["held", "moving", "late"])
def test_a_filter_that_is_neither_true_nor_false_is_refused(signed_in, fair, name):
    answer = signed_in(UserFactory()).get(url(fair), {name: "perhaps"})
    assert (answer.status_code, [error["parameter"] for error in answer.json()["errors"]]) == (400, [name])


@pytest.mark.parametrize("name", ["late", "company", "status"])
def test_a_filter_without_a_value_is_refused_and_an_empty_text_finds_all(signed_in, fair, name):
    client = signed_in(UserFactory())
    answer = client.get(url(fair), {name: ""})
    assert (answer.status_code, [(error["parameter"], error["code"]) for error in answer.json()["errors"]]) == (400, [(name, "blank")])
    assert client.get(url(fair), {"search": ""}).status_code == 200


def test_organisers_filter_by_state_region_category_site_and_words(signed_in, fair):
    client = signed_in(StaffMembershipFactory(fair=fair).user)
    one = application_in(S.SUBMITTED, fair=fair, company=CompanyFactory(name_ru="Ёлка"))
    two = application_in(S.ADMITTED, fair=fair, company=CompanyFactory(region=RegionFactory(code="RU-CHE")))
    two.categories.set([ProductCategoryFactory(code="02"), ProductCategoryFactory(code="04")])
    Application.objects.filter(pk=two.pk).update(late=True)

    def found(**query):
        response = client.get(url(fair), query)
        assert response.status_code == 200, response.json()
        assert response.json()["count"] == len(response.json()["results"])
        return {row["id"] for row in response.json()["results"]}

    assert found(status="submitted") == found(region="RU-PRI") == found(search="елка") == found(category="03") == {one.pk}
    assert found(late="false") == found(company=one.company_id) == {one.pk}
    assert found(status="admitted") == found(late="true") == found(category="02") == found(region="RU-CHE") == {two.pk}
    assert found(status=["submitted", "admitted"]) == found(site=site_of(fair).slug) == found() == {one.pk, two.pk}
    assert found(site="nowhere") == found(search="%") == set()
    assert client.get(url(fair), {"status": "lost"}).status_code == 400
    assert client.get(url(fair), {"company": "x"}).status_code == 400


def test_by_pavilion_by_the_one_who_is_responsible_and_by_numbers(signed_in, fair):
    member = StaffMembershipFactory(fair=fair)
    client = signed_in(member.user)
    one = application_in(S.SUBMITTED, fair=fair, company=CompanyFactory(inn=inn(88)))
    two = application_in(S.SUBMITTED, fair=fair)
    pavilion = PavilionFactory(fair=fair)
    Application.objects.filter(pk=one.pk).update(pavilion=pavilion, responsible=member.user)

    def found(**query):
        return {row["id"] for row in client.get(url(fair), query).json()["results"]}

    assert found(pavilion=pavilion.slug) == found(responsible=member.user.email.upper()) == found(search=inn(88)) == {one.pk}
    assert two.pk in found(search=str(two.pk))
    assert found(search="9" * 30) == found(responsible="nobody@example.com") == set()


def test_an_exhibitor_learns_of_no_one_who_is_responsible(signed_in, fair):
    member, staff = CompanyMemberFactory(), StaffMembershipFactory(fair=fair)
    own = application_in(S.SUBMITTED, fair=fair, company=member.company)
    Application.objects.filter(pk=own.pk).update(responsible=staff.user)
    assert signed_in(member.user).get(url(fair), {"responsible": staff.user.email}).json()["count"] == 0


def test_the_order_is_by_number_submission_or_company_and_drafts_come_last(signed_in, fair):
    client = signed_in(StaffMembershipFactory(fair=fair).user)
    draft, late, early = (
        application_in(state, fair=fair, company=CompanyFactory(legal_name=name))
        for state, name in ((S.DRAFT, "Beta"), (S.SUBMITTED, "Alpha"), (S.SUBMITTED, "Gamma"))
    )
    Application.objects.filter(pk=late.pk).update(submitted_at=NOW)
    Application.objects.filter(pk=early.pk).update(submitted_at=NOW - timedelta(days=1))

    def order(**query):
        return [row["id"] for row in client.get(url(fair), query).json()["results"]]

    newest_first = [early.pk, late.pk, draft.pk]
    assert order() == order(ordering="-id") == newest_first
    assert order(ordering="id") == newest_first[::-1]
    assert order(ordering="submitted_at") == [early.pk, late.pk, draft.pk]
    assert order(ordering="-submitted_at") == [late.pk, early.pk, draft.pk]
    assert order(ordering="company") == [late.pk, draft.pk, early.pk]
    assert order(ordering="-company") == [early.pk, draft.pk, late.pk]
    assert client.get(url(fair), {"ordering": "told_status"}).status_code == 400


def test_several_states_may_come_with_commas(signed_in, fair):
    client = signed_in(StaffMembershipFactory(fair=fair).user)
    for state in (S.DRAFT, S.SUBMITTED, S.ADMITTED):
        application_in(state, fair=fair)
    assert client.get(url(fair), {"status": "draft,admitted"}).json()["count"] == 2
    assert client.get(f"{url(fair)}?status=draft,submitted&status=admitted").json()["count"] == 3
    assert client.get(url(fair), {"status": "draft,"}).status_code == 400


def test_what_is_refused_names_what_there_is(signed_in, fair):
    client = signed_in(StaffMembershipFactory(fair=fair).user)
    for parameter, wanted in (("status", "changes_requested"), ("ordering", "-submitted_at"), ("sort", "ordering")):
        error = client.get(url(fair), {parameter: "nonsense"}).json()["errors"][0]
        assert error["parameter"] == parameter
        assert wanted in error["detail"]


def test_staff_order_by_what_was_decided_and_exhibitors_by_what_they_were_told(signed_in, fair):
    person = UserFactory()
    rejected, submitted, listed = (
        application_in(state, fair=fair, company=CompanyMemberFactory(user=person).company)
        for state in (S.SUBMITTED, S.IN_REVIEW, S.WAITLISTED)
    )
    Application.objects.filter(pk=rejected.pk).update(status=S.REJECTED)
    Application.objects.filter(pk=listed.pk).update(waitlist_rank=1, told_waitlist_rank=1)

    def order(reader, ordering):
        return [row["id"] for row in signed_in(reader).get(url(fair), {"ordering": ordering}).json()["results"]]

    staff = StaffMembershipFactory(fair=fair).user
    assert order(staff, "status").index(rejected.pk) == 2
    assert order(person, "status") == order(person, "-status")[::-1] == [rejected.pk, submitted.pk, listed.pk]
    assert order(staff, "waitlist_rank")[0] == order(staff, "-waitlist_rank")[0] == listed.pk


def test_staff_find_an_application_by_its_stand_and_exhibitors_do_not(signed_in, fair):
    member = CompanyMemberFactory()
    placed = application_in(S.STAND_OFFERED, fair=fair, company=member.company)
    application_in(S.SUBMITTED, fair=fair)
    Stand.objects.filter(pk=placed.placements.get().stand_id).update(number="QX-77")

    def found(reader):
        return [row["id"] for row in signed_in(reader).get(url(fair), {"search": "qx-77"}).json()["results"]]

    assert found(StaffMembershipFactory(fair=fair).user) == [placed.pk]
    assert found(member.user) == []
