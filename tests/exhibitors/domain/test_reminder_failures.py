"""Where the reminders of a fair cannot be written, nobody was told there, and the others go all the same."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from exhibitors.domain import reminders
from notifications.models import Letter
from tests.exhibitors.domain.test_reminders import DUE, WEEK_BEFORE, an_exhibitor
from tests.factories.fairs import DeadlineFactory, FairFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fairs():
    """Two, each with an exhibitor, named after it, who is to be reminded."""
    fairs = FairFactory.create_batch(2)
    for name, fair in zip(("first", "second"), fairs, strict=True):
        DeadlineFactory(fair=fair, due_at=DUE)
        an_exhibitor(fair, f"{name}@example.com")
    return fairs


def dying(monkeypatch, error):
    """The first who writes letters dies."""
    write = reminders.write_drawn

    def die(drawn):
        monkeypatch.setattr(reminders, "write_drawn", write)
        raise error

    monkeypatch.setattr(reminders, "write_drawn", die)


def told():
    return sorted(Letter.objects.values_list("recipient_email", flat=True))


def test_an_error_at_one_fair_holds_up_no_other_and_is_made_good(fairs, monkeypatch):
    dying(monkeypatch, ValueError("a text that cannot be drawn"))
    assert reminders.remind(now=WEEK_BEFORE) == 1
    assert told() == ["second@example.com"]
    assert reminders.remind(now=WEEK_BEFORE + timedelta(minutes=5)) == 1
    assert told() == ["first@example.com", "second@example.com"]


def test_without_a_database_the_run_ends_and_has_told_nobody(fairs, monkeypatch):
    dying(monkeypatch, OperationalError("gone"))
    with pytest.raises(OperationalError, match="gone"):
        reminders.remind(now=WEEK_BEFORE)
    assert told() == []
    assert reminders.remind(now=WEEK_BEFORE) == 2
