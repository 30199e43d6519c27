"""Two organisers at one application: whoever decides second hears of the first decision before a second letter goes."""

import pytest
from django.test import Client
from django.urls import reverse

from exhibitors.admin import steps
from exhibitors.enums import ApplicationStatus
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory
from tests.undrawn import undrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus


@pytest.fixture
def application():
    application = application_in(S.IN_REVIEW, fair=FairFactory())
    CompanyMemberFactory(company=application.company)
    return application


@pytest.fixture
def sign_in(application):
    def run(name):
        client = Client()
        client.force_login(StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER, user__name=name).user)
        return client

    return run


def step_page(application, step):
    return reverse("admin:exhibitors_application_step", args=[application.pk, step])


def decide(client, application, step, seen=None):
    """As from the page that is open, or from the one that it is opened to now."""
    return client.post(step_page(application, step), {"hold": "now", "seen": seen or seen_by(client, application, step)})


def seen_by(client, application, step):
    page = client.get(step_page(application, step))
    assert f'name="seen" value="{page.context["seen"]}"' in page.content.decode()
    return page.context["seen"]


def test_the_second_decision_is_refused_and_says_who_was_first(sign_in, application):
    first, second = sign_in("Olga Owner"), sign_in("Rita Review")
    seen = seen_by(second, application, "admit")
    assert decide(first, application, "waitlist").status_code == 302

    answer = decide(second, application, "admit", seen)

    application.refresh_from_db()
    assert (answer.status_code, application.status, Letter.objects.count()) == (200, S.WAITLISTED, 1)
    (said,) = answer.context["form"].non_field_errors()
    assert "Olga Owner" in said
    assert "put on the waiting list" in said
    assert "15 Jan 2030" in said
    assert answer.context["application"].status == S.WAITLISTED
    assert decide(second, application, "admit", answer.context["seen"]).status_code == 302
    application.refresh_from_db()
    assert application.status == S.ADMITTED


def test_without_the_check_a_second_letter_contradicts_the_first(sign_in, application, monkeypatch):
    monkeypatch.setattr(steps, "require_seen", lambda *_args: None)
    first, second = sign_in("Olga Owner"), sign_in("Rita Review")
    seen = seen_by(second, application, "admit")
    decide(first, application, "waitlist")
    assert decide(second, application, "admit", seen).status_code == 302
    assert Letter.objects.count() == 2


def test_a_step_that_is_not_open_any_more_says_what_happened(sign_in, application):
    first, second = sign_in("Olga Owner"), sign_in("Rita Review")
    seen = seen_by(second, application, "admit")
    first.post(step_page(application, "reject"), {"reason": "Full.", "hold": "now"})
    with undrawn():
        answer = second.post(step_page(application, "admit"), {"hold": "now", "seen": seen}, follow=True)
    (said,) = [str(message) for message in answer.context["messages"]]
    assert "Olga Owner" in said
    assert "not possible" in said


def test_a_button_of_a_page_that_is_out_of_date_leads_to_the_news(sign_in, application):
    first, second = sign_in("Olga Owner"), sign_in("Rita Review")
    buttons = []
    for page, name in (("change", "open_steps"), ("review", "buttons")):
        shown = second.get(reverse(f"admin:exhibitors_application_{page}", args=[application.pk])).context[name]
        urls = [one["url"] if isinstance(one, dict) else one.url for one in shown]
        buttons += [url for url in urls if "/admit/" in url]
    assert len(buttons) == 2
    with undrawn():
        assert [list(second.get(admit).context["messages"]) for admit in buttons] == [[], []]
    decide(first, application, "waitlist")
    for admit in buttons:
        with undrawn():
            answer = second.get(admit)
        (said,) = [str(message) for message in answer.context["messages"]]
        assert "Olga Owner" in said
        assert "seen=" not in answer.context["back"]
