"""Two organisers move two sessions into one room at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from unittest import mock

import pytest
from django.db import connection

from conferences.domain import programme
from conferences.domain.clashes import ProgrammeClash
from conferences.models import Conference, Session
from fairs import triggers
from tests.conftest import MOMENT
from tests.factories.conferences import ConferenceFactory, RoomFactory, SessionFactory, at

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

ROUNDS = 50


def race() -> int:
    """How many of two have the room in the end, counted in the database; the others were refused."""
    conference = ConferenceFactory()
    room = RoomFactory(conference=conference)
    sessions = [SessionFactory(conference=conference, starts_at=None, ends_at=None) for _n in range(2)]
    together = threading.Barrier(2)

    def move(session: Session) -> bool:
        try:
            together.wait(timeout=60)
            programme.place_session(session_id=session.pk, room=room, starts_at=at(conference, 10), by=None, now=MOMENT)
        except ProgrammeClash:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        moved = list(pool.map(move, sessions))
    there = Session.objects.filter(draft_room=room).count()
    assert there == sum(moved)
    return there


def test_one_of_two_has_the_room() -> None:
    assert {race() for _round in range(ROUNDS)} == {1}


@pytest.fixture
def unguarded() -> Iterator[None]:
    """Without the exclusion, and without the lock; both look at the table before either has written."""
    looked = threading.Barrier(2)
    refuse = programme.refuse_clashes

    def refuse_together(session: Session) -> None:
        refuse(session)
        looked.wait(timeout=60)

    triggers.remove()
    with (
        mock.patch.object(programme.delegates, "lock", lambda pk: Conference.objects.get(pk=pk)),
        mock.patch.object(programme, "placing_freely", nullcontext),
        mock.patch.object(programme, "refuse_clashes", refuse_together),
    ):
        yield
    Session.objects.all().delete()
    triggers.install()


def test_both_have_it_without_the_guards(unguarded: None) -> None:
    assert race() == 2
