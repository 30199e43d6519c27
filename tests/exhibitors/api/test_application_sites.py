"""The sites of an application in a change: each is given whole, and refused with a pointer like in a new one."""

import pytest

from exhibitors.enums import ApplicationStatus
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import CompanyMemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]


@pytest.fixture
def application():
    return application_in(ApplicationStatus.DRAFT)


@pytest.fixture
def change(application, signed_in):
    client = signed_in(CompanyMemberFactory(company=application.company).user)
    address = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/"

    def change(sites, **more):
        return client.patch(address, {"sites": sites, **more}, headers={"If-Match": client.get(address)["ETag"]})

    return change


def test_what_is_left_out_has_the_defaults_of_a_new_one(application, change):
    site = application.site_wishes.get().site
    [wish] = change([{"site": site.slug, "requested_area_m2": {"wished": 12}}]).json()["sites"]
    assert (wish["requested_area_m2"], wish["scheme"]) == ({"min": None, "wished": 12.0, "max": None}, "shell")
    assert (wish["first_day"], wish["last_day"]) == (site.starts_on.isoformat(), site.ends_on.isoformat())


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"requested_area_m2": {"min": 20, "wished": 12}}, "/sites/0/requested_area_m2/wished"),
        ({"requested_area_m2": {"min": 0}}, "/sites/0/requested_area_m2/min"),
        ({"first_day": "1999-01-01"}, "/sites/0/first_day"),
        ({"scheme": "tent"}, "/sites/0/scheme"),
    ],
)
def test_what_is_wrong_is_named(application, change, wrong, pointer):
    response = change([{"site": application.site_wishes.get().site.slug, **wrong}])
    assert response.status_code == 400, response.content
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_a_site_named_twice_is_refused(application, change):
    slug = application.site_wishes.get().site.slug
    response = change([{"site": slug}, {"site": slug}])
    assert [error["pointer"] for error in response.json()["errors"]] == ["/sites/1/site"]


def test_a_scheme_that_is_left_out_is_no_matter_where_another_field_is_wrong(application, change):
    response = change([{"site": application.site_wishes.get().site.slug}], fascia_text=5)
    assert response.status_code == 400, response.content
    assert [error["pointer"] for error in response.json()["errors"]] == ["/fascia_text"]
