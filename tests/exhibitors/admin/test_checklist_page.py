"""The page of what is due for an application, with ticks; and the list of tasks."""

from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from exhibitors.models import DeadlineTick, StaffTask
from fairs.enums import StaffRole
from tests.exhibitors.world import NOW, application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyFactory, RegionFactory
from tests.factories.fairs import DeadlineFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    application = application_in("accepted")
    DeadlineFactory(fair=application.fair, code="contract", title_en="Contract")
    return application


def signed_in(client, application, role=StaffRole.REVIEWER):
    person = StaffMembershipFactory(fair=application.fair, role=role).user
    client.force_login(person)
    return person


def page_of(application) -> str:
    return reverse("admin:exhibitors_application_checklist", args=[application.pk])


def test_a_deadline_is_ticked_off_and_the_tick_taken_back(client, application, clock):
    clerk = signed_in(client, application)
    shown = client.get(page_of(application)).content.decode()
    assert "Contract" in shown
    assert "Tick off" in shown
    answer = client.post(page_of(application), {"deadline": "contract", "note": "came by post"}, follow=True)
    assert "came by post" in answer.content.decode()
    assert DeadlineTick.objects.get().by == clerk
    client.post(page_of(application), {"deadline": "contract", "do": "untick"})
    assert not DeadlineTick.objects.exists()


@pytest.mark.parametrize("page", ["checklist", "review"])
def test_what_is_due_is_shown_in_the_zones_of_the_fair_and_of_the_reader(client, application, clock, page):
    person = signed_in(client, application)
    person.time_zone = "Europe/Moscow"
    person.save()
    shown = client.get(reverse(f"admin:exhibitors_application_{page}", args=[application.pk])).content.decode()
    due = application.fair.deadlines.get().due_at
    at_fair, at_reader = due.astimezone(application.fair.zone), due.astimezone(ZoneInfo("Europe/Moscow"))
    assert f"{at_fair:%H:%M} (Beijing) / {at_reader:%H:%M} (Moscow)" in shown


def test_an_unknown_deadline_is_answered_in_words(client, application, clock):
    signed_in(client, application)
    answer = client.post(page_of(application), {"deadline": "nothing\x00"}, follow=True)
    assert "no such deadline" in answer.content.decode()


def test_who_may_only_look_sees_no_button_and_is_refused(client, application, clock):
    signed_in(client, application, StaffRole.READ_ONLY)
    assert "Tick off" not in client.get(page_of(application)).content.decode()
    assert client.post(page_of(application), {"deadline": "contract"}).status_code == 403


@pytest.mark.parametrize("language", ["ru", "zh-hans"])
def test_it_is_in_the_readers_language(client, application, clock, language):
    person = signed_in(client, application)
    person.language = language
    person.save()
    assert {"ru": "Отметить", "zh-hans": "确认完成"}[language] in client.get(page_of(application)).content.decode()


# --- tasks --------------------------------------------------------------------------------------------------------


def test_my_tasks_are_listed_and_done(client, application, clock):
    clerk = signed_in(client, application)
    other = StaffMembershipFactory(fair=application.fair).user
    mine, theirs = (
        StaffTask.objects.create(fair=application.fair, application=application, title=title, assignee=person, created_at=NOW)
        for title, person in (("Call them", clerk), ("Write to them", other))
    )
    address = reverse("admin:exhibitors_stafftask_changelist")
    shown = client.get(f"{address}?whose=mine&state=open").content.decode()
    assert "Call them" in shown
    assert "Write to them" not in shown
    client.post(address, {"action": "mark_done", "_selected_action": [mine.pk]})
    assert StaffTask.objects.get(pk=mine.pk).done_by == clerk
    assert StaffTask.objects.open().get() == theirs


def test_a_coordinator_finishes_the_own_task_and_nobody_elses(client, application, clock):
    coordinator = StaffMembershipFactory(fair=application.fair, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI").user
    client.force_login(coordinator)
    elsewhere = application_in("accepted", fair=application.fair, company=CompanyFactory(region=RegionFactory(code="RU-KHA")))
    mine, without_application, theirs, hidden = (
        StaffTask.objects.create(fair=application.fair, application=about, title=title, assignee=person, created_at=NOW)
        for title, about, person in (
            ("Call them", application, coordinator),
            ("Order flags", None, coordinator),
            ("Write to them", application, None),
            ("Beyond", elsewhere, coordinator),
        )
    )
    address = reverse("admin:exhibitors_stafftask_changelist")
    assert "Beyond" not in client.get(address).content.decode()
    chosen = [mine.pk, without_application.pk, theirs.pk, hidden.pk]
    answer = client.post(address, {"action": "mark_done", "_selected_action": chosen}, follow=True).content.decode()
    assert "2 tasks are done." in answer
    assert "1 task is not yours and stays" in answer
    assert set(StaffTask.objects.open()) == {theirs, hidden}
    assert client.post(reverse("admin:exhibitors_stafftask_change", args=[theirs.pk]), {"title": "Mine"}).status_code == 403


def test_a_superuser_finishes_any(client, application, clock):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    task = StaffTask.objects.create(fair=application.fair, application=application, title="Call them", created_at=NOW)
    client.post(reverse("admin:exhibitors_stafftask_changelist"), {"action": "mark_done", "_selected_action": [task.pk]})
    assert not StaffTask.objects.open().exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_tasks(client, application, clock, count, django_assert_max_num_queries):
    clerk = signed_in(client, application)
    for number in range(count):
        StaffTask.objects.create(fair=application.fair, application=application, title=f"{number}", assignee=clerk, created_at=NOW)
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:exhibitors_stafftask_changelist"))


def test_a_task_is_written_by_hand(client, application, clock):
    clerk = signed_in(client, application)
    form = {"fair": application.fair_id, "title": "Order flags", "note": "", "assignee": clerk.pk, "due_on": ""}
    answer = client.post(reverse("admin:exhibitors_stafftask_add"), form)
    assert answer.status_code == 302
    assert StaffTask.objects.get().created_by == clerk
    answer = client.post(reverse("admin:exhibitors_stafftask_add"), {**form, "title": ""})
    assert answer.status_code == 200
    assert StaffTask.objects.count() == 1
