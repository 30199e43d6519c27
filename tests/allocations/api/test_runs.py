"""Allocation runs over the API: begun once, watched, cancelled, their lines changed, taken over and published."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import clock as business_clock
from allocations.domain import locks, publishing
from allocations.models import AllocationRun
from exhibitors.domain import endings
from exhibitors.models import Placement
from fairs.enums import StaffRole
from tests.allocations.world import applicant, hall_of, proposal_of, run_of, stand, work
from tests.factories.exhibitors import CoExhibitorFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(api):
    hall = hall_of(stands=4)
    api.force_authenticate(StaffMembershipFactory(fair=hall.fair, role=StaffRole.FLOOR_PLANNER, user__email="floor@example.com").user)
    return hall


def url(hall, run=None, *steps):
    address = f"/api/v1/fairs/{hall.fair.slug}/allocation-runs/"
    return address + (f"{run.pk}/" if run else "") + "".join(f"{step}/" for step in steps)


def queries_of(act: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


class TestBeginning:
    def test_a_run_is_begun_read_and_done(self, api, hall):
        one = applicant(hall)
        with_it = CoExhibitorFactory(application=one, status="confirmed")
        made = api.post(url(hall), {"halls": [hall.slug], "weights": {"area": 50}, "seed": 3, "time_limit_seconds": 5})
        run = AllocationRun.objects.get()
        assert (made.status_code, made["Location"]) == (201, f"http://testserver{url(hall, run)}")
        told = made.json()
        assert (told["status"], told["halls"], told["statuses"], told["created_by"]) == (
            "queued",
            [hall.slug],
            ["admitted"],
            "floor@example.com",
        )
        assert (told["weights"]["area"], told["weights"]["preference"], told["seed"]) == (50, 30, 3)
        assert told["proposal"] is None

        work(run)
        read = api.get(url(hall, run))
        assert read["ETag"] != made["ETag"]
        assert api.get(url(hall, run), headers={"If-None-Match": read["ETag"]}).status_code == 304
        told = read.json()
        assert (told["status"], told["progress_percent"], len(told["input_hash"])) == ("done", 100, 64)
        assert (told["proposal"]["placed"], told["proposal"]["unplaced"]) == (1, 0)
        (line,) = api.get(url(hall, run, "lines")).json()["results"]
        assert (line["application"], line["difference"], line["status"]) == (one.pk, "new", "open")
        assert line["co_exhibitors"] == [with_it.company.legal_name]
        assert {term["name"] for term in line["terms"]} >= {"area"}

    def test_without_a_body_all_halls_take_part(self, api, hall):
        beside = hall_of(hall.fair)
        assert sorted(api.post(url(hall), {}).json()["halls"]) == sorted([hall.slug, beside.slug])
        assert api.post(url(hall), {"sites": [beside.site.slug]}).json()["halls"] == [beside.slug]

    def test_the_same_key_begins_one_run(self, api, hall):
        answers = [api.post(url(hall), {"seed": 4}, headers={"Idempotency-Key": "k"}) for _twice in range(2)]
        assert answers[0].json() == answers[1].json()
        assert AllocationRun.objects.count() == 1
        assert api.post(url(hall), {"seed": 5}, headers={"Idempotency-Key": "k"}).status_code == 422

    def test_what_is_wrong_is_named_with_pointers(self, api, hall):
        answer = api.post(url(hall), {"halls": [hall.slug, "nowhere"], "sites": [hall_of().site.slug]})
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/sites/0", "/halls/1"]
        answer = api.post(url(hall), {"weights": {"area": 1001, "love": 1}, "seed": -1, "statuses": ["draft"], "state": "done"})
        pointers = {error["pointer"] for error in answer.json()["errors"]}
        assert pointers == {"/weights/area", "/weights/love", "/seed", "/statuses/0", "/state"}

    def test_locks_that_exclude_each_other_are_named(self, api, hall):
        from tests.factories.exhibitors import PlacementFactory

        one = applicant(hall)
        locks.fix(stand=stand(hall, 1), application=one, by=None, now=business_clock.now())
        PlacementFactory(application__fair=hall.fair, stand=stand(hall, 1))
        answer = api.post(url(hall), {})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/locks-contradict")
        assert "A-1" in answer.json()["contradictions"][0]

    def test_a_run_is_cancelled_once(self, api, hall):
        api.post(url(hall), {})
        run = AllocationRun.objects.get()
        assert api.post(url(hall, run, "cancel")).json()["status"] == "cancelled"
        assert api.post(url(hall, run, "cancel")).status_code == 409
        assert api.get(url(hall, run, "lines")).json()["type"] == "/problems/no-proposal"


class TestLines:
    def test_a_line_is_changed_with_its_tag(self, api, hall):
        applicant(hall)
        run = run_of(hall)
        line = run.proposal.lines.get()
        address = url(hall, run, "lines", line.pk)
        other = hall.stands.exclude(pk=line.stand_id).first()
        assert api.patch(address, {"stand": other.pk}).status_code == 428
        tag = api.get(address)["ETag"]
        changed = api.patch(address, {"stand": other.pk, "locked": True}, headers={"If-Match": tag})
        assert (changed.status_code, changed.json()["stand"], changed.json()["locked"], changed.json()["by_hand"]) == (
            200,
            other.pk,
            True,
            True,
        )
        assert api.patch(address, {"stand": None}, headers={"If-Match": tag}).status_code == 412
        dropped = api.patch(address, {"stand": None}, headers={"If-Match": changed["ETag"]})
        assert (dropped.json()["stand"], dropped.json()["locked"]) == (None, False)

    def test_a_stand_that_is_not_to_be_had_is_refused(self, api, hall):
        applicant(hall)
        applicant(hall, minutes=1)
        run = run_of(hall)
        first, second = run.proposal.lines.order_by("pk")
        address = url(hall, run, "lines", first.pk)
        taken = api.patch(address, {"stand": second.stand_id}, headers={"If-Match": "*"})
        assert (taken.status_code, taken.json()["line"]) == (409, second.pk)
        for elsewhere in (stand(hall_of(), 1).pk, 10**9):
            refused = api.patch(address, {"stand": elsewhere}, headers={"If-Match": "*"})
            assert refused.json()["errors"][0]["pointer"] == "/stand"

    def test_lists_take_a_fixed_number_of_queries(self, api, hall):
        def counts(number):
            hall_ = hall_of(hall.fair, stands=number + 2)
            for minutes in range(number):
                applicant(hall_, minutes=minutes)
            run = run_of(hall_)
            return queries_of(lambda: api.get(url(hall, run, "lines")))

        assert counts(1) == counts(3)
        few = queries_of(lambda: api.get(url(hall)))
        run_of(hall)
        assert queries_of(lambda: api.get(url(hall))) == few

    def test_who_has_withdrawn_since_is_counted_apart(self, api, hall):
        gone, idle = applicant(hall), applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
        applicant(hall, minutes=1)
        applicant(hall, minutes=2, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
        run = run_of(hall)
        for application in (gone, idle):
            endings.withdraw(application_id=application.pk, by=None, now=business_clock.now())
        told = api.get(url(hall, run)).json()["proposal"]
        assert (told["placed"], told["unplaced"], told["gone"]) == (1, 1, 2)

        def found(**query):
            return api.get(url(hall, run, "lines"), query).json()["results"]

        assert {(row["application"], row["difference"]) for row in found(gone="true")} == {(gone.pk, "gone"), (idle.pk, "gone")}
        for query, number in (({"placed": "true"}, 1), ({"placed": "false"}, 1), ({"gone": "false"}, 2)):
            rows = found(**query)
            assert len(rows) == number
            assert all(row["difference"] != "gone" for row in rows)

    def test_they_are_narrowed(self, api, hall):
        applicant(hall)
        applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
        run = run_of(hall)
        (unplaced,) = api.get(url(hall, run, "lines"), {"placed": "false"}).json()["results"]
        assert unplaced["reasons"] == [{"rule": "area", "stands": 4, "of": 4}]
        assert api.get(url(hall, run, "lines"), {"placed": "true"}).json()["count"] == 1
        assert api.get(url(hall, run, "lines"), {"gone": "true"}).json()["count"] == 0
        assert api.get(url(hall, run, "lines"), {"site": hall_of().site.slug}).json()["count"] == 0


class TestTakingOver:
    def test_some_then_all(self, api, hall):
        applicant(hall)
        applicant(hall, minutes=1)
        run = run_of(hall)
        first, second = run.proposal.lines.order_by("pk").values_list("pk", flat=True)
        assert api.post(url(hall, run, "take-over"), {"lines": [first]}).json()["new"] == [first]
        told = api.post(url(hall, run, "take-over")).json()
        assert (told["same"], told["new"]) == ([first], [second])
        foreign = proposal_of(hall).lines.first()
        refused = api.post(url(hall, run, "take-over"), {"lines": [first, foreign.pk]})
        assert refused.json()["errors"][0]["pointer"] == "/lines/1"

    def test_published_at_a_moment_called_off_and_at_once(self, api, hall):
        applicant(hall)
        run = run_of(hall)
        at = (business_clock.now() + timedelta(days=1)).isoformat()
        assert api.post(url(hall, run, "publish"), {"at": at}).json()["proposal"]["publish_at"]
        assert api.post(url(hall, run, "call-off")).json()["proposal"]["publish_at"] is None
        assert api.post(url(hall, run, "call-off")).status_code == 409
        assert api.post(url(hall, run, "publish"), {"at": "2020-01-01T00:00:00+08:00"}).json()["errors"][0]["pointer"] == "/at"
        api.post(url(hall, run, "publish"))
        publishing.publish_due(now=business_clock.now())
        assert Placement.objects.get().status == "offered"
        assert api.post(url(hall, run, "publish")).json()["type"] == "/problems/proposal-published"
