"""Runs at the desk: begun, watched, cancelled; the proposal read, compared, changed, taken over and published."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import clock as business_clock
from allocations import tasks
from allocations.domain import locks, publishing, runs
from allocations.domain.reasons import alternative_text, problem_text
from allocations.enums import RunState
from allocations.models import AllocationRun, Proposal
from exhibitors.domain import endings
from exhibitors.models import Placement
from fairs.enums import StaffRole
from tests.allocations.world import applicant, hall_of, placed, proposal_of, run_of, stand, work
from tests.browser import depth_of_forms
from tests.factories.exhibitors import CoExhibitorFactory
from tests.factories.fairs import StaffMembershipFactory, StandFactory, square
from tests.undrawn import undrawn

pytestmark = pytest.mark.django_db
RUNS = "/admin/allocations/allocationrun/"
START = f"{RUNS}start/"


@pytest.fixture
def hall(client):
    hall = hall_of(stands=4)
    client.force_login(StaffMembershipFactory(fair=hall.fair, role=StaffRole.FLOOR_PLANNER, user__language="en").user)
    return hall


def page_of(run, *steps, **query):
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{RUNS}{run.pk}/" + ("".join(f"{step}/" for step in steps) or "change/") + (f"?{words}" if words else "")


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer


def context_of(client, address):
    with undrawn():
        return shown(client, address).context


def said(client, answer):
    return " ".join(str(one) for one in context_of(client, answer["Location"])["messages"])


class TestBeginning:
    def test_a_click_is_enough(self, client, hall, monkeypatch):
        hinted = []
        monkeypatch.setattr(tasks, "_hint", lambda task, **arguments: hinted.append(arguments))
        one = applicant(hall)
        form = context_of(client, START)["form"]
        initial = {name: field.initial for name, field in form.fields.items()}
        typed = {**initial, "halls": [row.pk for row in initial["halls"]], "weights": "", "keeps_plan": ""}
        answer = client.post(START, typed)
        run = AllocationRun.objects.get()
        assert answer["Location"] == page_of(run)
        assert (run.statuses, run.seed, list(run.halls.all())) == (["admitted"], 1, [hall])
        assert context_of(client, page_of(run))["run"].is_open
        assert work(run)
        assert placed(run.proposal).keys() == {one.pk}

    def test_the_hint_goes_on_commit(self, client, hall, monkeypatch, django_capture_on_commit_callbacks):
        hinted = []
        monkeypatch.setattr(tasks.run_allocation, "delay", lambda **arguments: hinted.append(arguments))
        with django_capture_on_commit_callbacks(execute=True):
            client.post(START, {"halls": [hall.pk], "seed": 1, "time_limit_seconds": 5})
        assert hinted == [{"run_id": AllocationRun.objects.get().pk}]

    def test_what_is_refused_is_said_on_the_page(self, client, hall):
        assert "halls" in client.post(START, {"seed": 1, "time_limit_seconds": 5}).context["form"].errors
        assert client.post(START, {"halls": [hall_of().pk], "seed": 1, "time_limit_seconds": 5}).context["form"].errors
        for _number in range(3):
            client.post(START, {"halls": [hall.pk], "seed": 1, "time_limit_seconds": 5})
        assert "cancel it" in client.post(START, {"halls": [hall.pk], "seed": 1, "time_limit_seconds": 5}).content.decode()

    def test_presets_replace_the_fairs_weights(self, client, hall):
        client.post(START, {"halls": [hall.pk], "seed": 1, "time_limit_seconds": 5, "weights": "hall_first"})
        assert AllocationRun.objects.get().weights["zone"] == 40


class TestWatching:
    def test_the_page_asks_how_far_it_is(self, client, hall):
        run = AllocationRun.objects.create(fair=hall.fair, created_at=business_clock.now(), progress_percent=40, state="running")
        told = shown(client, page_of(run, "progress")).json()
        assert (told["is_open"], told["percent"]) == (True, 40)
        assert b"<progress" in shown(client, page_of(run)).content
        assert b"<progress" in shown(client, RUNS).content

    def test_a_run_that_a_worker_has_is_being_stopped_until_it_hears_of_it(self, client, hall):
        run = AllocationRun.objects.create(fair=hall.fair, created_at=business_clock.now(), state="running")
        assert shown(client, page_of(run, "progress")).json()["state"] == "Running"
        assert "Cancel the run" in shown(client, page_of(run)).content.decode()
        client.post(page_of(run, "cancel"))
        assert shown(client, page_of(run, "progress")).json()["state"] == "Is being stopped"
        assert "Cancel the run" not in shown(client, page_of(run)).content.decode()

    def test_says_what_it_was_asked_with_the_weights_and_the_fingerprint_of_the_input(self, client, hall):
        applicant(hall)
        run = run_of(hall)
        text = shown(client, page_of(run)).content.decode()
        assert "stands that were named 30" in text
        assert run.input_hash in text
        assert len(run.input_hash) == 64

    def test_a_run_is_cancelled(self, client, hall):
        run = AllocationRun.objects.create(fair=hall.fair, created_at=business_clock.now())
        assert client.get(page_of(run, "cancel"))["Location"] == page_of(run)
        run.refresh_from_db()
        assert run.state == RunState.QUEUED
        client.post(page_of(run, "cancel"))
        run.refresh_from_db()
        assert run.state == RunState.CANCELLED
        assert "over" in said(client, client.post(page_of(run, "cancel")))

    def test_why_there_is_no_proposal_is_said_in_words(self, client, hall):
        large = applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
        locks.fix(stand=stand(hall, 1), application=large, by=None, now=business_clock.now())
        text = shown(client, page_of(run_of(hall))).content.decode()
        assert f"{large.company}, stand A-1: these exclude each other: fixed for it + too small or too large." in text


class TestReading:
    def test_the_proposal_says_why_line_by_line(self, client, hall):
        one = applicant(hall)
        large = applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
        page = shown(client, page_of(run_of(hall), group="all"))
        rows = {row["line"].application_id: row for row in page.context["rows"]}
        assert any(text.startswith("area 9 m², wished 9 m²: +") for text in rows[one.pk]["terms"])
        assert rows[large.pk]["reasons"] == ["4 of 4 stands: too small or too large"]
        assert len(rows[one.pk]["alternatives"]) == 3
        counts = {tab["name"]: tab["count"] for tab in page.context["tabs"]}
        assert (counts["all"], counts["new"], counts["unplaced"]) == (2, 1, 1)
        assert len(context_of(client, page_of(page.context["run"], group="unplaced"))["rows"]) == 1

    def test_one_stand_for_two_and_a_loss_are_written_as_people_write_them(self):
        names, numbers = {1: "Oka", 2: "Ket"}, {3: "A-1", 4: "A-2"}
        crowd = {"code": "contradiction", "rules": ["taken"], "applications": [1, 2], "stands": [3]}
        assert problem_text(crowd, names, numbers) == "2 applications fit the same stand and no other: Oka, Ket; stand A-1."
        alone = {"code": "contradiction", "rules": ["power"], "applications": [1], "stands": []}
        assert problem_text(alone, names, numbers) == "Oka: every stand is without enough power."
        crowd["stands"] = [3, 4]
        assert "the same 2 stands and no others: Oka, Ket; stands A-1, A-2." in problem_text(crowd, names, numbers)
        assert alternative_text({"stand": 3, "points": -14.64}, numbers, {}) == "A-1 (−14.6)"
        moving = {"stand": 3, "points": -463.6, "move": -500}
        assert alternative_text(moving, numbers, {}) == "A-1 (−463.6, of which −500 because it would move)"

    def test_names_the_co_exhibitors_that_have_confirmed_in_the_list_on_the_plan_and_on_the_line(self, client, hall):
        one = applicant(hall)
        honey, tea, _declared, _refused = (
            CoExhibitorFactory(application=one, status=status) for status in ("admitted", "confirmed", "declared", "refused")
        )
        run = run_of(hall)
        names = f"co-exhibitors: {honey.company}, {tea.company}"
        page = shown(client, page_of(run))
        assert [row["sharing"] for row in page.context["rows"]] == [names]
        assert f"{names}</title>" in page.context["plans"][0]["svg"]
        (line,) = run.proposal.lines.all()
        assert f"· {names}</p>" in shown(client, page_of(run, "line", line=line.pk)).content.decode()

    def test_a_wish_that_is_not_fulfilled_is_said_with_what_there_is(self, client, hall):
        one = applicant(hall, area_min_m2=9, area_wished_m2=12, area_max_m2=15, open_sides=4)
        run = run_of(hall)
        terms = {
            "area": {"name": "area", "points": 0.0, "value": 0.0},
            "zone": {"name": "zone", "points": 0.0, "value": 0.0},
            "preference": {"name": "preference", "points": 14.0, "value": 0.7},
            "priority": {"name": "priority", "points": 0.0, "value": 0.0},
        }
        run.proposal.lines.update(terms=list(terms.values()))
        (row,) = context_of(client, page_of(run, group="all"))["rows"]
        assert (row["line"].application, row["terms"]) == (
            one,
            ["area 9 m², wished 12 m²: 0", "in a zone of other product groups: 0", "the stand that was named second: +14"],
        )

    def test_it_takes_a_fixed_number_of_queries(self, client, hall):
        def queries_for(count):
            hall_ = hall_of(hall.fair, stands=count + 2)
            for minutes in range(count):
                applicant(hall_, minutes=minutes)
            run = run_of(hall_)
            client.get(page_of(run))
            with CaptureQueriesContext(connection) as queries:
                client.get(page_of(run))
            return len(queries)

        queries_for(1)
        assert queries_for(1) == queries_for(3)

    def test_the_list_takes_a_fixed_number_of_queries(self, client, hall):
        applicant(hall)

        def queries():
            with CaptureQueriesContext(connection) as found:
                shown(client, RUNS)
            return len(found)

        run_of(hall)
        shown(client, RUNS)
        one = queries()
        run_of(hall)
        run_of(hall)
        assert queries() == one

    def test_two_proposals_side_by_side(self, client, hall):
        applicant(hall)
        one, two = run_of(hall), run_of(hall, seed=2)
        page = shown(client, f"{RUNS}compare/?a={one.pk}&b={two.pk}")
        assert page.context["same"] == 1
        assert client.get(f"{RUNS}compare/?a={one.pk}&b=x").status_code == 302
        assert client.get(f"{RUNS}compare/?a={one.pk}&b={run_of(hall_of()).pk}").status_code == 404

    def test_scores_of_other_weights_do_not_compare(self, client, hall):
        applicant(hall)
        one, two, third = run_of(hall), run_of(hall, seed=2), run_of(hall, weights={"area": 99})
        note = "weigh the wishes differently"
        assert note not in shown(client, f"{RUNS}compare/?a={one.pk}&b={two.pk}").content.decode()
        assert note in shown(client, f"{RUNS}compare/?a={one.pk}&b={third.pk}").content.decode()


class TestChanging:
    def test_with_a_rule_broken_no_bound_and_no_gain_are_claimed(self, client, hall):
        applicant(hall, area_min_m2=9, area_wished_m2=9, area_max_m2=10)
        large = StandFactory(hall=hall, number="L-1", outline=square(30, 0, 6), area_m2=36)
        run = run_of(hall)
        line = run.proposal.lines.get()
        assert "so this one gains" in shown(client, page_of(run)).content.decode()
        client.post(page_of(run, "line", line=line.pk), {"stand": large.pk})
        page = shown(client, page_of(run)).content.decode()
        assert "with rules broken" in page
        assert "so this one gains" not in page
        assert "can reach more than" not in page

    def test_a_line_gets_another_stand_and_is_fixed(self, client, hall):
        applicant(hall)
        run = run_of(hall)
        line = run.proposal.lines.get()
        other = hall.stands.exclude(pk=line.stand_id).first()
        address = page_of(run, "line", line=line.pk)
        assert other in context_of(client, address)["form"].fields["stand"].queryset
        client.post(address, {"stand": other.pk, "locked": "on"})
        line.refresh_from_db()
        assert (line.stand, line.locked, line.by_hand) == (other, True, True)
        assert "by hand" in shown(client, page_of(run)).content.decode()

    def test_a_stand_that_another_line_has_is_not_offered(self, client, hall):
        applicant(hall)
        applicant(hall, minutes=1)
        run = run_of(hall)
        first, second = run.proposal.lines.order_by("pk")
        address = page_of(run, "line", line=first.pk)
        assert second.stand not in context_of(client, address)["form"].fields["stand"].queryset
        assert client.post(address, {"stand": second.stand_id}).context["form"].errors

    def test_lines_of_other_runs_and_nonsense_lead_nowhere(self, client, hall):
        applicant(hall)
        run, other = run_of(hall), hall_of()
        applicant(other)
        foreign = proposal_of(other).lines.get()
        assert client.get(page_of(run, "line", line=foreign.pk)).status_code == 404
        assert client.get(page_of(run, "line", line="x")).status_code == 302


class TestTakingOver:
    def test_all_or_the_ticked_ones(self, client, hall):
        one, two = applicant(hall), applicant(hall, minutes=1)
        run = run_of(hall)
        line = run.proposal.lines.get(application=one)
        assert "Tick" in said(client, client.post(page_of(run, "take-over"), {"ticked": "1"}))
        client.post(page_of(run, "take-over"), {"ticked": "1", "line": [line.pk]})
        assert [plan.application_id for plan in Placement.objects.plans()] == [one.pk]
        assert "1 planned" in said(client, client.post(page_of(run, "take-over")))
        assert {plan.application_id for plan in Placement.objects.plans()} == {one.pk, two.pk}

    def test_the_offers_go_at_the_moment_of_the_fairs_clock(self, client, hall):
        applicant(hall)
        run = run_of(hall)
        day = (business_clock.now() + timedelta(days=3)).astimezone(hall.fair.zone).date().isoformat()
        client.post(page_of(run, "publish"), {"at_0": day, "at_1": "18:00"})
        proposal = Proposal.objects.get()
        assert proposal.publish_at.astimezone(hall.fair.zone).isoformat() == f"{day}T18:00:00+08:00"
        assert "Offers go" in shown(client, page_of(run)).content.decode()
        client.post(page_of(run, "call-off"))
        proposal.refresh_from_db()
        assert proposal.publish_at is None

    def test_at_once_without_a_moment(self, client, hall):
        applicant(hall)
        run = run_of(hall)
        page = shown(client, page_of(run, "publish"))
        assert page.context["exhibitors"] == 1
        assert "<strong>1 stand is offered. 1 exhibitor gets a letter.</strong>" in page.content.decode()
        client.post(page_of(run, "publish"), {"at_0": "", "at_1": ""})
        publishing.publish_due(now=business_clock.now())
        assert Placement.objects.get().status == "offered"
        assert client.post(page_of(run, "publish"), {"at_0": "", "at_1": ""}).context["form"].errors

    def test_a_run_again_begins_from_the_proposal(self, client, hall):
        applicant(hall)
        run = run_of(hall)
        client.post(page_of(run, "again"))
        new = AllocationRun.objects.order_by("-pk").first()
        assert (new.base, new.keeps_plan, list(new.halls.all())) == (run.proposal, True, [hall])


@pytest.mark.parametrize("role", [role for role in StaffRole if role not in (StaffRole.OWNER, StaffRole.FLOOR_PLANNER)])
def test_nobody_else_sees_it(role, client):
    hall = hall_of()
    region = "RU-PRI" if role == StaffRole.REGIONAL_COORDINATOR else ""
    client.force_login(StaffMembershipFactory(fair=hall.fair, role=role, region_code=region).user)
    assert client.get(RUNS).status_code == 403
    assert "allocations/allocationrun" not in client.get(reverse("admin:index")).content.decode()


def test_no_form_stands_within_another(client, hall):
    applicant(hall)
    run = run_of(hall)
    waiting = AllocationRun.objects.create(fair=hall.fair, created_at=business_clock.now())
    for address in (page_of(run), page_of(waiting), page_of(run, "publish"), START):
        assert depth_of_forms(shown(client, address)) == 1, address


def test_each_hall_is_drawn_and_the_one_that_changes_is_open(client, hall):
    beside = hall_of(hall.fair)
    one = applicant(beside)
    run = runs.create(fair=hall.fair, by=None, now=business_clock.now())
    work(run)
    plans = {plan["hall"]: plan for plan in context_of(client, page_of(run))["plans"]}
    assert {hall_: plan["is_open"] for hall_, plan in plans.items()} == {hall: False, beside: True}
    assert str(one.company).split()[0] in plans[beside]["svg"]
    assert "<script" not in plans[beside]["svg"]


def test_who_withdrew_meanwhile_is_neither_new_nor_drawn(client, hall):
    gone, other = applicant(hall), applicant(hall, minutes=1)
    run = run_of(hall)
    endings.withdraw(application_id=gone.pk, by=None, now=business_clock.now())
    page = context_of(client, page_of(run))
    assert ({tab["name"]: tab["count"] for tab in page["tabs"]}["new"], [row["company"] for row in page["rows"]]) == (1, [other.company])
    drawn = page["plans"][0]["svg"]
    assert [f", {one.company}, " in drawn for one in (other, gone)] == [True, False]
    assert (page["placed"], page["all_lines"], page["gone"]) == (1, 1, 1)
    assert context_of(client, page_of(run, group="unplaced"))["rows"] == []
    answer = shown(client, page_of(run, group="gone"))
    [row] = answer.context["rows"]
    assert (row["company"], str(row["difference"])) == (gone.company, "takes no part any more")
    assert "1 company that was in it takes no part any more." in answer.content.decode()
    assert "1 / 1" in shown(client, RUNS).content.decode()
