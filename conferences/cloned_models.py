"""What of a fair's conferences its next edition gets where the organiser asks for it (see fairs/cloning.py).

Days with their hours, rooms, tracks and the terms for delegates; nobody who came, and nothing of what was on the programme.
"""

import re
from collections.abc import Sequence
from itertools import chain, count
from uuid import uuid4

from conferences.models import (
    Availability,
    Conference,
    ConferenceDay,
    Delegate,
    DelegateQuota,
    Participation,
    ProgrammeRelease,
    ReleaseChange,
    Room,
    Session,
    SessionHost,
    SessionMove,
    SessionRevision,
    SignUp,
    Speaker,
    SpeakerChange,
    SpeakerLink,
    SpeakerSlides,
    Track,
    VisaInvitation,
)
from fairs.cloning import Copied, Edition, Wish

_LONGEST = 80


def _new_slugs(conferences: Sequence[Conference], edition: Edition) -> None:
    """The year in a short name moves with the fair; a name without one gets it at its end."""
    taken = set(Conference.objects.values_list("slug", flat=True))
    old, new = str(edition.source.starts_on.year), str(edition.fair.starts_on.year)
    for conference in conferences:
        moved = re.sub(rf"(?<!\d){old}(?!\d)", new, conference.slug)
        stem = moved if moved != conference.slug else f"{moved[: _LONGEST - 5]}-{new}"
        names = chain([stem], (f"{stem[: _LONGEST - 4]}-{number}" for number in count(2)))
        conference.slug = next(name for name in names if name not in taken)
        taken.add(conference.slug)
        conference.release_number = 0


def _known_anew(rooms: Sequence[Room], _edition: Edition) -> None:
    for room in rooms:
        room.guid = uuid4()


COPIED = [
    Copied(Conference, days=("starts_on", "ends_on"), wish=Wish.CONFERENCES, prepare=_new_slugs),
    Copied(ConferenceDay, "conference__fair", days=("date",), wish=Wish.CONFERENCES),
    Copied(DelegateQuota, "conference__fair", wish=Wish.CONFERENCES),
    Copied(Room, "conference__fair", wish=Wish.CONFERENCES, prepare=_known_anew),
    Copied(Track, "conference__fair", wish=Wish.CONFERENCES),
]
LEFT = [
    Availability,
    Delegate,
    Participation,
    ProgrammeRelease,
    ReleaseChange,
    Session,
    SessionHost,
    SessionMove,
    SessionRevision,
    SignUp,
    Speaker,
    SpeakerChange,
    SpeakerLink,
    SpeakerSlides,
    VisaInvitation,
]
