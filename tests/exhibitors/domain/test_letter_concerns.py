"""A search of the outbox finds what concerns a company; what came back goes to who reads for the company today."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import clock as business_clock
from exhibitors.enums import CompanyRole
from fairs.enums import StaffRole
from notifications import concerns, repeats
from notifications.enums import LetterStatus
from notifications.models import Letter
from tests.exhibitors.domain.test_reminders import an_exhibitor
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair():
    return FairFactory()


def came_back(application, *, to="old@example.com", occasion="exhibitors.admitted", number=1, **given):
    values = {
        "key": f"k:{number}",
        "message_id": f"<{number}@x>",
        "fair": application.fair,
        "about": f"application:{application.pk}",
        "occasion": occasion,
        "recipient_email": to,
        "recipient_name": "Anna",
        "language": "en",
        "subject": "S",
        "text": f"Hello Anna,\n\nSent to {to}.",
        "html": f"<p>Hello Anna,</p><p>Sent to {to}.</p>",
        "status": LetterStatus.SENT,
        "sent_at": timezone.now(),
        "bounced_at": timezone.now(),
    }
    return Letter.objects.create(**{**values, **given})


def test_letters_are_found_by_the_company_that_they_concern(client, fair):
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    application = an_exhibitor(fair, "owner@example.com")
    type(application.company).objects.filter(pk=application.company_id).update(search_text="медовый край")
    about_it = came_back(application, to="desk@example.com")
    to_its_people = came_back(application, to="owner@example.com", number=2, about=f"fair:{fair.pk}")
    came_back(an_exhibitor(fair, "other@example.com"), to="other@example.com", number=3)
    page = client.get(reverse("admin:notifications_letter_changelist"), {"q": "Медовый"})
    assert set(page.context["cl"].queryset.values_list("pk", flat=True)) == {about_it.pk, to_its_people.pk}


def test_what_came_back_goes_to_who_reads_for_the_company_today(client, fair):
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    application = an_exhibitor(fair, "new@example.com", user={"name": "Boris"})
    letter = came_back(application)
    page = client.get(reverse("admin:notifications_letter_step", args=[letter.pk, "send_again"]))
    assert "new@example.com" in page.content.decode()
    client.post(reverse("admin:notifications_letter_step", args=[letter.pk, "send_again"]))
    letter.refresh_from_db()
    assert (letter.status, letter.recipient_email, letter.recipient_name) == ("queued", "new@example.com", "Boris")
    assert letter.text == "Hello Boris,\n\nSent to new@example.com."
    assert letter.html == "<p>Hello Boris,</p><p>Sent to new@example.com.</p>"


def test_a_person_is_followed_to_the_new_address(fair):
    person = UserFactory(email="new@example.com")
    letter = came_back(an_exhibitor(fair), user=person, occasion="exhibitors.new_application")
    assert repeats.send_again(letter_id=letter.pk)
    assert Letter.objects.get().recipient_email == "new@example.com"


def test_a_letter_to_staff_about_an_exhibitor_never_goes_to_the_exhibitor(fair):
    letter = came_back(an_exhibitor(fair), occasion="exhibitors.new_application")
    assert concerns.present_of(letter) is None
    assert repeats.send_again(letter_id=letter.pk)
    assert Letter.objects.get().recipient_email == "old@example.com"


def test_an_address_that_still_holds_is_kept_and_who_has_the_letter_comes_last(fair):
    application = an_exhibitor(fair, "has-it@example.com")
    CompanyMemberFactory(company=application.company, role=CompanyRole.OWNER, user=UserFactory(email="has-it-not@example.com"))
    letter = came_back(application)
    came_back(application, to="has-it@example.com", number=2, bounced_at=None)
    assert concerns.present_of(letter).email == "has-it-not@example.com"
    assert concerns.present_of(came_back(application, to="has-it@example.com", number=3)) is None


def test_the_desk_shows_moments_of_letters_on_the_business_clock(client, fair, monkeypatch):
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    application = an_exhibitor(fair)
    letter = came_back(application)
    monkeypatch.setattr(business_clock, "offset", lambda: timedelta(days=-4000))
    year = str((timezone.now() - timedelta(days=4000)).year)
    for name, given in (("notifications_letter_changelist", []), ("notifications_letter_change", [letter.pk]),
                        ("exhibitors_application_letters", [application.pk])):  # fmt: skip
        page = client.get(reverse(f"admin:{name}", args=given))
        assert page.status_code == 200
        text = page.content.decode().partition('id="content"')[2]
        assert year in text, name
        assert str(timezone.now().year) not in text, name
