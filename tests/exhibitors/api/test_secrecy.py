"""A decision that is held: the exhibitor gets, byte for byte, what it would get without it."""

import json
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from exhibitors.domain import applications, holding, placements, planning
from exhibitors.domain.reasons import ReasonMissing
from exhibitors.domain.take_step import take_step
from exhibitors.enums import DECISIONS, EXHIBITOR_STEPS, HOLDABLE_STEPS, STEPS, ApplicationStatus, PlacementStatus, Step
from exhibitors.models import Application, Placement
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.cases import case
from tests.exhibitors.raw_sql import ask_what_is_asked_at_commit
from tests.exhibitors.world import NOW, application_in, arguments, site_of, snapshot, stand_at
from tests.factories.exhibitors import CompanyContactFactory, CompanyMemberFactory, SiteWishFactory
from tests.factories.fairs import SiteFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus
CASES = [(step, status) for step in HOLDABLE_STEPS for status in STEPS[step]]
# A decision, a stand that is offered, and one instead of another: what the lists, the neighbours and the refusals tell of such a thing
# hangs neither on which decision it is nor on the state.
ASKED_IN_FULL = {(Step.REJECT, S.IN_REVIEW), (Step.OFFER_STAND, S.ADMITTED), (Step.RELOCATE, S.ACCEPTED)}
OF_AN_OFFER = (Step.ACCEPT_OFFER, Step.DECLINE_OFFER)
OF_WHAT_IS_HELD = (Step.TAKE_BACK, Step.ADMIT, Step.WITHDRAW_OFFER)


def held_in(status: str) -> list[Step]:
    """The decisions that can be held in a state."""
    return [step for step, of_status in CASES if of_status == status]


def client_of(user: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def base(application: Application) -> str:
    return f"/api/v1/fairs/{application.fair.slug}/applications/"


def an_application(status: str) -> tuple[APIClient, Application]:
    application = application_in(status)
    SiteWishFactory(application=application, site=SiteFactory(fair=application.fair))
    member = CompanyMemberFactory(company=application.company, user__email="owner@example.com")
    CompanyContactFactory(company=application.company, email="contact@example.com")
    return client_of(member.user), application


def exchange(client: APIClient, method: str, url: str, body: Any = None, **headers: str) -> tuple[Any, ...]:
    """What one request gets, undone afterwards: status, the headers that tell something, and the bytes."""
    with transaction.atomic():
        data = None if body is None else json.dumps(body)
        answer = client.generic(method, url, data or b"", content_type="application/json", headers=headers)
        told = tuple(answer.headers.get(name) for name in ("ETag", "Location", "Retry-After"))
        transaction.set_rollback(True)
    return (method, url, answer.status_code, told, answer.content)


def the_application_itself(client: APIClient, application: Application) -> list[tuple[Any, ...]]:
    """What shows the application, and every step the exhibitor could take."""
    one = f"{base(application)}{application.pk}/"
    found = [exchange(client, "GET", f"{url}?lang=all") for url in (base(application), one)]
    offer = application.placements.filter(status=PlacementStatus.OFFERED).first()
    why, which = {"reason": "So it is."}, {"placement": offer.pk if offer else 10**9}
    # With what the step takes: what it does not is refused before anybody looks at the application.
    tried = [(step, {} if step == Step.SUBMIT else why) for step in EXHIBITOR_STEPS if step not in OF_AN_OFFER]
    tried += [(step, which) for step in OF_AN_OFFER]
    found += [exchange(client, "POST", f"{one}{step.value}/", body) for step, body in tried]
    return found


def everything(client: APIClient, application: Application) -> list[tuple[Any, ...]]:
    """All that the exhibitor can ask, and every step it could try."""
    one = f"{base(application)}{application.pk}/"
    found = the_application_itself(client, application)
    told = application.told_status
    queries = [f"status={told}", "&".join(f"status={status}" for status in S if status != told)]
    queries += ["held=true", "held=false", "moving=true", "moving=false", "late=false", "region=RU-PRI"]
    queries += ["search=Company", f"company={application.company_id}", "page_size=1"]
    found += [exchange(client, "GET", f"{base(application)}?{query}") for query in queries]
    found += [exchange(client, "GET", url) for url in ("/api/v1/me/", "/api/v1/companies/", f"/api/v1/companies/{application.company_id}/")]
    found += [exchange(client, "GET", f"/api/v1/fairs/{application.fair.slug}/{name}/") for name in ("stands", "exhibitors")]
    found += [exchange(client, "GET", f"{one}{name}/") for name in ("staff", "passes")]
    tag = client.get(one)["ETag"]
    found.append(exchange(client, "PATCH", one, {"categories": []}, **{"If-Match": tag}))
    found.append(exchange(client, "GET", one, **{"If-None-Match": tag}))
    found.append(exchange(client, "POST", base(application), {"company": application.company_id}))
    offer = application.placements.filter(status=PlacementStatus.OFFERED).first()
    bodies: list[Any] = [{}, {"placement": 10**9}]
    found += [exchange(client, "POST", f"{one}{step.value}/", body) for step in EXHIBITOR_STEPS for body in bodies]
    found.append(exchange(client, "POST", f"{one}{Step.DECLINE_OFFER.value}/", {"reason": "So it is."}))
    # What only staff may do is refused before anybody looks at the application, whichever step it is.
    found += [exchange(client, "POST", f"{one}{step.value}/", {}) for step in OF_WHAT_IS_HELD]
    # of a planned placement the exhibitor may guess the id
    found += [exchange(client, "POST", f"{one}{step.value}/", {"placement": offer.pk + 1 if offer else 1}) for step in OF_AN_OFFER]
    return found


@pytest.mark.parametrize("status", sorted({status for _step, status in CASES}))
def test_everything_the_exhibitor_can_get_stays_as_it_was(status):
    """Of one application, by every decision that can be held in its state; each is undone before the next."""
    client, application = an_application(status)
    person = StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER).user
    steps = held_in(status)
    values = {step: arguments(step, application) for step in steps}  # the free stands are there before and after
    asked = everything if any((step, status) in ASKED_IN_FULL for step in steps) else the_application_itself
    before, letters = asked(client, application), Letter.objects.count()

    for step in steps:
        with case(step):
            take_step(step, application_id=application.pk, by=person, now=NOW, for_exhibitor=False, hold=True, **values[step])
            assert holding.pending(application).count() == 1
            compared = everything if (step, status) in ASKED_IN_FULL else the_application_itself
            found = compared(client, application)
            assert found == before[: len(found)]
            assert Letter.objects.count() == letters


@pytest.mark.parametrize("status", sorted({status for _step, status in CASES}))
class TestWhatIsHeld:
    """Each decision that can be held in the state, of one application; it is undone before the next."""

    def test_staff_see_that_it_is_held_and_the_exhibitor_withdraws_and_nothing_of_it_is_ever_told(self, status):
        client, application = an_application(status)
        person = StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER).user
        staff, one = client_of(person), f"{base(application)}{application.pk}/"
        for step in held_in(status):
            with case(step):
                values = arguments(step, application)
                take_step(step, application_id=application.pk, by=person, now=NOW, for_exhibitor=False, hold=True, **values)
                row = staff.get(one).json()
                self._is_seen_by_staff(row, step)
                application.refresh_from_db()
                assert (row["status"], application.told_status) == (application.status, status)

                answer = client.post(f"{one}withdraw/", {"reason": "We cannot travel."}, format="json")

                assert (answer.status_code, answer.json()["status"], answer.json()["message"]) == (200, "withdrawn", "")
                application.refresh_from_db()
                assert (application.status, application.told_status, application.message) == ("withdrawn", "withdrawn", "")
                assert not holding.pending(application).exists()
                assert not Placement.objects.live().exists()
                assert not Letter.objects.filter(recipient_email__in=["owner@example.com", "contact@example.com"]).exists()

    def _is_seen_by_staff(self, row, step):
        assert [held["step"] for held in row["held"]["steps"]] == [step.value]
        assert (row["held"]["steps"][0]["placement"] is not None) == (step not in DECISIONS)
        assert (row["held"]["announcement"], row["held"]["at"]) == (None, None)
        assert "take-back" in row["allowed_actions"]

    def test_taken_back_all_is_as_it_was(self, status):
        _client, application = an_application(status)
        for step in held_in(status):
            with case(step):
                values = arguments(step, application)
                before = snapshot(application)
                take_step(step, application_id=application.pk, by=None, now=NOW, for_exhibitor=False, hold=True, **values)

                holding.take_back(application_id=application.pk, by=None, now=NOW)

                after = snapshot(application)
                assert after["application"] == before["application"]
                assert [row for row in after["placements"] if row["status"] in PlacementStatus.live] == before["placements"]
                held, taken_back = after["steps"][-2:]
                assert (held["held"], held["voided_at"], held["announced_at"]) == (True, NOW, None)
                assert (taken_back["step"], taken_back["to_status"]) == ("take-back", status)
                with pytest.raises((holding.NothingHeld, applications.steps.StepNotAllowed)):
                    holding.take_back(application_id=application.pk, by=None, now=NOW)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.CHANGES_REQUESTED, S.ADMITTED])
class TestWhatIsPlanned:
    """A stand on the plan is the planners' own: not even a refusal tells of it, whether the exhibitor may submit, change or wait."""

    def test_everything_the_exhibitor_can_get_stays_as_it_was(self, status):
        client, application = an_application(status)
        stand = stand_at(site_of(application.fair))
        asked = everything if status == S.ADMITTED else the_application_itself
        before = asked(client, application)
        planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=NOW)
        assert asked(client, application) == before
        assert not Letter.objects.exists()

    def test_a_site_with_a_plan_is_left_out_like_one_without(self, status):
        client, application = an_application(status)
        url = f"{base(application)}{application.pk}/"
        other = SiteFactory(fair=application.fair)
        body = {"sites": [{"site": other.slug, "requested_area_m2": {"min": 6, "wished": 9, "max": 12}}]}
        tag = client.get(url)["ETag"]
        stand = stand_at(site_of(application.fair))
        before = exchange(client, "PATCH", url, body, **{"If-Match": tag})
        planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=NOW)
        after = exchange(client, "PATCH", url, body, **{"If-Match": tag})
        assert (after[2], after[4]) == (before[2], before[4])


def test_the_public_revision_does_not_move_with_a_plan():
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair))
    ask_what_is_asked_at_commit()  # of what was built here
    before = APIClient().get(f"/api/v1/fairs/{application.fair.slug}/stands/")
    planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=NOW)
    ask_what_is_asked_at_commit()
    after = APIClient().get(f"/api/v1/fairs/{application.fair.slug}/stands/")
    assert (after["ETag"], after.content) == (before["ETag"], before.content)


def test_the_public_revision_does_not_move_with_a_planned_stand():
    application = application_in(S.ADMITTED)
    stand = stand_at(site_of(application.fair))
    url = f"/api/v1/fairs/{application.fair.slug}/stands/"
    before = APIClient().get(url)

    placements.offer_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=NOW, hold=True)

    after = APIClient().get(url)
    assert (after["ETag"], after.content) == (before["ETag"], before.content)


def test_who_is_staff_of_one_region_filters_the_own_companies_rows_by_what_they_were_told():
    """One list, two sides: as a coordinator of the region, and as a member of a company of another region."""
    of_region = application_in(S.SUBMITTED)
    coordinator = StaffMembershipFactory(fair=of_region.fair, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI").user
    own = application_in(S.SUBMITTED, fair=of_region.fair)
    own.company.region = None
    own.company.save()
    CompanyMemberFactory(company=own.company, user=coordinator)
    for application in (of_region, own):
        applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    client = client_of(coordinator)

    def found(query: str) -> set[int]:
        return {row["id"] for row in client.get(f"{base(own)}?{query}").json()["results"]}

    assert found("status=admitted") == {of_region.pk}
    assert found("status=submitted") == {own.pk}
    assert (found("held=true"), found("held=false")) == ({of_region.pk}, {own.pk})
    rows = {row["id"]: row for row in client.get(base(own)).json()["results"]}
    assert ("held" in rows[own.pk], rows[of_region.pk]["held"]["steps"][0]["step"]) == (False, "admit")


def test_a_step_after_a_held_one_is_held_as_well():
    _client, application = an_application(S.SUBMITTED)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    placements.offer_stand(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, by=None, now=NOW)

    assert [step.step for step in holding.pending(application)] == ["admit", "offer-stand"]
    assert not Letter.objects.exists()
    application.refresh_from_db()
    assert (application.status, application.told_status) == ("admitted", "submitted")


def test_the_next_decision_takes_the_place_of_the_held_one_and_frees_its_stand():
    _client, application = an_application(S.SUBMITTED)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    placements.offer_stand(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, by=None, now=NOW)

    applications.waitlist(application_id=application.pk, by=None, now=NOW)

    assert [step.step for step in holding.pending(application)] == ["waitlist"]
    assert not application.placements.live().exists()


def test_cancelling_is_told_at_once_and_voids_what_was_held():
    client, application = an_application(S.SUBMITTED)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)

    take_step(Step.CANCEL, application_id=application.pk, by=None, now=NOW, for_exhibitor=False, reason="The fair is full.")

    row = client.get(f"{base(application)}{application.pk}/").json()
    assert (row["status"], row["message"], row["decided_at"] is not None) == ("cancelled", "The fair is full.", True)
    assert not holding.pending(application).exists()
    assert set(Letter.objects.filter(recipient_email="owner@example.com").values_list("occasion", flat=True)) == {"exhibitors.cancelled"}


def test_a_held_decision_needs_its_reason_as_well():
    _client, application = an_application(S.SUBMITTED)
    with pytest.raises(ReasonMissing):
        applications.reject(application_id=application.pk, by=None, now=NOW, reason=" ", hold=True)
