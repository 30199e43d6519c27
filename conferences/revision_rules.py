"""How the database keeps ``SessionRevision``: whoever changes a session, the number grows when the public sees the change."""

from collections.abc import Iterable

from fairs.triggers import Effect

REVISION = "conferences_sessionrevision"
_NOW = {"postgresql": "clock_timestamp()", "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')"}
_TEXTS = [f"{name}_{language}" for name in ("title", "abstract") for language in ("ru", "zh_hans", "en")]
_NUMBERS = ("track_id", "room_id", "capacity")
_TIMES = ("starts_at", "ends_at")
_FACTS = ("code", "kind", "language", "interpretation", "further_languages", "is_public")
_NAMES = [f"name_{language}" for language in ("ru", "zh_hans", "en")]
_ORGANISATIONS = [f"organisation_{language}" for language in ("ru", "zh_hans", "en")]

# Within a statement that names the row of the session ``s``.
_FAIR_IS_PUBLIC = """EXISTS (SELECT 1 FROM conferences_conference c JOIN fairs_fair f ON f.id = c.fair_id
    WHERE c.id = {row}.conference_id AND f.status <> 'draft')"""


def _shown(row: str) -> str:
    """Whether everybody sees the session in ``row``."""
    return f"({row}.is_public AND {row}.cancelled_at IS NULL AND {row}.starts_at IS NOT NULL AND {_FAIR_IS_PUBLIC.format(row=row)})"


def text_changed(columns: Iterable[str]) -> str:
    return " OR ".join(f"COALESCE(NEW.{column}, '') <> COALESCE(OLD.{column}, '')" for column in columns)


# A session changed in a way that the public can see: a condition over OLD and NEW.
CHANGED = " OR ".join(
    [
        text_changed(_TEXTS),
        *(f"COALESCE(NEW.{column}, -1) <> COALESCE(OLD.{column}, -1)" for column in _NUMBERS),
        *(f"COALESCE(NEW.{column}, 'epoch') <> COALESCE(OLD.{column}, 'epoch')" for column in _TIMES),
        *(f"NEW.{column} <> OLD.{column}" for column in _FACTS),
        "(NEW.cancelled_at IS NULL) <> (OLD.cancelled_at IS NULL)",
    ]
)
_COLUMNS = ", ".join([*_TEXTS, *_NUMBERS, *_TIMES, *_FACTS, "cancelled_at"])


def _effect(name: str, table: str, event: str, statement: str, *, when: str = "") -> Effect:
    """A trigger whose statement differs between the databases by the function for now, ``{now}``."""
    return Effect(name, table, event, statement.replace("{now}", _NOW["postgresql"]), statement.replace("{now}", _NOW["sqlite"]), when=when)


def _raise_where(condition: str) -> str:
    """Raise the number of the sessions ``s`` that everybody sees and that fulfil ``condition``."""
    return f"""UPDATE {REVISION} SET number = number + 1, changed_at = {{now}}
        WHERE session_id IN (SELECT s.id FROM conferences_session s WHERE {condition} AND {_shown("s")})"""


# While a session is hidden its revision stays what the public saw last: nothing of a confidential session gets out by it.
_KEEP = f"CASE WHEN was_public AND NOT {_shown('NEW')} THEN {{column}} ELSE NEW.{{column}} END"
_KEPT = ", ".join(f"{column} = {_KEEP.format(column=column)}" for column in ("starts_at", "ends_at", "track_id"))

EFFECTS = [
    _effect(
        "session_begins_its_revision",
        "conferences_session",
        "INSERT",
        f"""INSERT INTO {REVISION} (session_id, conference_id, track_id, guid, number, changed_at, starts_at, ends_at, was_public)
            VALUES (NEW.id, NEW.conference_id, NEW.track_id, NEW.guid, 0, {{now}}, NEW.starts_at, NEW.ends_at, {_shown("NEW")})""",
    ),
    _effect(
        "session_change_raises_its_revision",
        "conferences_session",
        f"UPDATE OF {_COLUMNS}",
        f"""UPDATE {REVISION} SET number = number + 1, changed_at = {{now}}, was_public = was_public OR {_shown("NEW")}, {_KEPT}
            WHERE session_id = NEW.id AND ({_shown("NEW")} OR {_shown("OLD")} OR NOT was_public)""",
        when=CHANGED,
    ),
    _effect(
        "session_hidden_leaves_change_lists",
        "conferences_session",
        "UPDATE OF is_public",
        "UPDATE conferences_releasechange SET is_public = (1 = 0) WHERE guid = NEW.guid AND is_public",
        when="OLD.is_public AND NOT NEW.is_public",
    ),
    _effect(
        "session_end_raises_its_revision",
        "conferences_session",
        "DELETE",
        f"UPDATE {REVISION} SET number = number + 1, changed_at = {{now}} WHERE session_id = OLD.id AND {_shown('OLD')}",
    ),
    _effect(
        "fair_publication_shows_sessions",
        "fairs_fair",
        "UPDATE OF status",
        f"""UPDATE {REVISION} SET was_public = (1 = 1) WHERE session_id IN (SELECT s.id FROM conferences_session s
            JOIN conferences_conference c ON c.id = s.conference_id WHERE c.fair_id = NEW.id AND s.is_public AND s.cancelled_at IS NULL
            AND s.starts_at IS NOT NULL)""",
        when="NEW.status <> 'draft' AND OLD.status = 'draft'",
    ),
    *(
        _effect(
            f"participation_{event.split()[0].lower()}_raises_revision",
            "conferences_participation",
            event,
            _raise_where(f"s.id = {row}.session_id"),
        )
        for event, row in (("INSERT", "NEW"), ("UPDATE OF session_id, speaker_id, role", "NEW"), ("DELETE", "OLD"))
    ),
    _effect(
        "room_name_raises_revisions",
        "conferences_room",
        f"UPDATE OF {', '.join(_NAMES)}",
        _raise_where("s.room_id = NEW.id"),
        when=text_changed(_NAMES),
    ),
    _effect(
        "speaker_name_raises_revisions",
        "conferences_speaker",
        f"UPDATE OF {', '.join([*_NAMES, *_ORGANISATIONS])}",
        _raise_where("s.id IN (SELECT p.session_id FROM conferences_participation p WHERE p.speaker_id = NEW.id)"),
        when=text_changed([*_NAMES, *_ORGANISATIONS]),
    ),
]
