"""The cross-table rules of conferences, held by the database (see fairs/triggers.py)."""

from conferences.revision_rules import CHANGED, text_changed
from conferences.revision_rules import EFFECTS as SESSION_REVISIONS
from fairs.rules import public_face
from fairs.triggers import Effect, Exclusion, Rule, immutable

RULES = [
    Rule(
        "conference_site_of_same_fair",
        "conferences_conference",
        "NOT EXISTS (SELECT 1 FROM fairs_site s WHERE s.id = NEW.site_id AND s.fair_id = NEW.fair_id)",
        ("site_id", "fair_id"),
    ),
    immutable("conference_keeps_fair", "conferences_conference", "fair_id"),
    immutable("room_keeps_conference", "conferences_room", "conference_id"),
    immutable("track_keeps_conference", "conferences_track", "conference_id"),
    immutable("speaker_keeps_conference", "conferences_speaker", "conference_id"),
    immutable("session_keeps_conference", "conferences_session", "conference_id"),
    immutable("delegate_keeps_conference", "conferences_delegate", "conference_id"),
    immutable("delegate_quota_keeps_conference", "conferences_delegatequota", "conference_id"),
    immutable("release_keeps_conference", "conferences_programmerelease", "conference_id", "number"),
    Rule(
        "delegate_stays_ended",
        "conferences_delegate",
        "OLD.status IN ('lapsed', 'cancelled', 'refused') AND NEW.status <> OLD.status",
        ("status",),
        on_insert=False,
    ),
    Rule(
        "sign_up_within_conference",
        "conferences_signup",
        """NOT EXISTS (SELECT 1 FROM conferences_session s JOIN conferences_delegate d ON d.conference_id = s.conference_id
           WHERE s.id = NEW.session_id AND d.id = NEW.delegate_id)""",
        ("session_id", "delegate_id"),
    ),
    Rule(
        "slides_within_conference",
        "conferences_speakerslides",
        """NOT EXISTS (SELECT 1 FROM conferences_session s JOIN conferences_speaker p ON p.conference_id = s.conference_id
           WHERE s.id = NEW.session_id AND p.id = NEW.speaker_id)""",
        ("session_id", "speaker_id"),
    ),
    Rule(
        "session_room_of_same_conference",
        "conferences_session",
        """NEW.room_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conferences_room r
           WHERE r.id = NEW.room_id AND r.conference_id = NEW.conference_id)""",
        ("room_id", "conference_id"),
    ),
    Rule(
        "session_draft_room_of_same_conference",
        "conferences_session",
        """NEW.draft_room_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conferences_room r
           WHERE r.id = NEW.draft_room_id AND r.conference_id = NEW.conference_id)""",
        ("draft_room_id", "conference_id"),
    ),
    Rule(
        "room_site_of_same_fair",
        "conferences_room",
        """NEW.site_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fairs_site s JOIN conferences_conference c ON c.fair_id = s.fair_id
           WHERE s.id = NEW.site_id AND c.id = NEW.conference_id)""",
        ("site_id", "conference_id"),
    ),
    Rule(
        "session_host_of_same_fair",
        "conferences_sessionhost",
        """NOT EXISTS (SELECT 1 FROM exhibitors_application a JOIN conferences_conference c ON c.fair_id = a.fair_id
           JOIN conferences_session s ON s.conference_id = c.id WHERE s.id = NEW.session_id AND a.id = NEW.application_id)""",
        ("session_id", "application_id"),
    ),
    Rule(
        "session_track_of_same_conference",
        "conferences_session",
        """NEW.track_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conferences_track t
           WHERE t.id = NEW.track_id AND t.conference_id = NEW.conference_id)""",
        ("track_id", "conference_id"),
    ),
    Rule(
        "participation_within_conference",
        "conferences_participation",
        """NOT EXISTS (SELECT 1 FROM conferences_session s JOIN conferences_speaker p ON p.conference_id = s.conference_id
           WHERE s.id = NEW.session_id AND p.id = NEW.speaker_id)""",
        ("session_id", "speaker_id"),
    ),
]

# When somebody is busy, beside the person: what the exclusion below compares.
_DRAFT_TIMES = """UPDATE conferences_participation SET
    draft_starts_at = (SELECT s.draft_starts_at FROM conferences_session s WHERE s.id = session_id AND s.cancelled_at IS NULL),
    draft_ends_at = (SELECT s.draft_ends_at FROM conferences_session s WHERE s.id = session_id AND s.cancelled_at IS NULL)
    WHERE {rows}"""
DRAFT_TIMES = [
    Effect(
        f"participation_takes_draft_times_{number}",
        "conferences_participation",
        event,
        _DRAFT_TIMES.format(rows="id = NEW.id"),
        _DRAFT_TIMES.format(rows="id = NEW.id"),
    )
    for number, event in enumerate(("INSERT", "UPDATE OF session_id"))
] + [
    Effect(
        "session_hands_on_draft_times",
        "conferences_session",
        "UPDATE OF draft_starts_at, draft_ends_at, cancelled_at",
        _DRAFT_TIMES.format(rows="session_id = NEW.id"),
        _DRAFT_TIMES.format(rows="session_id = NEW.id"),
    )
]

# Touching is not overlapping: a session is over at the moment at which the next begins. SQLite has one writer, and the same rule
# in code under the conference's lock (domain/clashes.py).
EXCLUSIONS = [
    Exclusion(
        "room_one_session_at_a_time",
        "conferences_session",
        """USING gist (draft_room_id WITH =, tstzrange(draft_starts_at, draft_ends_at) WITH &&)
           WHERE (cancelled_at IS NULL AND draft_room_id IS NOT NULL AND draft_starts_at IS NOT NULL)""",
    ),
    Exclusion(
        "person_one_session_at_a_time",
        "conferences_participation",
        """USING gist (speaker_id WITH =, session_id WITH <>, tstzrange(draft_starts_at, draft_ends_at) WITH &&)
           WHERE (draft_starts_at IS NOT NULL)""",
    ),
]

_OF_CONFERENCE = "SELECT c.fair_id FROM conferences_conference c WHERE c.id = {row}.conference_id"

# What is kept confidential or is in the draft only raises no revision: its changes would show in every ETag of the fair.
_IS_PUBLIC = {
    "INSERT": "NEW.is_public AND NEW.starts_at IS NOT NULL",
    "UPDATE": f"(NEW.is_public OR OLD.is_public) AND (NEW.starts_at IS NOT NULL OR OLD.starts_at IS NOT NULL) AND ({CHANGED})",
    "DELETE": "OLD.is_public AND OLD.starts_at IS NOT NULL",
}
_OF_PUBLIC_SESSION = """SELECT c.fair_id FROM conferences_conference c JOIN conferences_session s ON s.conference_id = c.id
    WHERE s.id = {row}.session_id AND s.is_public AND s.starts_at IS NOT NULL"""
_TAKES_PART_OTHERWISE = {"UPDATE": "NEW.session_id <> OLD.session_id OR NEW.speaker_id <> OLD.speaker_id OR NEW.role <> OLD.role"}

# What everybody sees of a person; address, answer, journey and visa show in no ETag.
_SPEAKERS_FACE = (
    *(f"{name}_{language}" for name in ("name", "title", "organisation", "biography") for language in ("ru", "zh_hans", "en")),
    *("code", "country", "photo"),
)

PUBLIC_FACE = [
    *public_face("conference", "conferences_conference", "SELECT {row}.fair_id"),
    *public_face("room", "conferences_room", _OF_CONFERENCE),
    *public_face("track", "conferences_track", _OF_CONFERENCE),
    *public_face(
        "speaker",
        "conferences_speaker",
        """SELECT c.fair_id FROM conferences_conference c WHERE c.id = {row}.conference_id AND EXISTS (
           SELECT 1 FROM conferences_participation p JOIN conferences_session s ON s.id = p.session_id
           WHERE p.speaker_id = {row}.id AND s.is_public AND s.starts_at IS NOT NULL)""",
        when={"UPDATE": text_changed(_SPEAKERS_FACE)},
    ),
    *public_face("session", "conferences_session", _OF_CONFERENCE, when=_IS_PUBLIC),
    *public_face("participation", "conferences_participation", _OF_PUBLIC_SESSION, when=_TAKES_PART_OTHERWISE),
    # A release of confidential changes alone shows in no ETag.
    *public_face(
        "release_change",
        "conferences_releasechange",
        """SELECT c.fair_id FROM conferences_conference c JOIN conferences_programmerelease p ON p.conference_id = c.id
           WHERE p.id = {row}.release_id""",
        when={"INSERT": "NEW.is_public", "UPDATE": "NEW.is_public OR OLD.is_public", "DELETE": "OLD.is_public"},
    ),
    *public_face("session_host", "conferences_sessionhost", _OF_PUBLIC_SESSION),
]

ALL: list[Rule | Effect | Exclusion] = [*RULES, *DRAFT_TIMES, *EXCLUSIONS, *SESSION_REVISIONS, *PUBLIC_FACE]
