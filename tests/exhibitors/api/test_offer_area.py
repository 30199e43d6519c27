"""A stand outside the area asked for is offered by hand all the same, and the answer says so to whoever offers it."""

import pytest

from exhibitors.enums import ApplicationStatus
from fairs.enums import StaffRole
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters", "clock")]

S = ApplicationStatus
STAND_M2 = 9


def told(client, application, step, **body):
    address = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/"
    answer = client.post(f"{address}{step}/", {"stand": stand_at(site_of(application.fair)).pk, **body}, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.content
    assert "warnings" not in client.get(address).json()
    return [(one["pointer"], one["code"], one["detail"]) for one in answer.json()["warnings"]]


@pytest.fixture
def planner(signed_in):
    return lambda application: signed_in(StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER).user)


@pytest.mark.parametrize(
    ("least", "most", "warning"),
    [
        (STAND_M2, STAND_M2, []),
        (None, None, []),
        (12, 20, [("/stand", "smaller_than_asked", "The stand has 9 m²; the application asks for at least 12 m².")]),
        (4, 6, [("/stand", "larger_than_asked", "The stand has 9 m²; the application asks for at most 6 m².")]),
    ],
)
@pytest.mark.parametrize(("step", "status", "more"), [("offer-stand", S.ADMITTED, {}), ("relocate", S.ACCEPTED, {"reason": "A pillar."})])
def test_an_area_outside_the_wish_is_named(planner, least, most, warning, step, status, more):
    application = application_in(status)
    application.site_wishes.update(area_min_m2=least, area_wished_m2=None, area_max_m2=most)
    assert told(planner(application), application, step, **more) == warning


def test_a_held_offer_is_warned_of_and_the_exhibitor_reads_nothing(planner, signed_in):
    application = application_in(S.ADMITTED)
    application.site_wishes.update(area_min_m2=12, area_wished_m2=None, area_max_m2=None)
    assert [code for _pointer, code, _detail in told(planner(application), application, "offer-stand", hold=True)] == ["smaller_than_asked"]
    exhibitor = signed_in(CompanyMemberFactory(company=application.company).user)
    own = exhibitor.get(f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/").json()
    assert (own["status"], "warnings" in own) == ("admitted", False)


def test_a_retry_is_answered_with_the_same_warning(planner):
    application = application_in(S.ADMITTED)
    application.site_wishes.update(area_min_m2=12, area_wished_m2=None, area_max_m2=None)
    client, body = planner(application), {"stand": stand_at(site_of(application.fair)).pk}
    address = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/offer-stand/"
    first, second = (client.post(address, body, headers={"Idempotency-Key": "one"}) for _time in range(2))
    assert first.json()["warnings"] == second.json()["warnings"] != []
