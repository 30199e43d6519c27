"""Releases: what organisers arranged in the draft becomes the programme that everybody sees, and the people of what changed are told."""

import contextlib
import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.problems import Conflict
from conferences.domain.clashes import ProgrammeClash, clashes_of, slots
from conferences.domain.places import lock
from conferences.domain.release_letters import tell_people
from conferences.enums import ChangeKind
from conferences.models import Conference, ProgrammeRelease, ReleaseChange, Session

LANGUAGES = ("ru", "zh_hans", "en")


class NothingToRelease(Conflict):
    """Everybody sees the draft as it stands already."""

    code = "nothing_to_release"
    message = _("The programme is released as it stands: nothing has changed in the draft.")


class DraftChanged(Conflict):
    """The draft is another than the one that whoever releases it has looked at."""

    code = "draft_changed"
    message = _("The draft has changed since you looked at it. Look at the changes once more.")


@transaction.atomic
def release_programme(
    *, conference_id: int, by: User | None, now: datetime, note: dict[str, str] | None = None, seen: str | None = None, tells: bool = True
) -> ProgrammeRelease:
    """Show everybody the draft as it stands, and tell the people of each session that changed, unless it ``tells`` nobody.

    ``note`` is by language (ru, zh_hans, en). ``seen`` is the :func:`fingerprint` of the changes that somebody agreed to.
    Raises NothingToRelease, DraftChanged, ProgrammeClash.
    """
    conference = lock(conference_id)
    changes = changes_of(conference_id)
    if not changes:
        raise NothingToRelease
    if seen is not None and seen != fingerprint(changes):
        raise DraftChanged
    if found := clashes_of(slots(Q(conference=conference_id))):
        raise ProgrammeClash(found)
    unreleased(conference_id).update(room=F("draft_room"), starts_at=F("draft_starts_at"), ends_at=F("draft_ends_at"))
    return record(conference, changes, by=by, now=now, note=note, tells=tells)


def release_imported(*, conference_id: int, now: datetime) -> None:
    """Show everybody what an import brought. The first programme of a conference is no change: it tells nobody."""
    tells = ProgrammeRelease.objects.filter(conference=conference_id).exists()
    with contextlib.suppress(NothingToRelease):
        release_programme(conference_id=conference_id, by=None, now=now, tells=tells)


def record(
    conference: Conference,
    changes: list[ReleaseChange],
    *,
    by: User | None,
    now: datetime,
    note: dict[str, str] | None = None,
    tells: bool = True,
) -> ProgrammeRelease:
    """Write down what has just become public, as the next version, and tell its people. Called under the conference's lock."""
    last = ProgrammeRelease.objects.filter(conference=conference).aggregate(last=Max("number"))["last"]
    texts = {f"note_{language}": (note or {}).get(language, "") for language in LANGUAGES}
    release = ProgrammeRelease.objects.create(conference=conference, number=(last or 0) + 1, released_at=now, by=by, **texts)
    for change in changes:
        change.release = release
    ReleaseChange.objects.bulk_create(changes)
    if any(change.is_public for change in changes):
        conference.release_number = release.number
        conference.save(update_fields=["release_number"])
    if tells:
        release.letters = tell_people(release, changes)
        release.save(update_fields=["letters"])
    return release


def changes_of(conference_id: int) -> list[ReleaseChange]:
    """What a release would change for people, in order of time; unsaved. One query."""
    sessions = unreleased(conference_id).filter(cancelled_at=None).select_related("room", "draft_room")
    found = [change for session in sessions if (change := _change_of(session))]
    return sorted(found, key=lambda change: (change.starts_after or change.starts_before, change.code))


def change_to(session: Session, kind: ChangeKind) -> ReleaseChange:
    """A change of this kind, not saved yet; ``kind`` says which of its two places it has."""
    change = ReleaseChange(session=session, guid=session.guid, code=session.code, kind=kind, is_public=session.is_public)
    for language in LANGUAGES:
        setattr(change, f"title_{language}", getattr(session, f"title_{language}"))
    if kind not in ChangeKind.comes:
        change.starts_before, change.ends_before, change.room_before = session.starts_at, session.ends_at, session.room
    if kind == ChangeKind.RESTORED:
        change.starts_after, change.ends_after, change.room_after = session.starts_at, session.ends_at, session.room
    elif kind not in ChangeKind.goes:
        change.starts_after, change.ends_after, change.room_after = session.draft_starts_at, session.draft_ends_at, session.draft_room
    return change


def _change_of(session: Session) -> ReleaseChange | None:
    """None for a session without a time, before and after: nobody sees it."""
    before, after = session.released_times, session.draft_times
    if before is None and after is None:
        return None
    if before is None:
        return change_to(session, ChangeKind.NEW)
    if after is None:
        return change_to(session, ChangeKind.TAKEN_OFF)
    return change_to(session, ChangeKind.MOVED if before != after else ChangeKind.ROOM)


def fingerprint(changes: list[ReleaseChange]) -> str:
    """What is the same as long as the changes are."""
    facts = [(str(one.guid), one.kind, one.starts_after, one.ends_after, one.room_after_id, one.starts_before) for one in changes]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def unreleased(conference_id: int) -> QuerySet[Session]:
    """Sessions whose place in the draft is not the one that was released."""
    other = Q()
    for name in ("room", "starts_at", "ends_at"):
        is_set, is_drafted = Q(**{f"{name}__isnull": False}), Q(**{f"draft_{name}__isnull": False})
        is_other = is_set & is_drafted & ~Q(**{name: F(f"draft_{name}")})
        other |= is_other | is_set & ~is_drafted | ~is_set & is_drafted
    return Session.objects.filter(other, conference=conference_id)
