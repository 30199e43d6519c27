"""The people on exhibitors' stands as delegates: one call, the same terms, once each."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from conferences.models import Conference, Delegate, DelegateQuota
from exhibitors.models import Application
from fairs.enums import StaffRole
from tests.factories.conferences import ConferenceFactory, DelegateFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyMemberFactory, StandStaffFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(conference: Conference) -> Application:
    made: Application = ApplicationFactory(fair=conference.fair, accepted=True, company__country="RU")
    for number in range(3):
        names = {"name_in_latin": f"ANNA {'ABC'[number]}", "name_in_cyrillic": ""}
        StandStaffFactory(application=made, **names, email=f"anna-{number}@example.com", languages=["en"])
    StandStaffFactory(application=made, name_in_latin="NOBODY REACHABLE", email="")
    return made


@pytest.fixture
def api(application: Application) -> APIClient:
    client = APIClient()
    client.force_authenticate(CompanyMemberFactory(company=application.company).user)
    return client


def post(api: APIClient, application: Application, **body: Any) -> Any:
    path = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/staff/register-as-delegates/"
    return api.post(path, body, format="json")


def test_everybody_with_an_address_on_the_terms_of_all(api: APIClient, application: Application, letters: Any) -> None:
    sent = letters(lambda: post(api, application))
    rows = Delegate.objects.order_by("pk").values_list("email", "name", "kind", "status", "language")
    assert list(rows) == [
        ("anna-0@example.com", "ANNA A", "russian_company", "reserved", "en"),
        ("anna-1@example.com", "ANNA B", "russian_company", "reserved", "en"),
        ("anna-2@example.com", "ANNA C", "russian_company", "waiting", "en"),  # two places
    ]
    assert len(sent) == 3
    again: list[Any] = []
    assert letters(lambda: again.append(post(api, application))) == []
    assert again[0].json() == {"people": 3, "without_address": ["NOBODY REACHABLE"]}
    assert Delegate.objects.count() == 3


def test_who_is_a_delegate_already_is_not_told(api: APIClient, application: Application, letters: Any) -> None:
    DelegateFactory(conference=application.fair.conferences.get(), email="Anna-1@Example.com", kind="press")
    answers: list[Any] = []
    assert len(letters(lambda: answers.append(post(api, application)))) == 2
    assert answers[0].json()["people"] == 3


def test_refusals_leave_nothing_behind(api: APIClient, application: Application, conference: Conference) -> None:
    DelegateQuota.objects.create(conference=conference, kind="russian_company", is_taken=False)
    assert post(api, application).json()["type"] == "/problems/kind-not-taken"
    DelegateQuota.objects.all().delete()
    assert post(api, application, conference="another").json()["errors"][0]["pointer"] == "/conference"
    ConferenceFactory(site=conference.site)
    assert "several" in post(api, application).json()["errors"][0]["detail"]
    assert not Delegate.objects.exists()


def test_before_there_is_a_stand(api: APIClient, conference: Conference) -> None:
    application = ApplicationFactory(fair=conference.fair, submitted=True)
    StandStaffFactory(application=application, email="anna@example.com")
    api.force_authenticate(CompanyMemberFactory(company=application.company).user)
    refused = post(api, application)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-exhibiting")
    assert not Delegate.objects.exists()


def test_the_quota_of_the_kind_holds(api: APIClient, application: Application, conference: Conference) -> None:
    DelegateQuota.objects.create(conference=conference, kind="russian_company", places=1)
    post(api, application)
    assert list(Delegate.objects.order_by("pk").values_list("status", flat=True)) == ["reserved", "waiting", "waiting"]


def test_at_the_desk(application: Application, conference: Conference, client: Client) -> None:
    page = f"/admin/conferences/conference/{conference.pk}/stand-staff/"
    client.force_login(StaffMembershipFactory(fair=conference.fair, role=StaffRole.CONFERENCE_PRODUCER).user)
    (row,) = client.get(page).context["rows"]
    assert [row[name] for name in ("people", "without_address", "known", "new")] == [4, 1, 0, 3]
    assert client.post(page, {"application": [application.pk, "9" * 40, "x"]}).status_code == 302
    assert Delegate.objects.count() == 3
    (row,) = client.get(page).context["rows"]
    assert (row["known"], row["new"]) == (3, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_exhibitors(
    conference: Conference, admin_client: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for _number in range(count):
        StandStaffFactory(application=ApplicationFactory(fair=conference.fair, accepted=True), email="a@example.com")
    with django_assert_max_num_queries(12):
        page = admin_client.get(f"/admin/conferences/conference/{conference.pk}/stand-staff/")
    assert len(page.context["rows"]) == count
