"""Co-exhibitors at the desk: a refusal asks why, and a company that has not confirmed goes by the name it was given."""

import pytest
from django.test import Client
from django.urls import reverse

from exhibitors.admin import kept_choice
from exhibitors.enums import CoExhibitorStatus
from fairs.enums import StaffRole
from tests.factories.exhibitors import CoExhibitorFactory, CompanyFactory, CompanyMemberFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LIST = reverse("admin:exhibitors_coexhibitor_changelist")
REFUSE = reverse("admin:exhibitors_coexhibitor_refuse")


@pytest.fixture
def co():
    return CoExhibitorFactory(company=CompanyFactory(name_en="Real shore"), declared_legal_name="Declared shore")


@pytest.fixture
def reviewer(client, co):
    client.force_login(StaffMembershipFactory(fair=co.application.fair, role=StaffRole.REVIEWER).user)
    return client


def test_a_refusal_asks_for_the_reason_first(reviewer, co):
    asked = reviewer.post(LIST, {"action": "refuse", "_selected_action": [co.pk]})
    assert asked["Location"] == f"{REFUSE}?ids={co.pk}"
    assert "Declared shore" in reviewer.get(asked["Location"]).content.decode()
    assert reviewer.post(asked["Location"], {"reason": " "}).status_code == 200
    assert reviewer.post(asked["Location"], {"reason": "Not of the theme"}).status_code == 302
    co.refresh_from_db()
    assert (co.status, co.reason) == (CoExhibitorStatus.REFUSED, "Not of the theme")


def test_a_long_choice_waits_on_the_server_for_who_chose(reviewer, co, monkeypatch):
    monkeypatch.setattr(kept_choice, "_IN_ADDRESS", 0)
    asked = reviewer.post(LIST, {"action": "refuse", "_selected_action": [co.pk]})["Location"]
    assert f"ids={co.pk}" not in asked
    other = Client()
    other.force_login(StaffMembershipFactory(fair=co.application.fair, role=StaffRole.REVIEWER).user)
    assert other.post(asked, {"reason": "No"})["Location"] == LIST
    co.refresh_from_db()
    assert co.status == CoExhibitorStatus.DECLARED
    assert reviewer.post(asked, {"reason": "Not of the theme"}).status_code == 302
    co.refresh_from_db()
    assert co.status == CoExhibitorStatus.REFUSED


def test_one_of_another_fair_is_not_refused(reviewer):
    other = CoExhibitorFactory()
    reviewer.post(f"{REFUSE}?ids={other.pk},{'9' * 30}", {"reason": "No"})
    other.refresh_from_db()
    assert other.status == CoExhibitorStatus.DECLARED


def test_who_only_looks_refuses_nothing(client, co):
    client.force_login(StaffMembershipFactory(fair=co.application.fair, role=StaffRole.READ_ONLY).user)
    assert client.get(f"{REFUSE}?ids={co.pk}").status_code == 403


@pytest.mark.parametrize("url", [LIST, "page", "application"])
def test_the_name_of_the_company_itself_shows_once_it_has_confirmed(reviewer, co, url):
    page = {
        "page": reverse("admin:exhibitors_coexhibitor_change", args=[co.pk]),
        "application": reverse("admin:exhibitors_application_change", args=[co.application_id]),
    }.get(url, url)
    before = reviewer.get(page).content.decode()
    assert "Declared shore" in before
    assert "Real shore" not in before
    co.confirmed_at = co.declared_at
    co.save()
    assert "Real shore" in reviewer.get(page).content.decode()


def test_admitting_asks_first_and_says_who_gets_a_letter_and_what_cannot_be(reviewer, co):
    ready = CoExhibitorFactory(application=co.application, status=CoExhibitorStatus.CONFIRMED, confirmed_at=co.declared_at)
    people = [CompanyMemberFactory(company=company).user.email for company in (co.application.company, ready.company)]
    asked = reviewer.post(LIST, {"action": "admit", "_selected_action": [co.pk, ready.pk]})

    (line,) = asked.context["possible"]
    assert (line.number, sorted(reader.email for reader in line.readers)) == (ready.pk, sorted(people))
    assert [(row.number, "declared" in row.reason) for row in asked.context["impossible"]] == [(co.pk, True)]
    assert all(email in asked.content.decode() for email in people)
    ready.refresh_from_db()
    assert ready.status == CoExhibitorStatus.CONFIRMED

    form = {"action": "admit", "_selected_action": [ready.pk], "confirmed": asked.context["confirmed"]}
    assert reviewer.post(LIST, form).status_code == 302
    ready.refresh_from_db()
    assert ready.status == CoExhibitorStatus.ADMITTED
