"""A tick by hand stops reminders and ends tasks; taken back, the next step goes again."""

import pytest

from api.problems import Invalid
from exhibitors.domain import deadline_ticks, reminders
from exhibitors.models import DeadlineTick, StaffTask
from tests.exhibitors.domain.test_reminders import DAY, DAY_BEFORE, DUE, NINE, WEEK_BEFORE, an_exhibitor, staff, told
from tests.factories.fairs import DeadlineFactory, FairFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    fair = FairFactory()
    DeadlineFactory(fair=fair, code="contract", due_at=DUE)
    return an_exhibitor(fair, responsible=staff("desk@example.com", fair))


def test_ticked_off_nobody_is_reminded_and_taken_back_the_next_step_goes(application):
    clerk = application.responsible
    first = deadline_ticks.tick(application_id=application.pk, deadline="contract", by=clerk, now=WEEK_BEFORE, note=" by post ")
    again = deadline_ticks.tick(application_id=application.pk, deadline="contract", by=None, now=DAY_BEFORE)
    assert (first.pk, first.by, first.note) == (again.pk, clerk, "by post")
    assert told(now=WEEK_BEFORE) == []
    assert deadline_ticks.untick(application_id=application.pk, deadline="contract")
    assert not deadline_ticks.untick(application_id=application.pk, deadline="contract")
    assert told(now=DAY_BEFORE) == ["owner@example.com"]


def test_a_tick_ends_the_task_and_names_who_did(application):
    reminders.remind(now=NINE + 2 * DAY)
    StaffTask.objects.create(fair=application.fair, application=application, title="Call them", created_at=NINE)
    deadline_ticks.tick(application_id=application.pk, deadline="contract", by=application.responsible, now=NINE + 3 * DAY)
    assert StaffTask.objects.get(deadline__code="contract").done_by == application.responsible
    assert StaffTask.objects.open().get().title == "Call them"


def test_an_unknown_deadline_is_refused(application):
    DeadlineFactory(code="elsewhere")
    for code in ("elsewhere", "", "contract\n"):
        with pytest.raises(Invalid):
            deadline_ticks.tick(application_id=application.pk, deadline=code, by=None, now=NINE)
    assert not DeadlineTick.objects.exists()
