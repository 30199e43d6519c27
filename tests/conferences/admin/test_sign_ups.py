"""Organisers see who has signed up for a session, and who waits."""

import pytest
from django.test import Client
from django.urls import reverse

from conferences.domain import sign_ups
from tests.conferences.conftest import NOW
from tests.factories.conferences import DelegateFactory, SessionFactory

pytestmark = pytest.mark.django_db


def test_the_page_of_a_session_leads_to_its_delegates(admin_client: Client) -> None:
    session = SessionFactory(code="small", capacity=2, takes_sign_ups=True)
    people = DelegateFactory.create_batch(4, conference=session.conference)
    for one in people[:3]:
        sign_ups.sign_up(delegate_id=one.pk, codes=["small"], now=NOW)
    page = admin_client.get(reverse("admin:conferences_session_change", args=[session.pk])).content.decode()
    assert "2 of 2 places are taken" in page
    delegates = reverse("admin:conferences_delegate_changelist")
    for status, expected in (("reserved", people[:2]), ("waiting", people[2:3])):
        assert f"{delegates}?session={session.pk}-{status}" in page
        found = admin_client.get(delegates, {"session": f"{session.pk}-{status}"})
        assert [one.pk for one in found.context_data["cl"].result_list] == [one.pk for one in expected]


@pytest.mark.parametrize("value", ["x", "9" * 30 + "-waiting", "-", "1", "\u0663-waiting"])
def test_a_made_up_session_is_no_error(admin_client: Client, value: str) -> None:
    session = SessionFactory(code="small", takes_sign_ups=True)
    sign_ups.sign_up(delegate_id=DelegateFactory(conference=session.conference).pk, codes=["small"], now=NOW)
    assert admin_client.get(reverse("admin:conferences_delegate_changelist"), {"session": value}).status_code == 200
