"""The way of a visa invitation: asked for over the API or on the page, issued at the desk, loaded by its delegate alone."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from conferences.domain import own
from conferences.models import Conference, Delegate, VisaInvitation
from fairs.enums import StaffRole
from tests.factories.conferences import DelegateFactory, VisaInvitationFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def delegate(conference: Conference) -> Delegate:
    return DelegateFactory(conference=conference, language="ru")


@pytest.fixture
def api(delegate: Delegate) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_DELEGATE_WORD=own.word_of(delegate))
    return client


def path_of(delegate: Delegate) -> str:
    return f"/api/v1/conferences/{delegate.conference.slug}/delegates/own/invitation"


def request_for(delegate: Delegate, **given: Any) -> dict[str, Any]:
    conference = delegate.conference
    return {
        "passport_name": "ANNA RECHNAYA",
        "passport_number": "750012345",
        "birth_date": "1985-03-14",
        "citizenship": "RU",
        "entry_on": conference.starts_on.isoformat(),
        "leave_on": conference.ends_on.isoformat(),
        "host": "Liaoning Trade Office",
        **given,
    }


def test_over_the_api(delegate: Delegate, api: APIClient, admin_client: Client) -> None:
    path = path_of(delegate)
    assert api.get(f"{path}/").json()["status"] is None
    assert api.get(f"{path}.pdf").json()["type"] == "/problems/invitation-not-issued"
    wrong = api.post(f"{path}/", request_for(delegate, passport_name="Анна", passport_number="1"), format="json")
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/passport_name", "/passport_number"]
    asked = api.post(f"{path}/", request_for(delegate), format="json")
    assert (asked.status_code, asked.json()["status"], asked.json()["host"]) == (200, "asked", "Liaoning Trade Office")
    assert "750012345" not in asked.content.decode()

    (invitation,) = VisaInvitation.objects.all()
    page = "/admin/conferences/visainvitation/"
    chosen = {"action": "issue", "_selected_action": [invitation.pk]}
    confirmed = admin_client.post(page, chosen).context["confirmed"]
    invitation.refresh_from_db()
    assert invitation.status == "asked"  # the page that asks comes first
    admin_client.post(page, {**chosen, "confirmed": confirmed})

    loaded = api.get(f"{path}.pdf")
    assert (loaded.status_code, loaded.headers["Content-Type"], loaded.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert "no-store" in loaded.headers["Cache-Control"]
    assert api.post(f"{path}/withdraw/").status_code == 204
    assert not VisaInvitation.objects.exists()


def test_on_the_own_page(delegate: Delegate) -> None:
    client, page = Client(), own.page_url(delegate).removeprefix("http://testserver") + "invitation/"
    assert "Запросить приглашение" in client.get(page).content.decode()
    refused = client.post(page, request_for(delegate, passport_number="<b>"))
    assert (refused.status_code, "от 5 до 20 цифр" in refused.content.decode()) == (400, True)
    assert client.post(page, {"birth_date": "32.13.1985"}).status_code == 400
    assert client.post(page, request_for(delegate)).status_code == 302
    shown = client.get(page)
    assert ("750012345" in shown.content.decode(), shown.headers["Referrer-Policy"]) == (False, "same-origin")
    assert client.get(f"{page}invitation.pdf").status_code == 409
    VisaInvitation.objects.update(status="issued", issued_at=delegate.registered_at)
    assert client.get(f"{page}invitation.pdf").content[:5] == b"%PDF-"
    other = DelegateFactory(conference=delegate.conference)
    theirs = own.page_url(other).removeprefix("http://testserver") + "invitation/invitation.pdf"
    assert client.get(theirs).status_code == 409
    assert client.get(f"{page[:-12]}x/invitation/").status_code == 404
    client.post(page, {"step": "withdraw"})
    assert not VisaInvitation.objects.exists()


def test_who_waits_reads_how_to_get_one(delegate: Delegate) -> None:
    Delegate.objects.update(status="waiting")
    page = own.page_url(delegate).removeprefix("http://testserver") + "invitation/"
    assert "Сначала подтвердите место" in Client().get(page).content.decode()
    assert Client().post(page, request_for(delegate)).status_code == 409


@pytest.mark.parametrize(("role", "seen"), [(StaffRole.CONFERENCE_PRODUCER, 200), (StaffRole.CHECK_IN, 403), (StaffRole.READ_ONLY, 403)])
def test_passports_are_not_for_everybody_who_sees_delegates(delegate: Delegate, client: Client, role: StaffRole, seen: int) -> None:
    invitation = VisaInvitationFactory(delegate=delegate)
    member = StaffMembershipFactory(fair=delegate.conference.fair, role=role)
    client.force_login(member.user)
    page = client.get(f"/admin/conferences/visainvitation/{invitation.pk}/change/")
    assert (page.status_code, "750012345" in page.content.decode()) == (seen, seen == 200)
    assert client.get(f"/admin/conferences/visainvitation/{invitation.pk}/pdf/").status_code == seen


def test_the_text_of_a_conference(delegate: Delegate, admin_client: Client) -> None:
    sample = admin_client.get(f"/admin/conferences/conference/{delegate.conference_id}/invitation/")
    assert (sample.headers["Content-Type"], sample.content[:5]) == ("application/pdf", b"%PDF-")
    page = admin_client.get(f"/admin/conferences/conference/{delegate.conference_id}/change/").content.decode()
    assert "{{ passport_name }}" in page
