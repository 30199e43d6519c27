"""Delegates and speakers on their own pages in a real browser, on a telephone: what the buttons send is taken."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from conferences.domain import own
from conferences.domain.speaker_links import new_link
from conferences.models import Delegate, Speaker, VisaInvitation
from tests.conftest import MOMENT
from tests.desk_page import browser_page
from tests.factories.conferences import ConferenceFactory, DelegateFactory, SpeakerFactory

# Playwright runs a loop of its own in this thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page() -> Iterator[Page]:
    with browser_page(width=360) as page:
        yield page


def address_of(live_server: Any, name: str, conference: Any, word: str) -> str:
    return str(live_server.url) + reverse(name, args=[conference.slug, word])


def test_a_delegate_confirms_asks_for_an_invitation_and_cancels(page: Page, live_server: Any) -> None:
    delegate = DelegateFactory(conference=ConferenceFactory(), confirmed_at=None)
    page.goto(address_of(live_server, "delegate-page", delegate.conference, own.word_of(delegate)))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_alt_text("QR code for the entrance")).to_be_visible()

    page.get_by_role("link", name="Invitation for the visa").click()
    days = {"Date of birth": "1985-03-14", "Day of entry": "2030-05-01", "Day of departure": "2030-05-02"}
    texts = {
        "Name in Latin letters": "Anna Rechnaya",
        "Passport number": "750012345",
        "Citizenship": "RU",
        "Host organisation": "Trade Office",
    }
    for label, value in {**texts, **days}.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Ask for the invitation").click()
    expect(page.get_by_text("You have asked for an invitation.")).to_be_visible()
    page.get_by_role("button", name="I need no invitation").click()
    expect(page.get_by_text("Tell us what your passport says.")).to_be_visible()
    assert not VisaInvitation.objects.exists()
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    page.get_by_role("link", name="To your registration").click()
    page.get_by_text("I cannot come").click()
    page.get_by_role("button", name="Cancel my registration").click()
    expect(page.get_by_text("Your registration is cancelled.")).to_be_visible()
    assert Delegate.objects.get().status == "cancelled"


def test_somebody_on_the_programme_answers(page: Page, live_server: Any) -> None:
    speaker = SpeakerFactory(language="en")
    word, _number = new_link(speaker, now=MOMENT)
    page.goto(address_of(live_server, "speaker-page", speaker.conference, word))
    page.get_by_role("button", name="I come").click()
    expect(page.get_by_text("You have confirmed that you come.")).to_be_visible()
    assert Speaker.objects.get().answer == "confirmed"
