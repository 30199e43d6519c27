"""Until when an application has time: the deadline's moment, or later where the organiser gave it longer."""

from datetime import UTC, datetime, timedelta

import pytest

from exhibitors.domain import applications, deadlines, window
from exhibitors.enums import ApplicationStatus
from exhibitors.models import DeadlineExtension
from tests.exhibitors.world import NOW, application_in
from tests.factories.fairs import DeadlineFactory, FairFactory

pytestmark = pytest.mark.django_db

LATER = timedelta(days=3)


def extend(application, deadline, by=LATER):
    return DeadlineExtension.objects.create(application=application, deadline=deadline, due_at=deadline.due_at + by, at=NOW)


def test_a_deadline_is_due_at_its_moment():
    application = application_in(ApplicationStatus.ACCEPTED)
    deadline = DeadlineFactory(fair=application.fair)

    assert deadlines.due_moment(application, deadline) == deadline.due_at


def test_an_extension_is_for_one_application_and_one_deadline():
    application = application_in(ApplicationStatus.ACCEPTED)
    other = application_in(ApplicationStatus.ACCEPTED, fair=application.fair)
    extended, kept = DeadlineFactory(fair=application.fair), DeadlineFactory(fair=application.fair, code="other")
    extend(application, extended)

    assert deadlines.due_moment(application, extended) == extended.due_at + LATER
    assert deadlines.due_moment(application, kept) == kept.due_at
    assert deadlines.due_moment(other, extended) == extended.due_at


def test_a_deadline_that_overtakes_its_extension_is_the_one_that_counts():
    application = application_in(ApplicationStatus.ACCEPTED)
    deadline = DeadlineFactory(fair=application.fair)
    extend(application, deadline)
    deadline.due_at += LATER * 2
    deadline.save()

    assert deadlines.due_moment(application, deadline) == deadline.due_at


def test_many_are_told_in_one_query(django_assert_num_queries):
    application = application_in(ApplicationStatus.ACCEPTED)
    some = [DeadlineFactory(fair=application.fair, code=f"code-{number}") for number in range(3)]
    extend(application, some[0])

    with django_assert_num_queries(1):
        found = deadlines.due_moments([application.pk, 0], some)

    assert len(found) == 6
    assert found[application.pk, some[0].pk] == some[0].due_at + LATER
    assert found[0, some[0].pk] == some[0].due_at


CLOSES = datetime(2030, 2, 1, tzinfo=UTC)


@pytest.fixture
def draft():
    """Of a fair that takes no late applications; its window has the deadline ``application`` beside it."""
    fair = FairFactory(applications_close_at=CLOSES, takes_late_applications=False)
    return application_in(ApplicationStatus.DRAFT, fair=fair)


def test_an_extended_applicant_is_neither_refused_nor_late(draft):
    extend(draft, DeadlineFactory(fair=draft.fair, code=deadlines.APPLICATION, due_at=CLOSES))

    sent = applications.submit(application_id=draft.pk, by=None, now=CLOSES + LATER, tell=False)

    assert (sent.status, sent.late) == (ApplicationStatus.SUBMITTED, False)


@pytest.mark.parametrize("code", [deadlines.APPLICATION, "catalogue"])
def test_after_the_extension_and_by_another_deadline_the_window_is_closed(draft, code):
    extend(draft, DeadlineFactory(fair=draft.fair, code=code, due_at=CLOSES))

    with pytest.raises(window.ApplicationsClosed) as refusal:
        applications.submit(application_id=draft.pk, by=None, now=CLOSES + LATER + timedelta(seconds=1), tell=False)

    closed = CLOSES + LATER if code == deadlines.APPLICATION else CLOSES
    assert datetime.fromisoformat(refusal.value.facts["closed_at"]) == closed


def test_where_late_ones_are_taken_they_are_late_after_the_extension(draft):
    draft.fair.takes_late_applications = True
    draft.fair.save()
    extend(draft, DeadlineFactory(fair=draft.fair, code=deadlines.APPLICATION, due_at=CLOSES))

    sent = applications.submit(application_id=draft.pk, by=None, now=CLOSES + LATER + timedelta(seconds=1), tell=False)

    assert sent.late
