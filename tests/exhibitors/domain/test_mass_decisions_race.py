"""Many workers, many clicks: each application is decided once. On PostgreSQL only."""

import pytest
from django.core.cache import cache

from exhibitors.domain import mass_decisions
from exhibitors.domain.seen_state import states_of
from exhibitors.enums import ApplicationStatus, MassItemState, Step
from exhibitors.models import Application, ApplicationStep, MassDecision, MassDecisionItem
from exhibitors.models.mass_decision import MassDecisionQuerySet
from tests.conftest import MOMENT
from tests.exhibitors.world import application_in
from tests.factories.fairs import FairFactory, StaffMembershipFactory
from tests.racing import by_many

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock"),
]
WORKERS, APPLICATIONS = 6, 20


@pytest.fixture
def begin(monkeypatch):
    cache.clear()
    for task in ("deliver_letter", "deliver_letters"):
        monkeypatch.setattr(f"notifications.outbox.{task}.delay", lambda **_given: None)
    fair = FairFactory()
    user = StaffMembershipFactory(fair=fair).user
    for _number in range(APPLICATIONS):
        application_in(ApplicationStatus.SUBMITTED, fair=fair)
    seen = states_of(Application.objects.all())
    return lambda: mass_decisions.create(fair=fair, step=Step.WAITLIST, seen=seen, by=user, now=MOMENT).pk


def test_many_workers_decide_each_once_and_in_its_order(begin):
    begin()
    by_many(lambda _number: mass_decisions.take_turn(now=lambda: MOMENT), times=WORKERS)
    mass_decisions.take_turn(now=lambda: MOMENT)
    assert set(MassDecisionItem.objects.values_list("state", flat=True)) == {MassItemState.DONE}
    assert ApplicationStep.objects.filter(step="waitlist").count() == APPLICATIONS
    ranks = Application.objects.order_by("submitted_at", "pk").values_list("waitlist_rank", flat=True)
    assert list(ranks) == list(range(1, APPLICATIONS + 1))


def test_without_the_lock_workers_take_the_same_ones(begin, monkeypatch):
    """The control: what the seen state still holds up is told as if a colleague had been first."""
    monkeypatch.setattr(MassDecisionQuerySet, "select_for_update", lambda self, **_given: self)
    begin()
    refused = []
    monkeypatch.setattr(mass_decisions, "_decide", _counting(mass_decisions._decide, refused))
    by_many(lambda _number: mass_decisions.take_turn(now=lambda: MOMENT), times=WORKERS)
    assert any(refused)


def test_a_page_that_is_sent_by_many_clicks_begins_one(begin):
    assert len(set(by_many(lambda _number: begin(), times=WORKERS))) == MassDecision.objects.count() == 1
    assert MassDecisionItem.objects.count() == APPLICATIONS


def _counting(function, told):
    def counted(*given, **values):
        told.append(function(*given, **values))
        return told[-1]

    return counted
