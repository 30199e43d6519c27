"""The checklist over HTTP: two time zones, three languages, the same for exhibitor and staff."""

from datetime import UTC, datetime

import pytest

from exhibitors.enums import ApplicationStatus, DocumentState
from exhibitors.models import DeadlineTick
from fairs.enums import StaffRole
from tests.exhibitors.world import NOW, application_in
from tests.factories.exhibitors import CompanyMemberFactory, DocumentFactory, DocumentRequirementFactory
from tests.factories.fairs import DeadlineFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    found = application_in(ApplicationStatus.ACCEPTED)
    deadline = DeadlineFactory(fair=found.fair, code="labels", due_at=datetime(2030, 2, 1, 15, 59, 59, tzinfo=UTC))
    DocumentRequirementFactory(fair=found.fair, code="labels", deadline=deadline)
    return found


def url(application) -> str:
    return f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/checklist/"


def test_moments_in_the_fairs_zone_and_in_the_readers(application, signed_in):
    member = CompanyMemberFactory(company=application.company, user__time_zone="Asia/Vladivostok", user__language="ru").user
    body = signed_in(member).get(url(application)).json()
    assert (body["application"], body["fair_time_zone"], body["time_zone"]) == (application.pk, "Asia/Shanghai", "Asia/Vladivostok")
    assert (body["done"], body["waiting"], body["open"]) == (0, 0, 1)
    item = body["items"][0]
    assert (item["due_at"], item["due_at_local"]) == ("2030-02-01T23:59:59+08:00", "2030-02-02T01:59:59+10:00")
    assert (item["title"], item["state"], item["link"]) == (
        "Макеты этикеток",
        "missing",
        url(application).replace("checklist", "documents"),
    )
    assert "экспоненты" in item["why"]


def test_staff_see_the_same(application, signed_in):
    member = CompanyMemberFactory(company=application.company, user__language="en").user
    staff = StaffMembershipFactory(fair=application.fair, role=StaffRole.READ_ONLY, user__language="en").user
    first, second = (signed_in(user).get(url(application)).json() for user in (member, staff))
    assert [(item["code"], item["state"], item["why"]) for item in first["items"]] == [
        (item["code"], item["state"], item["why"]) for item in second["items"]
    ]


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en", "all"])
def test_every_language(application, signed_in, language):
    answer = signed_in(CompanyMemberFactory(company=application.company).user).get(url(application), {"lang": language})
    title = answer.json()["items"][0]["title"]
    assert (title["ru"] if language == "all" else title) in ("Макеты этикеток", "标签样稿", "Label proofs")


def test_what_waits_is_not_done(signed_in):
    application = application_in(ApplicationStatus.ACCEPTED)
    for code, state in (("approved", DocumentState.APPROVED), ("uploaded", DocumentState.UPLOADED), ("labels", None)):
        requirement = DocumentRequirementFactory(fair=application.fair, code=code)
        if state:
            DocumentFactory(
                application=application, requirement=requirement, state=state, reviewed_at=None if state == DocumentState.UPLOADED else NOW
            )
    body = signed_in(CompanyMemberFactory(company=application.company).user).get(url(application)).json()
    assert (body["done"], body["waiting"], body["open"]) == (1, 1, 1)


@pytest.fixture
def by_hand():
    """An application with a deadline that nothing here can see, and its company's owner."""
    found = application_in(ApplicationStatus.ACCEPTED)
    DeadlineFactory(fair=found.fair, code="contract", due_at=datetime(2030, 2, 1, 15, 59, 59, tzinfo=UTC))
    return found


def ticked(client, application, verb="tick", **body):
    return client.post(f"{url(application)}{verb}/", {"deadline": "contract", **body}, format="json")


def state(answer):
    [item] = [item for item in answer.json()["items"] if item["code"] == "contract"]
    return item["state"], item["by_hand"], item["ticked_by"]


def test_an_exhibitor_ticks_off_what_nothing_here_can_see_and_takes_it_back(by_hand, signed_in):
    member = CompanyMemberFactory(company=by_hand.company, role="logistics").user
    client = signed_in(member)
    [item] = client.get(url(by_hand)).json()["items"]
    assert item["link"] == f"{url(by_hand)}tick/"
    answer = ticked(client, by_hand, note="Sent by courier")
    assert (answer.status_code, state(answer)) == (200, ("done", True, "exhibitor"))
    tick = DeadlineTick.objects.get()
    assert (tick.by, tick.by_exhibitor, tick.note) == (member, True, "Sent by courier")
    assert state(ticked(client, by_hand)) == ("done", True, "exhibitor")
    assert state(ticked(client, by_hand, "untick")) == ("open", True, None)
    assert not DeadlineTick.objects.exists()


def test_staff_tick_off_too_and_the_exhibitor_cannot_take_that_back(by_hand, signed_in):
    staff = signed_in(StaffMembershipFactory(fair=by_hand.fair, role=StaffRole.REVIEWER).user)
    assert state(ticked(staff, by_hand)) == ("done", True, "organiser")
    refused = ticked(signed_in(CompanyMemberFactory(company=by_hand.company).user), by_hand, "untick")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/ticked-by-organiser")
    assert state(ticked(staff, by_hand, "untick")) == ("open", True, None)


@pytest.mark.parametrize("code", ["labels", "catalogue_entry"])
def test_what_is_seen_here_is_not_ticked_off_by_an_exhibitor(application, signed_in, code):
    DeadlineFactory(fair=application.fair, code="catalogue_entry")
    member = signed_in(CompanyMemberFactory(company=application.company).user)
    refused = member.post(f"{url(application)}tick/", {"deadline": code}, format="json")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-ticked-by-hand")
    assert not DeadlineTick.objects.exists()


def test_what_is_not_needed_yet_is_not_ticked_off_by_an_exhibitor(signed_in):
    found = application_in(ApplicationStatus.ADMITTED)
    DeadlineFactory(fair=found.fair, code="contract")
    assert ticked(signed_in(CompanyMemberFactory(company=found.company).user), found).status_code == 409


@pytest.mark.parametrize("body", [{"deadline": "elsewhere"}, {"deadline": ""}, {"deadline": None}, {"note": "x" * 301}, {"by": 1}])
def test_bad_ticks_are_refused(by_hand, signed_in, body):
    DeadlineFactory(code="elsewhere")
    assert ticked(signed_in(CompanyMemberFactory(company=by_hand.company).user), by_hand, **body).status_code == 400
