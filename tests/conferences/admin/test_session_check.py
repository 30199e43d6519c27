"""What a session's page says of the draft, and the free places that it proposes."""

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conferences.admin.board_state import place_token
from conferences.domain.programme import Place, place_of
from conferences.models import Conference, Room, Session, SessionMove
from fairs.enums import StaffRole
from tests.conferences.admin.test_desk import page_of, session_form
from tests.factories.conferences import RoomFactory, SessionFactory, at
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(client: Client, conference: Conference) -> Session:
    """In a room that is too small for it, while the large one is taken: the producer looks at it."""
    client.force_login(StaffMembershipFactory(fair=conference.fair, role=StaffRole.CONFERENCE_PRODUCER, user__is_staff=True).user)
    small, large = (RoomFactory(conference=conference, name_en=name, capacity=seats) for name, seats in (("Parlour", 5), ("Aurora", 50)))
    SessionFactory(conference=conference, code="B", room=large, interpretation=[])
    return SessionFactory(conference=conference, code="A", title_en="Cold chain", room=small, capacity=6, interpretation=[])


def proposed(client: Client, session: Session) -> list[str]:
    page = client.get(page_of(session)).content.decode()
    return re.findall(r'<button type="submit" name="place" value="([^"]+)"', page)


def take(client: Client, session: Session, **asked: str) -> str:
    """What it said."""
    answer = client.post(reverse("admin:conferences_session_place", args=[session.pk]), asked)
    assert (answer.status_code, answer["Location"]) == (302, page_of(session))
    return str(list(get_messages(answer.wsgi_request))[-1])


def test_a_warning_and_a_free_place_that_one_press_takes(client: Client, session: Session) -> None:
    page = client.get(page_of(session)).content.decode()
    assert "A needs more places (6) than Parlour has (5)." in page
    assert "1 May, 09:00–10:00, Aurora (1 h earlier, seats: 50)" in page
    (first, *_others), seen = proposed(client, session), place_token(place_of(session))
    assert take(client, session, place=first, seen=seen) == "“Cold chain”: 1 May, 09:00–10:00, Aurora"
    assert "No conflicts found." in client.get(page_of(session)).content.decode()
    assert proposed(client, session) == []
    assert SessionMove.objects.get().to_starts_at == at(session.conference, 9)
    assert "Somebody else has moved this session meanwhile." in take(client, session, place=first, seen=seen)


def test_a_place_that_was_taken_meanwhile_is_refused(client: Client, session: Session) -> None:
    large = Room.objects.get(name_en="Aurora")
    place = place_token(Place(large.pk, at(session.conference, 10), at(session.conference, 11)))
    assert take(client, session, place=place, seen=place_token(place_of(session))) == "Room Aurora has two sessions at once: A and B."
    for nonsense in ("", "x|y|z", "99999||", f"{large.pk}||", "1|2|3|4"):
        assert take(client, session, place=nonsense, seen=place_token(place_of(session))) == "This page is old: load it again."
    session.refresh_from_db()
    assert session.draft_room.name_en == "Parlour"


def test_a_session_without_a_time_is_offered_places(client: Client, session: Session) -> None:
    waiting = SessionFactory(conference=session.conference, starts_at=None, ends_at=None, minutes=45)
    assert len(proposed(client, waiting)) == 3


def test_who_only_reads_sees_the_warning_and_is_offered_nothing(client: Client, session: Session) -> None:
    fair = session.conference.fair
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.READ_ONLY, user__is_staff=True).user)
    assert "A needs more places (6)" in client.get(page_of(session)).content.decode()
    assert proposed(client, session) == []
    assert client.post(reverse("admin:conferences_session_place", args=[session.pk])).status_code == 403


@pytest.mark.parametrize("given", [{}, {"_continue": "1"}])
def test_whoever_saves_it_is_warned(client: Client, session: Session, given: dict[str, str]) -> None:
    form: dict[str, Any] = session_form(session, draft_room=session.draft_room_id, capacity="6", interpretation=[], **given)
    answer = client.post(page_of(session), form)
    assert answer.status_code == 302, answer.context["errors"]
    told = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    assert ("A needs more places (6) than Parlour has (5)." in told) == (not given)  # else the page says so


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_offers_free_places(
    client: Client, session: Session, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        SessionFactory(
            conference=session.conference, room=RoomFactory(conference=session.conference), starts_at=at(session.conference, 12 + number)
        )
    url = reverse("admin:conferences_conference_board_free", args=[session.conference_id])
    client.get(url)
    with django_assert_num_queries(13):
        places = client.get(url, {"session": session.pk}).json()["places"]
    assert places[0] == {
        "text": "1 May, 10:00–11:00, Room (at the same time, seats: 100)",
        "room": Room.objects.filter(name_en="Room").order_by("code")[0].pk,
        "starts": "2030-05-01T10:00:00+08:00",
        "minutes": 60,
        "reasons": [],
    }
    assert client.get(url, {"session": "nonsense"}).json() == {"places": []}
