"""The versions of a programme as its printed form tells them: when each was released, and what it changed for everybody."""

from dataclasses import dataclass
from datetime import datetime

from conferences.domain.release_letters import sentence_of
from conferences.domain.release_preview import releases_of
from conferences.models import Conference

LATEST = 10  # versions
LISTED = 40  # changes of one


@dataclass(frozen=True, slots=True)
class Version:
    """``changes`` are sentences in the active language, with times in the fair's zone; ``more`` how many are not listed."""

    number: int
    released_at: datetime
    note: str
    changes: tuple[str, ...]
    more: int


def history_of(conference: Conference) -> list[Version]:
    """The latest first, confidential changes left out. Four queries at the most."""
    zone = conference.fair.time_zone
    found = []
    for release in releases_of(conference, with_confidential=False)[:LATEST]:
        changes = release.changes.all()
        sentences = tuple(sentence_of(change, fair_zone=zone, reader_zone=zone) for change in changes[:LISTED])
        moment = release.released_at.astimezone(conference.fair.zone)
        found.append(Version(release.number, moment, str(release.note or ""), sentences, max(len(changes) - LISTED, 0)))
    return found
