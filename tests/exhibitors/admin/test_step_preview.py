"""The letters of a step are shown as they will go, before anybody takes it; looking changes nothing."""

import pytest
from django.urls import reverse

from exhibitors.domain.seen_state import SEEN, state_of
from exhibitors.enums import ApplicationStatus
from exhibitors.models import ApplicationStep, Placement
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def application():
    """Admitted, with people who read Russian, Russian and Chinese."""
    application = application_in(ApplicationStatus.ADMITTED)
    for language in ("ru", "ru", "zh-hans"):
        CompanyMemberFactory(company=application.company, user__language=language)
    return application


@pytest.fixture
def post(client, application):
    """``post("offer-stand", stand_id=1)`` sends the form of the step as the fair's owner."""
    client.force_login(StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER).user)

    def send(step, **form):
        url = reverse("admin:exhibitors_application_step", args=[application.pk, step])
        return client.post(url, {SEEN: state_of(application), **form})

    return send


def kept(application):
    application.refresh_from_db()
    return application.status, ApplicationStep.objects.count(), Placement.objects.count(), Letter.objects.count()


def test_each_letter_is_shown_once_a_language_and_goes_so_afterwards(post, application):
    stand = stand_at(site_of(application.fair), number="A-77")
    before = kept(application)

    page = post("offer-stand", stand_id=stand.pk, hold="now", preview="1")

    shown = page.context["previews"]
    assert [one.others for one in shown] == [1, 0]
    assert all("A-77" in one.frame for one in shown)
    assert all(one.frame in page.text for one in shown)
    assert kept(application) == before

    assert post("offer-stand", stand_id=stand.pk, hold="now").status_code == 302
    about = f"application:{application.pk}"
    assert {one.subject for one in shown} == set(Letter.objects.filter(about=about).values_list("subject", flat=True))


def test_what_is_typed_stands_in_it(post):
    shown = post("cancel", reason="The hall is closed.", preview="1").context["previews"]
    assert [one.title for one in shown] == ["Participation cancelled"] * 2 + ["To staff: participation cancelled"]
    assert all("The hall is closed." in one.frame for one in shown)


def test_what_is_held_has_no_letter_yet(post, application):
    stand = stand_at(site_of(application.fair))
    before = kept(application)
    page = post("offer-stand", stand_id=stand.pk, hold="hold", preview="1")
    assert page.context["previews"] == []
    assert "goes when it is announced" in page.text
    assert kept(application) == before


@pytest.mark.parametrize("wrong", ["the form", "the domain", "the page"])
def test_what_is_refused_shows_why_and_no_letter(post, application, wrong):
    before = kept(application)
    if wrong == "the form":
        page = post("cancel", reason="", preview="1")
    elif wrong == "the domain":
        page = post("extend-deadline", deadline="nonsense", due_at_0="2030-01-18", due_at_1="18:00", preview="1")
    else:
        page = post("cancel", reason="Gone.", preview="1", **{SEEN: "of yesterday"})
    assert page.status_code == 200
    assert page.context["previews"] is None
    assert page.context["form"].errors
    assert kept(application) == before


def test_whoever_may_not_take_the_step_sees_no_letter(client, application):
    client.force_login(StaffMembershipFactory(fair=application.fair, role=StaffRole.READ_ONLY).user)
    url = reverse("admin:exhibitors_application_step", args=[application.pk, "cancel"])
    assert client.post(url, {"reason": "Gone.", "preview": "1"}).status_code == 403
