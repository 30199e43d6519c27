"""The cross-table rules of conferences, held by the database (see fairs/triggers.py)."""

from conferences.revision_rules import EFFECTS as SESSION_REVISIONS
from fairs.rules import public_face
from fairs.triggers import Effect, Rule, immutable

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
    Rule(
        "delegate_stays_ended",
        "conferences_delegate",
        "OLD.status IN ('lapsed', 'cancelled', 'refused') AND NEW.status <> OLD.status",
        ("status",),
        on_insert=False,
    ),
    Rule(
        "session_room_of_same_conference",
        "conferences_session",
        """NEW.room_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conferences_room r
           WHERE r.id = NEW.room_id AND r.conference_id = NEW.conference_id)""",
        ("room_id", "conference_id"),
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

_OF_CONFERENCE = "SELECT c.fair_id FROM conferences_conference c WHERE c.id = {row}.conference_id"

# What is kept confidential raises no revision: its changes would show in every ETag of the fair.
_IS_PUBLIC = {"INSERT": "NEW.is_public", "UPDATE": "NEW.is_public OR OLD.is_public", "DELETE": "OLD.is_public"}

PUBLIC_FACE = [
    *public_face("conference", "conferences_conference", "SELECT {row}.fair_id"),
    *public_face("room", "conferences_room", _OF_CONFERENCE),
    *public_face("track", "conferences_track", _OF_CONFERENCE),
    *public_face(
        "speaker",
        "conferences_speaker",
        """SELECT c.fair_id FROM conferences_conference c WHERE c.id = {row}.conference_id AND EXISTS (
           SELECT 1 FROM conferences_participation p JOIN conferences_session s ON s.id = p.session_id
           WHERE p.speaker_id = {row}.id AND s.is_public)""",
    ),
    *public_face("session", "conferences_session", _OF_CONFERENCE, when=_IS_PUBLIC),
    *public_face(
        "participation",
        "conferences_participation",
        """SELECT c.fair_id FROM conferences_conference c JOIN conferences_session s ON s.conference_id = c.id
           WHERE s.id = {row}.session_id AND s.is_public""",
    ),
]

ALL: list[Rule | Effect] = [*RULES, *SESSION_REVISIONS, *PUBLIC_FACE]
