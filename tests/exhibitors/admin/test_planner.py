"""The plan of a hall on the desk: what it tells its script, what it lets whom do, and what it shows before offers are sent."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from exhibitors.admin import plan_offers_page
from exhibitors.domain import plan_offers, planning
from exhibitors.enums import ApplicationStatus, NeighbourKind
from exhibitors.models import Application, ApplicationStep, NeighbourWish, Placement, StandHold, StandPreference
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in, site_of
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyMemberFactory, RegionFactory
from tests.factories.fairs import FairFactory, HallFactory, SiteFactory, StaffMembershipFactory, StandFactory, ZoneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus


@pytest.fixture
def hall():
    hall = HallFactory(site=SiteFactory(fair=FairFactory()), outline=[[0, 0], [40, 0], [40, 20], [0, 20]])
    for place in range(4):
        left = 2 + 3 * place
        StandFactory(hall=hall, number=f"A-{place + 1}", outline=[[left, 2], [left + 3, 2], [left + 3, 5], [left, 5]])
    return hall


def planner(client: Any, hall: Any, role: str = StaffRole.FLOOR_PLANNER, **fields: Any) -> Any:
    user = StaffMembershipFactory(fair=hall.fair, role=role, user__name="Anna Planner", user__is_staff=True, **fields).user
    client.force_login(user)
    return user


def url(hall: Any, name: str = "") -> str:
    return reverse(f"admin:fairs_hall_plan{'_' + name if name else ''}", args=[hall.pk])


def ask(client: Any, hall: Any, **asked: Any) -> Any:
    return client.post(url(hall, "change"), json.dumps(asked), content_type="application/json")


def stands(hall: Any) -> list[Any]:
    return list(hall.stands.order_by("number"))


def admitted(hall: Any) -> Application:
    application = application_in(S.ADMITTED, fair=hall.fair)
    CompanyMemberFactory(company=application.company)
    return application


class TestChanges:
    def test_a_company_is_planned_moved_taken_off_and_it_is_undone(self, client, hall):
        planner(client, hall)
        application, (one, two, *_rest) = admitted(hall), stands(hall)

        planned = ask(client, hall, action="plan", application=application.pk, stand=one.pk)
        assert (planned.status_code, planned.json()["message"]) == (200, f"{application.company} is planned on stand A-1.")
        moved = ask(client, hall, action="move", placement=Placement.objects.get().pk, stand=two.pk)
        assert (moved.status_code, Placement.objects.get().stand) == (200, two)
        assert ask(client, hall, action="unplan", placement=Placement.objects.get().pk).status_code == 200
        assert not Placement.objects.exists()
        assert ask(client, hall, action="undo").status_code == 200
        assert Placement.objects.get().stand == two
        assert not ApplicationStep.objects.exists()
        assert not Letter.objects.exists()

    def test_who_comes_second_is_told_who_was_quicker(self, client, hall):
        other = UserFactory(name="Boris Planner")
        first, second, stand = admitted(hall), admitted(hall), stands(hall)[0]
        planned = planning.plan_stand(application_id=first.pk, stand_id=stand.pk, by=other, now=NOW)
        planner(client, hall)

        answer = ask(client, hall, action="plan", application=second.pk, stand=stand.pk)
        assert answer.status_code == 409
        assert answer.json()["message"].startswith("Boris Planner was quicker: stand A-1 is planned for")
        planning.unplan(placement_id=planned.pk, by=other, now=NOW)
        late = ask(client, hall, action="move", placement=planned.pk, stand=stand.pk)
        assert (late.status_code, "Boris Planner has changed it" in late.json()["message"]) == (409, True)

    def test_a_stand_is_held_and_released(self, client, hall):
        planner(client, hall)
        stand = stands(hall)[0]
        until = (NOW + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        assert ask(client, hall, action="hold", stand=stand.pk, until=until, note="Sponsor").status_code == 200
        assert StandHold.objects.get().note == "Sponsor"
        state = client.get(url(hall, "state")).json()
        assert (state["stands"][0]["state"], "Sponsor" in state["stands"][0]["hold"]["text"]) == ("held", True)
        assert ask(client, hall, action="release", stand=stand.pk).status_code == 200
        assert ask(client, hall, action="release", stand=stand.pk).status_code == 409
        assert ask(client, hall, action="hold", stand=stand.pk, until="soon", note="x").status_code == 409

    @pytest.mark.parametrize(
        "asked",
        [
            b"",
            b"[]",
            b"{",
            b'{"action": "plan"}',
            b'{"action": "fly"}',
            b'{"action": "move", "placement": -1, "stand": 1e400}',
            b"[" * 5000,
        ],
    )
    def test_nonsense_is_refused_in_words(self, client, hall, asked):
        planner(client, hall)
        answer = client.post(url(hall, "change"), asked, content_type="application/json")
        assert answer.status_code in (400, 409)
        assert answer.json()["message"]

    def test_nothing_of_another_fair_is_touched(self, client, hall):
        planner(client, hall)
        there = HallFactory(site=SiteFactory(fair=FairFactory()))
        stand, stranger = StandFactory(hall=there), admitted(there)
        plan = planning.plan_stand(application_id=stranger.pk, stand_id=stand.pk, by=None, now=NOW)
        for asked in (
            {"action": "plan", "application": stranger.pk, "stand": stands(hall)[0].pk},
            {"action": "plan", "application": admitted(hall).pk, "stand": stand.pk},
            {"action": "move", "placement": plan.pk, "stand": stands(hall)[0].pk},
            {"action": "unplan", "placement": plan.pk},
            {"action": "hold", "stand": stand.pk, "until": "2030-01-20T10:00", "note": "x"},
        ):
            assert ask(client, hall, **asked).status_code == 409, asked
        assert list(Placement.objects.values_list("pk", "stand")) == [(plan.pk, stand.pk)]
        assert client.get(url(there)).status_code == 404


class TestWhatItTells:
    def test_the_state_is_not_sent_twice_and_names_a_colleagues_change(self, client, hall):
        planner(client, hall)
        application = admitted(hall)
        first = client.get(url(hall, "state"))
        assert [row["id"] for row in first.json()["unplaced"]] == [application.pk]
        assert client.get(url(hall, "state"), headers={"if-none-match": first["ETag"]}).status_code == 304
        colleague = UserFactory(name="Boris Planner")
        planning.plan_stand(application_id=application.pk, stand_id=stands(hall)[0].pk, by=colleague, now=NOW)
        again = client.get(url(hall, "state"), headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.json()["unplaced"], again.json()["planned"]) == (200, [], 1)
        assert again.json()["latest"] == f"Boris Planner: {application.company}, stand A-1, planned"
        assert again.json()["stands"][0]["placements"][0]["company"] == str(application.company)

    @pytest.mark.parametrize("count", [1, 3])
    def test_costs_the_same_for_any_number(self, client, hall, count, django_assert_num_queries):
        planner(client, hall)
        for stand in stands(hall)[:count]:
            planning.plan_stand(application_id=admitted(hall).pk, stand_id=stand.pk, by=None, now=NOW)
            admitted(hall)
        client.get(url(hall, "state"))
        with django_assert_num_queries(21):
            client.get(url(hall, "state"))

    def test_a_coordinator_sees_the_own_region_and_changes_nothing(self, client, hall):
        own, other = admitted(hall), admitted(hall)
        other.company.region = RegionFactory(code="RU-KHA")
        other.company.save()
        for application, stand in zip((own, other), stands(hall), strict=False):
            planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=NOW)
        planner(client, hall, StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI")
        answer = client.get(url(hall, "state"))
        rows = [row["placements"] for row in answer.json()["stands"][:2]]
        assert (rows[0][0]["application"], rows[1][0]["application"]) == (own.pk, None)
        for page in (answer, client.get(url(hall)), client.get(url(hall, "sheet"))):
            assert other.company.legal_name.encode() not in page.content
            assert str(other.company).encode() not in page.content
        assert ask(client, hall, action="undo").status_code == 403
        assert client.get(url(hall, "offers")).status_code == 403

    def test_the_stands_that_fit_come_first_with_their_reasons(self, client, hall):
        planner(client, hall)
        application, friend, rival = admitted(hall), admitted(hall), admitted(hall)
        first, _second, third, fourth = stands(hall)
        NeighbourWish.objects.create(application=application, kind=NeighbourKind.NEAR, name="x", company=friend.company)
        NeighbourWish.objects.create(application=application, kind=NeighbourKind.AWAY, name="y", company=rival.company)
        StandPreference.objects.create(wish=application.site_wishes.get(), stand=third, rank=1)
        planning.plan_stand(application_id=friend.pk, stand_id=fourth.pk, by=None, now=NOW)
        planning.plan_stand(application_id=rival.pk, stand_id=first.pk, by=None, now=NOW)
        fits = client.get(url(hall, "fits"), {"application": application.pk}).json()["fits"]
        assert [(one["number"], one["suitable"]) for one in fits] == [("A-3", True), ("A-2", False)]
        texts = {reason["text"]: reason["weight"] for reason in fits[0]["reasons"]}
        assert texts["the exhibitor's choice no. 1"] == "good"
        assert texts[f"near to {friend.company}, as wished"] == "good"
        assert [reason["weight"] for reason in fits[1]["reasons"] if str(rival.company) in reason["text"]] == ["bad"]

    def test_the_sheet_to_print_has_the_colours_that_were_asked_for(self, client, hall):
        planner(client, hall)
        planning.plan_stand(application_id=admitted(hall).pk, stand_id=stands(hall)[0].pk, by=None, now=NOW)
        response = client.get(url(hall, "sheet"), {"by": "state"})
        assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
        by_state, by_region = response.content.decode(), client.get(url(hall, "sheet"), {"by": "region"}).content.decode()
        assert ("planned: 1" in by_state, "Primorsky Krai: 1" in by_region) == (True, True)
        assert 'width="420mm"' in by_state
        assert "For the organisers alone" in by_state

    def test_the_zones_of_a_hall_have_colours_whoever_stands_there(self, client, hall):
        planner(client, hall)
        fish = ZoneFactory(hall=hall, name_en="Fish and seafood")
        hall.stands.filter(number__in=("A-1", "A-2")).update(zone=fish)
        planning.plan_stand(application_id=admitted(hall).pk, stand_id=stands(hall)[0].pk, by=None, now=NOW)
        state = client.get(url(hall, "state")).json()
        assert [one["keys"]["zone"] for one in state["stands"]] == [fish.slug, fish.slug, "", ""]
        assert [key["label"] for key in state["legend"]["zone"]] == ["Fish and seafood: 2", "in no zone: 2"]
        assert "Fish and seafood: 2" in client.get(url(hall, "sheet"), {"by": "zone"}).content.decode()

    def test_a_stand_that_is_rented_on_some_days_says_on_which(self, client, hall):
        planner(client, hall)
        stand = stands(hall)[0]
        first, last = hall.site.starts_on, hall.site.starts_on + timedelta(days=1)
        hall.stands.filter(pk=stand.pk).update(first_day=first, last_day=last)
        facts = client.get(url(hall, "state")).json()["stands"][0]["facts"]
        assert f"for rent {date_format(first, 'SHORT_DATE_FORMAT')} – {date_format(last, 'SHORT_DATE_FORMAT')} only" in facts

    def test_a_blocked_stand_looks_blocked_in_all_colours(self, client, hall):
        planner(client, hall)
        hall.stands.filter(number="A-4").update(blocked=True, blocked_reason="Stage")
        state = client.get(url(hall, "state")).json()
        assert set(state["stands"][3]["keys"].values()) == {"blocked"}
        for mode in ("region", "category", "zone"):
            assert [key["label"] for key in state["legend"][mode]][-1] == "blocked: 1"
            assert "3" in state["legend"][mode][0]["label"]  # and is not counted as one that nobody has

    def test_the_page_is_what_it_links_to(self, client, hall):
        planner(client, hall)
        application = admitted(hall)
        page = client.get(url(hall)).content.decode()
        assert str(application.company) in page
        assert url(hall, "offers") in page
        assert "A-1" in client.get(reverse("admin:fairs_hall_plans")).content.decode() or hall.name in page
        assert url(hall) in client.get(reverse("admin:fairs_hall_change", args=[hall.pk])).content.decode()
        assert url(hall) in client.get(reverse("admin:fairs_hall_plans")).content.decode()


class TestSendingOffers:
    def test_the_preview_shows_the_letters_and_writes_nothing(self, client, hall):
        planner(client, hall)
        application, waiting = admitted(hall), application_in(S.WAITLISTED, fair=hall.fair)
        for one, stand in zip((application, waiting), stands(hall), strict=False):
            planning.plan_stand(application_id=one.pk, stand_id=stand.pk, by=None, now=NOW)
        page = client.get(url(hall, "offers")).content.decode()
        assert "1 planned stand becomes an offer" in page
        assert "1 letter goes." in page
        assert application.company.members.get().user.email in page
        assert "on the waiting list" in page
        assert not Letter.objects.exists()
        assert not ApplicationStep.objects.exists()
        assert Placement.objects.plans().count() == 2

    def test_more_than_fit_on_the_page_are_said_to_wait(self, client, hall, monkeypatch):
        planner(client, hall)
        for stand in stands(hall)[:3]:
            planning.plan_stand(application_id=admitted(hall).pk, stand_id=stand.pk, by=None, now=NOW)
        monkeypatch.setattr(plan_offers_page, "_MOST", 2)
        page = client.get(url(hall, "offers")).content.decode()
        assert "2 planned stands become offers" in page
        assert "1 more plan does not fit on this page" in page
        assert "in other halls of this site" not in page

    def test_only_what_was_chosen_is_sent(self, client, hall):
        planner(client, hall)
        plans = [planning.plan_stand(application_id=admitted(hall).pk, stand_id=stand.pk, by=None, now=NOW) for stand in stands(hall)[:2]]
        answer = client.post(url(hall, "offers"), {"plans": [plans[0].pk], "when": "now"})
        assert (answer.status_code, answer["Location"]) == (302, url(hall))
        assert dict(Placement.objects.values_list("pk", "status")) == {plans[0].pk: "offered", plans[1].pk: "planned"}
        assert Letter.objects.filter(occasion="exhibitors.stand_offered").count() == 1

    def test_held_offers_wait_without_a_letter(self, client, hall):
        planner(client, hall)
        plan = planning.plan_stand(application_id=admitted(hall).pk, stand_id=stands(hall)[0].pk, by=None, now=NOW)
        client.post(url(hall, "offers"), {"plans": [plan.pk], "when": "hold"})
        plan.refresh_from_db()
        assert (plan.status, plan.is_plan, Letter.objects.exists()) == ("planned", False, False)

    def test_what_was_moved_since_it_was_shown_is_not_sent(self, client, hall):
        planner(client, hall)
        one, two, *_rest = stands(hall)
        plan = planning.plan_stand(application_id=admitted(hall).pk, stand_id=one.pk, by=None, now=NOW)
        planning.move(placement_id=plan.pk, stand_id=two.pk, by=None, now=NOW)
        answer = client.post(url(hall, "offers"), {"plans": [plan.pk, "x", 10**30], "when": "now"}, follow=True)
        assert "was moved, taken off or offered meanwhile" in answer.content.decode()
        assert Placement.objects.plans().count() == 1
        assert not Letter.objects.exists()


def test_the_preview_of_the_domain_leaves_no_trace(hall):
    plan = planning.plan_stand(application_id=admitted(hall).pk, stand_id=stands(hall)[0].pk, by=None, now=NOW)
    preview = plan_offers.preview(placement_ids=[plan.pk], by=None, now=NOW)
    assert [letter.occasion for letter in preview.letters] == ["exhibitors.stand_offered"]
    plan.refresh_from_db()
    assert (plan.is_plan, Letter.objects.exists(), site_of(hall.fair) == hall.site) == (True, False, True)
