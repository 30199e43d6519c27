"""Two organisers move two sessions into one room at once, round after round: one has it, the other is refused and told why."""

from datetime import datetime, time

from accounts.models import User
from benchmarks.processes import Server
from benchmarks.sessions import session_token
from chaos.figures import Figures
from chaos.volley import Answer, Call, fire
from chaos.world import CONFERENCE, World
from conferences.enums import SessionKind
from conferences.models import Conference, Room, Session
from fairs.enums import StaffRole
from fairs.models import StaffMembership

TAKEN = "/problems/programme-clash"


def measure(server: Server, world: World, figures: Figures, *, rounds: int) -> None:
    tokens = [world.organiser, _producer(world)]
    winners, refused, failed = [], [], 0
    for number in range(rounds):
        room, answers = _race(server, tokens, f"guarded-{number}")
        winners.append(_count(room))
        refused.append(sum(answer.status == 409 and answer.json()["type"] == TAKEN for answer in answers))
        failed += sum(answer.status >= 500 or answer.status == 0 for answer in answers)
    figures.add("room_race_winners_max", max(winners))
    figures.add("room_race_winners_min", min(winners))
    figures.add("room_race_refused_min", min(refused))
    figures.add("room_race_5xx", failed)


def measure_unguarded(server: Server, world: World, figures: Figures, *, rounds: int) -> None:
    """Without the conference's lock and the exclusion in the database both have it."""
    tokens = [world.organiser, _producer(world)]
    figures.add("room_race_winners_unguarded", max(_count(_race(server, tokens, f"unguarded-{number}")[0]) for number in range(rounds)))


def _producer(world: World) -> str:
    """The token of the other organiser."""
    user, _is_new = User.objects.get_or_create(email="producer@chaos.example", defaults={"is_staff": True})
    StaffMembership.objects.get_or_create(fair=world.fair, user=user, role=StaffRole.CONFERENCE_PRODUCER)
    return session_token(user.email)


def _race(server: Server, tokens: list[str], code: str) -> tuple[Room, list[Answer]]:
    conference = Conference.objects.select_related("fair").get(slug=CONFERENCE)
    room = Room.objects.create(conference=conference, code=code, name_en=code, capacity=50)
    starts_at = datetime.combine(conference.starts_on, time(10), conference.fair.zone).isoformat()
    calls = []
    for token, word in zip(tokens, ("one", "other"), strict=True):
        session = Session.objects.create(conference=conference, code=f"{code}-{word}", kind=SessionKind.PANEL, title_en=word, language="en")
        path = f"/api/v1/conferences/{CONFERENCE}/draft/sessions/{session.pk}/place/"
        calls.append(Call("POST", path, {"room": code, "starts_at": starts_at}, {"X-Session-Token": token}))
    return room, fire(server.port, calls)


def _count(room: Room) -> int:
    return Session.objects.filter(draft_room=room).count()
