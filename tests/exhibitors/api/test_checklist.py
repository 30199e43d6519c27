"""The checklist over HTTP: two time zones, three languages, the same for exhibitor and staff."""

from datetime import UTC, datetime

import pytest

from exhibitors.enums import ApplicationStatus, DocumentState
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
