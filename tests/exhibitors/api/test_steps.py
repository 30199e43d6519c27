"""What each reader is offered is what the endpoints permit, no more and no less."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from exhibitors.domain import applications, moves
from exhibitors.domain.offers import OFFER_IS_OPEN_FOR
from exhibitors.enums import PEOPLE_STEPS, ApplicationStatus, CompanyRole
from exhibitors.models import ApplicationStep, Company
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.cases import case
from tests.exhibitors.world import ALL_STATES, NOW, application_in, site_of, snapshot, stand_at, with_open_offer
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyFactory, CompanyMemberFactory, RegionFactory, SiteWishFactory
from tests.factories.fairs import DeadlineFactory, FairFactory, SiteFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters", "clock")]

S = ApplicationStatus
EXHIBITOR = {"submit", "accept-offer", "decline-offer", "withdraw", "request-move"}
DECIDE = {"start-review", "request-changes", "admit", "waitlist", "reject", "cancel", "take-back", "extend-deadline"}
PLACE = {"offer-stand", "withdraw-offer", "relocate", "close-move"}

# Who may take which step, whatever the state; written out once more beside fairs/roles.py and exhibitors/roles.py.
OF_COMPANY: dict[CompanyRole, set[str]] = {
    CompanyRole.OWNER: EXHIBITOR,
    CompanyRole.EDITOR: EXHIBITOR,
    CompanyRole.LOGISTICS: set(),
    CompanyRole.ON_SITE: set(),
}
OF_STAFF: dict[StaffRole, set[str]] = {
    StaffRole.OWNER: EXHIBITOR | DECIDE | PLACE,
    StaffRole.REVIEWER: EXHIBITOR | DECIDE,
    StaffRole.FLOOR_PLANNER: PLACE,
    StaffRole.FINANCE: set(),
    StaffRole.COMMUNICATION: set(),
    StaffRole.REGIONAL_COORDINATOR: set(),
    StaffRole.READ_ONLY: set(),
}
SEE_NOTHING = [StaffRole.CONFERENCE_PRODUCER, StaffRole.CHECK_IN]
# A state from which the step is possible.
FROM = {
    "submit": S.DRAFT,
    "start-review": S.SUBMITTED,
    "request-changes": S.IN_REVIEW,
    "admit": S.IN_REVIEW,
    "waitlist": S.IN_REVIEW,
    "reject": S.IN_REVIEW,
    "offer-stand": S.ADMITTED,
    "withdraw-offer": S.STAND_OFFERED,
    "accept-offer": S.STAND_OFFERED,
    "decline-offer": S.STAND_OFFERED,
    "relocate": S.ACCEPTED,
    "withdraw": S.ADMITTED,
    "cancel": S.ADMITTED,
    "take-back": S.SUBMITTED,
    "extend-deadline": S.DRAFT,
    "request-move": S.ACCEPTED,
    "close-move": S.ACCEPTED,
}


def ready_for(step):
    """An application with which the step is possible."""
    application = application_in(FROM[step])
    if step == "take-back":
        applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    if step == "close-move":
        moves.request_move(application_id=application.pk, by=None, now=NOW, reason="More room.")
    return application


def permitted(role) -> set[str]:
    """Two tables: an owner of a company and an owner of a fair bear the same word."""
    return OF_COMPANY[role] if isinstance(role, CompanyRole) else OF_STAFF[role]


def url(application, step="") -> str:
    return f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/" + (f"{step}/" if step else "")


def reader(role, application) -> APIClient:
    """Somebody of this role at the application's company or fair."""
    if isinstance(role, CompanyRole):
        user = CompanyMemberFactory(company=application.company, role=role).user
    else:
        region = {"region_code": "RU-PRI"} if role == StaffRole.REGIONAL_COORDINATOR else {}
        user = StaffMembershipFactory(fair=application.fair, role=role, **region).user
    client = APIClient()
    client.force_authenticate(user)
    return client


def bodies(application) -> dict[str, dict[str, Any]]:
    """A right body for each step, as far as the state allows one; a stand is free wherever one can be offered."""
    placed = application.placements.live().values_list("site", flat=True)
    open_site = application.site_wishes.exclude(site__in=placed).first()
    offer_at = open_site.site if open_site else site_of(application.fair)
    reason = {"reason": "So it was decided."}
    deadline = application.fair.deadlines.first() or DeadlineFactory(fair=application.fair)
    return {
        **{step.value: {} for step in PEOPLE_STEPS},
        "request-changes": {"message": "Name the brands."},
        "reject": reason,
        "cancel": reason,
        "offer-stand": {"stand": stand_at(offer_at).pk},
        "relocate": {"stand": stand_at(site_of(application.fair)).pk, **reason},
        "request-move": reason,
        "extend-deadline": {"deadline": deadline.code, "due_at": (deadline.due_at + timedelta(days=1)).isoformat()},
    }


def outcome(client: APIClient, application, step: str, body: dict[str, Any]) -> int:
    """The status of the answer, and everything as it was before."""
    with transaction.atomic():
        status = client.post(url(application, step), body).status_code
        transaction.set_rollback(True)
    return status


# Who may take any step of a side, in every state; of the others, who may some or none, each where steps of theirs begin.
ASKED = [(role, status) for role in (CompanyRole.OWNER, StaffRole.OWNER) for status in ALL_STATES]
ASKED += [(CompanyRole.LOGISTICS, status) for status in (S.DRAFT, S.STAND_OFFERED)]
ASKED += [(StaffRole.REVIEWER, status) for status in (S.SUBMITTED, S.IN_REVIEW, S.WAITLISTED)]
ASKED += [(StaffRole.FLOOR_PLANNER, status) for status in (S.ADMITTED, S.STAND_OFFERED, S.ACCEPTED)]


def refused_in_turn(role, status) -> set[str]:
    """Of the steps that the role may never take those that are tried in this state: each in one of its states."""
    states = [asked_in for asked_as, asked_in in ASKED if asked_as == role]
    never = [step.value for step in PEOPLE_STEPS if step.value not in permitted(role)]
    return set(never[states.index(status) :: len(states)])


def impossible_in_turn(status, listed: set[str]) -> set[str]:
    """A third of the steps that are not possible in this state; that none of them is: tests/exhibitors/domain/test_steps.py."""
    return {step.value for place, step in enumerate(PEOPLE_STEPS) if (place + ALL_STATES.index(status)) % 3 == 0} - listed


def answers_to(client: APIClient, application, asked: dict[str, dict[str, Any]]) -> dict[str, int]:
    return {step: outcome(client, application, step, body) for step, body in asked.items()}


@pytest.mark.parametrize("status", ALL_STATES)
def test_the_actions_listed_are_those_permitted(status):
    application = application_in(status)
    right = bodies(application)
    for role in [asked_as for asked_as, asked_in in ASKED if asked_in == status]:
        with case(role):
            client = reader(role, application)
            listed = set(client.get(url(application)).json()["allowed_actions"])
            assert listed <= permitted(role)
            refused = refused_in_turn(role, status)
            tried = listed | refused | (impossible_in_turn(status, listed) & permitted(role))

            answers = answers_to(client, application, {step: body for step, body in right.items() if step in tried})

            assert {step for step, answer in answers.items() if answer == 200} == listed
            assert {step for step, answer in answers.items() if answer == 403} == refused
            assert {answer for step, answer in answers.items() if step not in listed} <= {403, 409}


@pytest.mark.parametrize("between", ["relocation", "second site", "all sites placed", "lapsed"])
def test_the_actions_listed_are_those_permitted_also_in_between(between):
    application = application_in(S.STAND_OFFERED if between == "lapsed" else S.ACCEPTED)
    if between == "relocation":
        with_open_offer(application)
    if between == "second site":
        SiteWishFactory(application=application, site=SiteFactory(fair=application.fair))
    if between == "lapsed":
        application.placements.update(answer_by=NOW - OFFER_IS_OPEN_FOR)
    right = bodies(application)
    for role in (CompanyRole.OWNER, StaffRole.OWNER):
        with case(role):
            client = reader(role, application)
            listed = set(client.get(url(application)).json()["allowed_actions"])
            tried = permitted(role) & (EXHIBITOR | PLACE)  # decisions ask for nothing of what is in between

            answers = answers_to(client, application, {step: body for step, body in right.items() if step in tried})

            assert {step for step, answer in answers.items() if answer == 200} == listed & tried
            assert {answer for step, answer in answers.items() if step not in listed} <= {403, 409}


def tried_by(step: str) -> list[CompanyRole | StaffRole]:
    """Of each side who may some steps and, in turn, one who may none; the owners, who may all, are asked above."""
    turn = [*FROM].index(step)
    none = [role for role in OF_STAFF if not OF_STAFF[role]]
    of_company = (CompanyRole.EDITOR, (CompanyRole.LOGISTICS, CompanyRole.ON_SITE)[turn % 2])
    return [*of_company, StaffRole.REVIEWER, StaffRole.FLOOR_PLANNER, none[turn % len(none)]]


@pytest.mark.parametrize("step", FROM)
def test_a_step_is_taken_by_the_roles_that_may_and_no_other(step):
    """That the right it asks for is not one which further roles have is seen by tests/roles/test_api.py."""
    application = ready_for(step)
    body = bodies(application)[step]
    roles = tried_by(step)
    before = snapshot(application)
    seen = []
    for role in roles:
        with case(role):
            client = reader(role, application)
            answer = client.post(url(application, step), body)
            seen.append(answer.status_code)
            if answer.status_code == 403:
                assert snapshot(application) == before
                assert answer.json()["type"] == "/problems/permission-denied"

    assert seen == [200 if step in permitted(role) else 403 for role in roles]


@pytest.mark.parametrize("role", SEE_NOTHING)
def test_staff_who_do_not_work_with_applications_see_none(role):
    application = application_in(S.SUBMITTED)
    client = reader(role, application)

    assert client.get(f"/api/v1/fairs/{application.fair.slug}/applications/").json()["count"] == 0
    assert client.get(url(application)).status_code == 404
    assert client.post(url(application, "admit")).status_code == 404
    assert not ApplicationStep.objects.exists()


def test_a_coordinator_sees_the_own_region_only():
    fair = FairFactory()
    own = application_in(S.SUBMITTED, fair=fair, company=CompanyFactory(region=RegionFactory(code="RU-PRI")))
    other = application_in(S.SUBMITTED, fair=fair, company=CompanyFactory(region=RegionFactory(code="RU-CHE")))
    nowhere = application_in(S.SUBMITTED, fair=fair, company=CompanyFactory(region=None, country="CN", inn=""))
    client = reader(StaffRole.REGIONAL_COORDINATOR, own)

    rows = client.get(f"/api/v1/fairs/{fair.slug}/applications/").json()["results"]

    assert [(row["id"], row["allowed_actions"]) for row in rows] == [(own.pk, [])]
    assert [client.get(url(application)).status_code for application in (own, other, nowhere)] == [200, 404, 404]
    assert [client.post(url(application, "admit")).status_code for application in (own, other, nowhere)] == [403, 404, 404]


def test_two_roles_add_up_within_their_bounds():
    own = application_in(S.STAND_OFFERED, company=CompanyFactory(region=RegionFactory(code="RU-PRI")))
    other = application_in(S.STAND_OFFERED, fair=own.fair, company=CompanyFactory(region=RegionFactory(code="RU-CHE")))
    planner = StaffMembershipFactory(fair=own.fair, role=StaffRole.FLOOR_PLANNER)
    StaffMembershipFactory(fair=own.fair, user=planner.user, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI")
    CompanyMemberFactory(company=own.company, user=planner.user)
    client = APIClient()
    client.force_authenticate(planner.user)

    rows = {row["id"]: set(row["allowed_actions"]) for row in client.get(f"/api/v1/fairs/{own.fair.slug}/applications/").json()["results"]}

    assert rows == {
        own.pk: {"withdraw-offer", "relocate", "accept-offer", "decline-offer", "withdraw"},
        other.pk: {"withdraw-offer", "relocate"},
    }


def test_a_superuser_may_all():
    application = application_in(S.SUBMITTED)
    client = APIClient()
    client.force_authenticate(UserFactory(is_superuser=True))

    assert client.post(url(application, "admit")).json()["status"] == "admitted"


def test_staff_record_for_the_exhibitor_and_the_history_shows_it():
    application = application_in(S.STAND_OFFERED)
    client = reader(StaffRole.REVIEWER, application)

    assert client.post(url(application, "accept-offer")).json()["status"] == "accepted"
    assert ApplicationStep.objects.get().on_behalf is True


def test_staff_write_an_application_down_for_a_company_of_their_fair_after_the_window():
    known = application_in(S.WITHDRAWN, fair=FairFactory(takes_late_applications=False))
    stranger = CompanyFactory()
    client = reader(StaffRole.REVIEWER, known)
    address = f"/api/v1/fairs/{known.fair.slug}/applications/"

    made = client.post(address, {"company": known.company_id})
    refused = client.post(address, {"company": stranger.pk})

    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "unknown_company")


@pytest.mark.parametrize("role", [StaffRole.READ_ONLY, StaffRole.FLOOR_PLANNER, StaffRole.FINANCE])
def test_staff_who_may_not_edit_write_nothing(role):
    application = application_in(S.DRAFT)
    client = reader(role, application)
    tag = client.get(url(application))["ETag"]

    assert client.patch(url(application), {"categories": []}, headers={"If-Match": tag}).status_code == 403
    assert application.categories.exists()
    assert client.post(f"/api/v1/fairs/{application.fair.slug}/applications/", {"company": application.company_id}).status_code in (
        400,
        403,
    )
    assert Company.objects.count() == 1


def test_staff_see_who_is_responsible():
    application = application_in(S.SUBMITTED)
    application.responsible = UserFactory(email="anna@fair.example")
    application.save()

    assert reader(StaffRole.READ_ONLY, application).get(url(application)).json()["responsible"] == "anna@fair.example"


def test_who_makes_offers_takes_a_held_one_back_and_leaves_a_held_decision():
    application = application_in(S.IN_REVIEW)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    planner = reader(StaffRole.FLOOR_PLANNER, application)
    assert "withdraw-offer" not in planner.get(url(application)).json()["allowed_actions"]
    stand = stand_at(site_of(application.fair))
    assert planner.post(url(application, "offer-stand"), {"stand": stand.pk, "hold": True}).status_code == 200
    assert "withdraw-offer" in planner.get(url(application)).json()["allowed_actions"]
    assert planner.post(url(application, "withdraw-offer")).status_code == 200
    application.refresh_from_db()
    assert (application.status, application.told_status) == (S.ADMITTED, S.IN_REVIEW)
    assert not application.placements.live().exists()
    assert not Letter.objects.exists()
    assert "withdraw-offer" not in planner.get(url(application)).json()["allowed_actions"]
    assert planner.post(url(application, "withdraw-offer")).status_code == 409


def test_a_taken_stand_and_a_state_that_does_not_allow_the_step_are_conflicts():
    application = application_in(S.ADMITTED)
    taken = application_in(S.ACCEPTED, fair=application.fair).placements.get()
    client = reader(StaffRole.OWNER, application)
    before = snapshot(application)

    stand = client.post(url(application, "offer-stand"), {"stand": taken.stand_id})
    state = client.post(url(application, "start-review"))

    assert (stand.status_code, stand.json()["type"]) == (409, "/problems/stand-taken")
    assert (state.status_code, state.json()["type"], state.json()["step"]) == (409, "/problems/step-not-allowed", "start-review")
    assert snapshot(application) == before


@pytest.mark.parametrize(
    ("role", "status", "step", "can_do"),
    [
        (CompanyRole.OWNER, S.DRAFT, "accept-offer", "Сейчас вы можете: «Подать заявку», «Отозвать заявку»."),
        (CompanyRole.OWNER, S.REJECTED, "withdraw", "Чтобы всё же участвовать, создайте новую."),
        (StaffRole.FLOOR_PLANNER, S.ADMITTED, "relocate", "Сейчас вы можете: «Предложить стенд»."),
        (StaffRole.FLOOR_PLANNER, S.SUBMITTED, "relocate", "Он возможен при статусе: «"),
    ],
)
def test_a_refusal_names_what_this_reader_can_do_instead(role, status, step, can_do):
    application = application_in(status)
    client = reader(role, application)

    refused = client.post(url(application, step), bodies(application)[step], headers={"Accept-Language": "ru"})

    assert refused.status_code == 409
    assert can_do in refused.json()["detail"]
    assert refused.json()["allowed_actions"] == client.get(url(application)).json()["allowed_actions"]


def test_a_refusal_says_nothing_of_what_is_held():
    application = application_in(S.IN_REVIEW)
    applications.reject(application_id=application.pk, by=None, now=NOW, reason="Full.", hold=True)

    refused = reader(CompanyRole.OWNER, application).post(url(application, "submit")).json()

    assert refused["detail"].endswith("“in review”. What you can do now: “Withdraw”.")
    assert (refused["status"], refused["allowed_actions"]) == (409, ["withdraw"])


@pytest.mark.parametrize("step", ["reject", "cancel", "request-changes", "relocate", "offer-stand"])
def test_a_step_without_what_it_needs_names_it(step):
    application = application_in(FROM[step])
    before = snapshot(application)

    response = reader(StaffRole.OWNER, application).post(url(application, step), {})

    assert response.status_code == 400
    expected = {"request-changes": {"/message"}, "relocate": {"/reason", "/stand"}, "offer-stand": {"/stand"}}.get(step, {"/reason"})
    assert {error["pointer"] for error in response.json()["errors"]} == expected
    assert snapshot(application) == before


def test_an_offer_over_the_api_takes_days_and_a_relocation_swaps():
    application = application_in(S.ADMITTED)
    client = reader(StaffRole.OWNER, application)
    first, second = stand_at(site_of(application.fair)), stand_at(site_of(application.fair))

    offered = client.post(url(application, "offer-stand"), {"stand": first.pk, "first_day": "2030-05-02", "last_day": "2030-05-03"}).json()
    assert [(row["first_day"], row["last_day"]) for row in offered["placements"]] == [("2030-05-02", "2030-05-03")]
    assert client.post(url(application, "accept-offer")).json()["status"] == "accepted"

    moving = client.post(url(application, "relocate"), {"stand": second.pk, "reason": "More room."}).json()
    assert [(row["stand"], row["status"]) for row in moving["placements"]] == [(first.number, "accepted"), (second.number, "offered")]
    moved = client.post(url(application, "accept-offer"), {"placement": moving["placements"][1]["id"]}).json()
    assert [(row["stand"], row["status"]) for row in moved["placements"]] == [(second.number, "accepted")]


def test_whoever_may_not_is_told_which_roles_may():
    application = application_in(S.IN_REVIEW)
    logistics, finance = reader(CompanyRole.LOGISTICS, application), reader(StaffRole.FINANCE, application)

    own = logistics.post(url(application, "withdraw"), headers={"Accept-Language": "en"}).json()["detail"]
    assert own == "In the company this needs one of these roles: owner, editor. Ask somebody who has one."
    staff = "At the fair this needs one of these roles: owner, reviewer. Ask somebody who has one."
    assert logistics.post(url(application, "admit"), headers={"Accept-Language": "en"}).json()["detail"] == staff
    for step in ("admit", "withdraw"):
        assert finance.post(url(application, step), headers={"Accept-Language": "en"}).json()["detail"] == staff
    assert finance.post(url(application, "relocate"), headers={"Accept-Language": "en"}).json()["detail"] == (
        "At the fair this needs one of these roles: owner, floor planner. Ask somebody who has one."
    )


def test_without_a_sign_in_the_way_to_it_is_named():
    refused = APIClient().get(url(application_in(S.DRAFT)))
    assert (refused.status_code, "/_allauth/app/v1/auth/login" in refused.json()["detail"]) == (401, True)


def test_a_step_may_name_what_it_decides_about():
    application = application_in(S.IN_REVIEW)
    CompanyMemberFactory(company=application.company, role=CompanyRole.OWNER)
    client = reader(StaffRole.OWNER, application)
    address = url(application, "admit").removesuffix("admit/")
    tag = client.get(address)["ETag"]
    assert client.post(url(application, "waitlist"), headers={"If-Match": tag}).status_code == 200
    before = snapshot(application)

    stale = client.post(url(application, "admit"), headers={"If-Match": tag})

    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/precondition-failed")
    assert snapshot(application) == before
    assert client.post(url(application, "admit"), headers={"If-Match": client.get(address)["ETag"]}).json()["status"] == "admitted"


def test_who_may_not_take_a_step_learns_nothing_from_a_tag():
    application = application_in(S.IN_REVIEW)
    assert reader(StaffRole.READ_ONLY, application).post(url(application, "admit"), headers={"If-Match": '"old"'}).status_code == 403


def test_without_a_tag_the_step_is_taken_from_whatever_there_is():
    application = application_in(S.WAITLISTED)
    assert reader(StaffRole.OWNER, application).post(url(application, "admit")).json()["status"] == "admitted"


@pytest.mark.parametrize(
    ("step", "body", "wrong"),
    [
        ("extend-deadline", {"deadline": "nothing", "due_at": "soon"}, {"/deadline": "unknown_deadline", "/due_at": "invalid"}),
        (
            "extend-deadline",
            {"deadline": "nothing", "due_at": "2001-01-01T00:00:00Z"},
            {"/deadline": "unknown_deadline", "/due_at": "past"},
        ),
        ("extend-deadline", {"deadline": "nothing"}, {"/deadline": "unknown_deadline", "/due_at": "required"}),
        ("offer-stand", {"stand": 10**15, "first_day": "soon"}, {"/stand": "unknown_stand", "/first_day": "invalid"}),
    ],
)
def test_what_is_unknown_is_named_beside_what_cannot_be_read(step, body, wrong):
    application = ready_for(step)
    DeadlineFactory(fair=application.fair)
    answer = reader(StaffRole.OWNER, application).post(url(application, step), body)
    assert {error["pointer"]: error["code"] for error in answer.json()["errors"]} == wrong
