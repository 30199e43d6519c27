"""The waiting list at the desk: a place is given, changed, and never given by a selection to those that have one."""

import pytest
from django.urls import reverse

from exhibitors.domain import applications
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.enums import StaffRole
from tests.exhibitors.admin.test_announcements import ask, step_page
from tests.exhibitors.world import NOW, application_in
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def desk(client, fair):
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    return client


@pytest.fixture
def waiting(fair):
    """Two on the list."""
    found = [application_in(S.SUBMITTED, fair=fair) for _number in range(2)]
    for application in found:
        CompanyMemberFactory(company=application.company)
        applications.waitlist(application_id=application.pk, by=None, now=NOW, tell=False)
    return found


def rank_of(application: Application) -> int | None:
    return Application.objects.get(pk=application.pk).told_waitlist_rank


def test_without_a_place_it_is_the_one_after_the_last(desk, fair, waiting):
    application = application_in(S.SUBMITTED, fair=fair)
    assert desk.post(step_page(application, "waitlist"), {"hold": "now"}).status_code == 302
    assert rank_of(application) == 3


def test_the_last_is_put_first_by_giving_the_first_another_place(desk, waiting):
    first, last = waiting
    page = desk.get(step_page(first, "waitlist"))
    assert (page.context["form"]["rank"].initial, page.context["form"].fields["rank"].required) == (1, True)
    for application, rank in ((first, 3), (last, 1)):
        assert desk.post(step_page(application, "waitlist"), {"rank": rank, "hold": "now"}).status_code == 302
    assert (rank_of(last), rank_of(first)) == (1, 3)


@pytest.mark.parametrize(("rank", "words"), [("", "This field is required"), ("2", "Another application has rank 2"), ("999", "is 3")])
def test_what_is_wrong_with_a_place_is_said_on_the_page(desk, waiting, rank, words):
    first, _last = waiting
    page = desk.post(step_page(first, "waitlist"), {"rank": rank, "hold": "now"})
    assert page.status_code == 200
    assert words in page.content.decode()
    assert rank_of(first) == 1


def test_a_selection_leaves_those_on_the_list_where_they_are(desk, fair, waiting):
    fresh = application_in(S.SUBMITTED, fair=fair)
    asked = ask(desk, "waitlist", fresh, waiting[0])
    assert [line.number for line in asked.context["possible"]] == [fresh.pk]
    assert [(line.number, "with rank 1" in line.reason) for line in asked.context["impossible"]] == [(waiting[0].pk, True)]
    assert reverse("admin:exhibitors_application_change", args=[waiting[0].pk]) in asked.content.decode()
