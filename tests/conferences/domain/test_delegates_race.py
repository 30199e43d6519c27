"""Many register at once for few places."""

import threading

import pytest

from conferences.domain import delegates
from conferences.domain.delegates import Registration
from conferences.domain.places import Places
from conferences.models import Conference, Delegate, DelegateQuota
from tests.conferences.conftest import NOW
from tests.factories.conferences import ConferenceFactory, registration
from tests.racing import by_many

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

THREADS = 30
PLACES = 10


def test_thirty_register_at_once_for_ten_places() -> None:
    conference = ConferenceFactory(capacity=PLACES)

    def register(number: int) -> tuple[str, str]:
        email = f"{number}@example.com"
        values = Registration(**registration(email=email))
        return email, str(delegates.register(conference=conference, values=values, now=NOW))

    answers = dict(by_many(register, times=THREADS))

    rows = list(Delegate.objects.order_by("pk").values_list("email", "status"))
    assert [status for _email, status in rows] == ["reserved"] * PLACES + ["waiting"] * (THREADS - PLACES)
    assert dict(rows) == answers


def test_one_address_registered_many_times_at_once_is_one_delegate() -> None:
    conference = ConferenceFactory(capacity=PLACES)

    def register(_number: int) -> str:
        return str(delegates.register(conference=conference, values=Registration(**registration()), now=NOW))

    answers = by_many(register, times=PLACES)

    assert answers == ["reserved"] * PLACES
    assert Delegate.objects.count() == 1


def _race_for_the_press(conference: Conference) -> list[str]:

    def register(number: int) -> None:
        values = Registration(**registration(email=f"{number}@example.com", kind="press" if number % 3 else "guest"))
        delegates.register(conference=conference, values=values, now=NOW)

    by_many(register, times=THREADS)
    return list(Delegate.objects.filter(kind="press").order_by("pk").values_list("status", flat=True))


def test_the_places_of_a_kind_are_not_given_twice() -> None:
    conference = ConferenceFactory(capacity=THREADS)
    DelegateQuota.objects.create(conference=conference, kind="press", places=5)
    assert _race_for_the_press(conference) == ["reserved"] * 5 + ["waiting"] * 15
    assert Delegate.objects.filter(kind="guest", status="reserved").count() == 10


def test_without_the_lock_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the race is real, and it is the lock that decides it."""
    conference = ConferenceFactory(capacity=THREADS)
    DelegateQuota.objects.create(conference=conference, kind="press", places=1)
    unlocked = Conference.objects.select_related("fair")
    counted, meet = Places.__init__, threading.Barrier(THREADS)

    def count_and_wait(self: Places, of: Conference) -> None:
        counted(self, of)
        meet.wait(timeout=60)  # everybody has counted before anybody writes

    monkeypatch.setattr(delegates, "lock", lambda pk: unlocked.get(pk=pk))
    monkeypatch.setattr(Places, "__init__", count_and_wait)
    assert _race_for_the_press(conference).count("reserved") == 20
