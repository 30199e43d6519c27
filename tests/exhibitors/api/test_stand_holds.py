"""Staff hold stands over the API; everybody else gets, byte for byte, what they got before."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

import clock as business_clock
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, StandHold
from fairs.enums import StaffRole, StandUse
from fairs.models import Stand
from tests.exhibitors.api.test_secrecy import client_of, everything, exchange
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import CompanyMemberFactory, PlacementFactory, RegionFactory, StandHoldFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

UNTIL = "2030-01-18T18:00:00+08:00"
HELD_TO = NOW + timedelta(days=3, hours=1)  # the same moment


@pytest.fixture
def application() -> Application:
    return application_in(ApplicationStatus.ADMITTED)


@pytest.fixture
def stand(application: Application) -> Stand:
    return stand_at(site_of(application.fair), number="A-1")


def url_of(stand: Stand) -> str:
    return f"/api/v1/fairs/{stand.hall.fair.slug}/stands/{stand.pk}/hold/"


def staff(stand: Stand, role: StaffRole = StaffRole.FLOOR_PLANNER, **fields: Any) -> APIClient:
    return client_of(StaffMembershipFactory(fair=stand.hall.fair, role=role, user__email="floor@example.com", **fields).user)


def test_a_stand_is_held_read_and_released(application, stand):
    client = staff(stand)
    made = client.post(url_of(stand), {"application": application.pk, "note": "Asks the bank.", "until": "2030-01-18T13:00:00+03:00"})

    hold = StandHold.objects.get()
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{url_of(stand)}")
    assert made.json() == {
        "id": hold.pk,
        "stand": stand.pk,
        "site": stand.hall.site.slug,
        "hall": stand.hall.slug,
        "number": "A-1",
        "application": application.pk,
        "company_name": application.company.legal_name,
        "note": "Asks the bank.",
        "until": UNTIL,
        "by": "floor@example.com",
        "created_at": "2030-01-15T17:00:00+08:00",
    }
    read = client.get(url_of(stand))
    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])
    assert client.get(url_of(stand), headers={"If-None-Match": read["ETag"]}).status_code == 304
    assert client.delete(url_of(stand)).status_code == 428
    assert client.delete(url_of(stand), headers={"If-Match": read["ETag"]}).status_code == 204
    assert client.get(url_of(stand)).status_code == 404
    assert client.delete(url_of(stand), headers={"If-Match": read["ETag"]}).status_code == 404


def test_a_hold_that_was_made_anew_meanwhile_is_not_released(stand):
    client = staff(stand)
    read = client.post(url_of(stand), {"note": "Altai", "until": UNTIL})
    assert client.post(url_of(stand), {"note": "Altai", "until": "2030-01-19T18:00:00+08:00"}).status_code == 201

    assert client.delete(url_of(stand), headers={"If-Match": read["ETag"]}).status_code == 412
    assert StandHold.objects.live(now=NOW).count() == 1


def test_held_for_another_it_says_until_when(application, stand):
    client = staff(stand)
    client.post(url_of(stand), {"note": "Altai", "until": UNTIL})

    offer = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/offer-stand/"
    for url, body in ((url_of(stand), {"application": application.pk, "until": UNTIL}), (offer, {"stand": stand.pk})):
        answer = client.post(url, body)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stand-held")
        assert (answer.json()["stand"], answer.json()["until"]) == ("A-1", UNTIL)
        assert "Altai" not in answer.content.decode()


def test_the_same_key_holds_once(stand):
    client = staff(stand)
    answers = [client.post(url_of(stand), {"note": "Altai", "until": UNTIL}, headers={"Idempotency-Key": "k-1"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert StandHold.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"note": "Altai"}, "/until", "required"),
        ({"note": "Altai", "until": "2030-01-18T18:00:00"}, "/until", "no_offset"),
        ({"note": "Altai", "until": "2030-01-15T09:00:00+00:00"}, "/until", "past"),
        ({"note": "Altai", "until": "2030-05-06T00:00:01+08:00"}, "/until", "after_fair"),
        ({"until": UNTIL}, "/note", "required"),
        ({"note": "x" * 201, "until": UNTIL}, "/note", "max_length"),
        ({"application": 10**9, "until": UNTIL}, "/application", "unknown_application"),
        ({"note": "Altai", "until": UNTIL, "stand": 1}, "/stand", "unknown_field"),
    ],
)
def test_what_is_wrong_is_named(stand, body, pointer, code):
    answer = staff(stand).post(url_of(stand), body)
    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
    assert not StandHold.objects.exists()


def test_all_that_is_wrong_is_named_at_once(stand):
    past, planner = "2030-01-15T09:00:00+00:00", staff(stand)
    answers = [planner.post(url_of(stand), body).json()["errors"] for body in ({"until": past}, {"application": 10**9, "until": past})]
    assert [[error["pointer"] for error in errors] for errors in answers] == [["/note", "/until"], ["/application", "/until"]]


def test_a_stand_of_another_fair_is_not_there(stand):
    own = stand_at(site_of(application_in(ApplicationStatus.ADMITTED).fair))
    client = staff(own)
    hold = StandHoldFactory(stand=stand)
    address = f"/api/v1/fairs/{own.hall.fair.slug}/stands/{{}}/hold/"

    for method in ("GET", "POST", "DELETE"):
        found, unknown = (exchange(client, method, address.format(pk), {"note": "Altai", "until": UNTIL})[2:] for pk in (stand.pk, 10**9))
        assert found == unknown
        assert found[0] == 404
        assert exchange(client, method, url_of(stand), {"note": "Altai", "until": UNTIL})[2] == 403  # the public may see it
    assert list(StandHold.objects.values_list("pk", "ended_at")) == [(hold.pk, None)]


def test_a_coordinator_sees_the_holds_of_the_own_region_alone(application, stand):
    region = application.company.region or RegionFactory(code="RU-PRI")
    type(application.company).objects.update(region=region)
    own = StandHoldFactory(stand=stand, application=application)
    other = StandHoldFactory(stand=stand_at(site_of(application.fair)))
    client = staff(stand, StaffRole.REGIONAL_COORDINATOR, region_code=region.code)

    assert client.get(url_of(own.stand)).status_code == 200
    assert client.get(url_of(other.stand)).status_code == 404
    assert [row["id"] for row in client.get(list_of(application)).json()["results"]] == [own.pk]


def list_of(application: Application) -> str:
    return f"/api/v1/fairs/{application.fair.slug}/stand-holds/"


def test_the_list_has_what_is_held_at_this_moment_the_first_to_end_first(application, stand, clock):
    other = stand_at(site_of(application.fair), number="A-2")
    late = StandHoldFactory(stand=stand, application=application, until=HELD_TO)
    early = StandHoldFactory(stand=other, application=None, note="Altai", until=HELD_TO - timedelta(days=1))
    StandHoldFactory()  # at another fair
    client = staff(stand)

    listed = client.get(list_of(application))
    assert [row["id"] for row in listed.json()["results"]] == [early.pk, late.pk]
    assert listed.json()["results"][1] == client.get(url_of(stand)).json()
    assert listed["Cache-Control"] == "private, no-store"
    clock.move_to(HELD_TO - timedelta(days=1))
    assert [row["id"] for row in client.get(list_of(application)).json()["results"]] == [late.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(application, stand, count, django_assert_num_queries):
    client = staff(stand)
    for number in range(count):
        StandHoldFactory(stand=stand_at(site_of(application.fair), number=f"B-{number}"), application=application)
    with django_assert_num_queries(6):
        assert client.get(list_of(application)).json()["count"] == count


def test_staff_read_with_an_application_which_stands_are_held_for_it(application, stand, clock):
    StandHoldFactory(stand=stand, application=application, note="Asks the bank.", until=HELD_TO)
    StandHoldFactory(stand=stand_at(site_of(application.fair)), application=None, note="Altai")
    url = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/"
    client = staff(stand)
    place = {"stand": stand.pk, "site": stand.hall.site.slug, "hall": stand.hall.slug, "number": "A-1"}
    expected = [{**place, "note": "Asks the bank.", "until": UNTIL}]

    assert client.get(url).json()["held_stands"] == expected
    assert "held_stands" not in client.get(url.removesuffix(f"{application.pk}/")).json()["results"][0]
    member = client_of(CompanyMemberFactory(company=application.company).user)
    assert "held_stands" not in member.get(url).json()
    clock.move_to(HELD_TO)
    assert client.get(url).json()["held_stands"] == []


@pytest.mark.parametrize("role", [None, StaffRole.CONFERENCE_PRODUCER, StaffRole.CHECK_IN])
def test_who_may_not_see_it_is_refused_in_the_same_words_whether_it_is_held_or_not(application, stand, role):
    exhibitor = client_of(CompanyMemberFactory(company=application.company).user)
    client = staff(stand, role) if role else exhibitor
    free = stand_at(site_of(application.fair))
    StandHoldFactory(stand=stand, application=application)

    for method in ("GET", "POST", "DELETE"):
        held, unheld = (exchange(client, method, url_of(one), {})[2:] for one in (stand, free))
        assert held == unheld
        assert held[0] == 403
        assert APIClient().generic(method, url_of(stand)).status_code == 401


def test_the_public_and_exhibitors_see_nothing_of_a_hold(application, stand):
    member = client_of(CompanyMemberFactory(company=application.company).user)
    fair = f"/api/v1/fairs/{application.fair.slug}/"
    tag = APIClient().get(f"{fair}stands/")["ETag"]

    def seen() -> list[Any]:
        found = []
        for client in (APIClient(), member):
            for query in ("", "status=available", "status=taken", "status=held"):
                found.append(exchange(client, "GET", f"{fair}stands/?{query}"))
            found.append(exchange(client, "GET", fair))
        found.append(exchange(APIClient(), "GET", f"{fair}stands/", **{"If-None-Match": tag}))
        return found

    before = [*seen(), *everything(member, application)]
    planner = staff(stand)
    assert planner.post(url_of(stand), {"application": application.pk, "until": UNTIL}).status_code == 201
    assert [*seen(), *everything(member, application)] == before
    tag_of_hold = planner.get(url_of(stand))["ETag"]
    assert planner.delete(url_of(stand), headers={"If-Match": tag_of_hold}).status_code == 204
    after = seen()
    assert after == before[: len(after)]
    assert after[-1][2] == 304


def test_staff_who_place_see_what_each_stand_is_used_for_and_nobody_else_does():
    fair = FairFactory()
    placed = application_in(ApplicationStatus.ACCEPTED, fair=fair)
    offered = application_in(ApplicationStatus.STAND_OFFERED, fair=fair)
    site = site_of(fair)
    held, free = stand_at(site), stand_at(site)
    StandHoldFactory(stand=held, application=None, note="for the region")
    address = f"/api/v1/fairs/{fair.slug}/stands/"
    public = APIClient().get(address)
    planner = client_of(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)

    answer = planner.get(address, headers={"If-None-Match": public["ETag"]})

    states = {stand["id"]: [(use["state"], use["application"]) for use in stand["uses"]] for stand in answer.json()["results"]}
    assert states == {
        placed.placements.get().stand_id: [("accepted", placed.pk)],
        offered.placements.get().stand_id: [("offered", offered.pk)],
        held.pk: [("held", None)],
        free.pk: [],
    }
    assert "ETag" not in answer
    assert "private" in answer["Cache-Control"]
    assert APIClient().get(address).content == public.content
    for other in (CompanyMemberFactory().user, StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER).user):
        assert client_of(other).get(address).json() == public.json()
    assert all("uses" not in stand for stand in public.json()["results"])


def test_staff_who_place_find_stands_by_their_use_and_others_find_none():
    fair = FairFactory()
    site = site_of(fair)
    placed = application_in(ApplicationStatus.ACCEPTED, fair=fair).placements.get().stand_id
    offered = application_in(ApplicationStatus.STAND_OFFERED, fair=fair).placements.get().stand_id
    held, planned, decided = (stand_at(site) for _ in range(3))
    free = stand_at(site)
    StandHoldFactory(stand=held, application=None, note="for the region")
    for stand, is_plan in ((planned, True), (decided, False)):
        application = application_in(ApplicationStatus.ADMITTED, fair=fair)
        PlacementFactory(application=application, site=site, stand=stand, status=PlacementStatus.PLANNED, is_plan=is_plan)
    address = f"/api/v1/fairs/{fair.slug}/stands/?uses="
    planner = client_of(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)

    def found(client, use):
        return [stand["id"] for stand in client.get(f"{address}{use}").json()["results"]]

    wanted = {"accepted": placed, "offered": offered, "held": held.pk, "planned": planned.pk, "offer_held": decided.pk}
    assert {use: found(planner, use) for use in StandUse.values} == {use: [pk] for use, pk in wanted.items()}
    assert found(planner, "none") == [free.pk]
    assert set(found(planner, "held&uses=offered")) == {held.pk, offered}
    assert set(found(planner, "none,held")) == {free.pk, held.pk}
    assert planner.get(f"{address}given").json()["errors"][0]["code"] == "invalid_choice"
    for other in (APIClient(), client_of(StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER).user)):
        assert [found(other, use) for use in (*StandUse.values, "none")] == [[]] * 6


@pytest.mark.parametrize("count", [1, 3])
def test_the_uses_cost_the_same_for_any_number_of_stands(count, django_assert_num_queries):
    fair = FairFactory()
    planner = client_of(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    for _ in range(count):
        application_in(ApplicationStatus.ACCEPTED, fair=fair)
        StandHoldFactory(stand=stand_at(site_of(fair)))
    address = f"/api/v1/fairs/{fair.slug}/stands/"
    business_clock.now()  # read once in 30 s
    with django_assert_num_queries(6):  # fair, roles, count, stands, placements, holds
        assert planner.get(address).json()["count"] == 2 * count
