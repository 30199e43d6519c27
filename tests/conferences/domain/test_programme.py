from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from conferences.models import Conference, Participation
from tests.conferences.domain.writing import create_session, update_session, values
from tests.factories.conferences import RoomFactory, SpeakerFactory, TrackFactory, at


def test_create_and_update(conference: Conference) -> None:
    room, people = RoomFactory(conference=conference), SpeakerFactory.create_batch(2, conference=conference)
    first = values(conference, room=room, people=((people[0], "moderator"), (people[1], "speaker")))
    session = create_session(conference=conference, values=first)
    assert session.title_zh_hans == "冷链"
    session.refresh_from_db()
    assert update_session(session=session, values=first) is False
    kept = list(Participation.objects.values_list("pk", flat=True))
    assert update_session(session=session, values=values(conference, room=room, people=first.people, capacity=5)) is True
    assert list(Participation.objects.values_list("pk", flat=True)) == kept
    assert update_session(session=session, values=values(conference, room=room, capacity=5, people=((people[1], "speaker"),))) is True
    assert list(Participation.objects.values_list("speaker", "role")) == [(people[1].pk, "speaker")]


def test_the_edges_of_the_days_are_in(conference: Conference) -> None:
    create_session(conference=conference, values=values(conference, starts_at=at(conference, 0), ends_at=at(conference, 0, day=1)))
    create_session(
        conference=conference, values=values(conference, code="S2", starts_at=at(conference, 23, day=2), ends_at=at(conference, 0, day=3))
    )


@pytest.mark.parametrize(
    ("field", "start", "hours"),
    [
        ("starts_at", (23, -1), 2),
        ("starts_at", (0, 3), 1),
        ("ends_at", (23, 2), 1.01),
        ("ends_at", (10, 0), 0),
        ("ends_at", (10, 0), -1),
        ("ends_at", (0, 0), 24.01),
    ],
)
def test_times_outside_are_refused(conference: Conference, field: str, start: tuple[int, int], hours: float) -> None:
    starts_at = at(conference, *start)
    with pytest.raises(ValidationError) as refusal:
        create_session(conference=conference, values=values(conference, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours)))
    assert list(refusal.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("room", lambda: {"room": RoomFactory()}),
        ("track", lambda: {"track": TrackFactory()}),
        ("people", lambda: {"people": ((SpeakerFactory(), "speaker"),)}),
        ("kind", lambda: {"kind": "dance"}),
        ("language", lambda: {"language": "de"}),
        ("interpretation", lambda: {"interpretation": ("de",)}),
    ],
)
def test_what_does_not_belong_is_refused(conference: Conference, field: str, make: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        create_session(conference=conference, values=values(conference, **make()))
    assert list(refusal.value.message_dict) == [field]
