"""What the state of an application and the states of its placements say of each other.

Who has not applied yet, or is over, has no stand: asked at once, so a step frees the stands before it ends the application. An application
is accepted while one of its placements is: a step writes the one and then the other, so that is asked at the end of the transaction.
"""

from exhibitors.occupied_day_rules import LIVE
from fairs.triggers import Effect, Rule

ENDED = "('rejected', 'withdrawn', 'cancelled')"

_IS_NO_PARTY = f"({{row}}.status = 'draft' OR {{row}}.status IN {ENDED})"

RULES = [
    # The lock lets the second of two at once see the first: an application that ends, and a placement that comes to life.
    Rule(
        "live_placement_of_a_living_application",
        "exhibitors_placement",
        f"""NEW.status IN {LIVE} AND EXISTS (SELECT 1 FROM exhibitors_application a
            WHERE a.id = NEW.application_id AND {_IS_NO_PARTY.format(row="a")})""",
        ("status",),
        locks=f"exhibitors_application WHERE id = NEW.application_id AND NEW.status IN {LIVE}",
    ),
    Rule(
        "ended_application_has_no_live_placement",
        "exhibitors_application",
        f"""{_IS_NO_PARTY.format(row="NEW")} AND EXISTS (
            SELECT 1 FROM exhibitors_placement p WHERE p.application_id = NEW.id AND p.status IN {LIVE})""",
        ("status",),
        on_insert=False,
    ),
]

# As with a company's owner (rules.py): PostgreSQL asks at commit, under the application's lock, so that of two stands that are let go at
# once the second sees the first; SQLite notes what is owed in a row that points to nobody, and takes the note back when the other of the
# two is written. An application is not asked when it is inserted: it begins as a draft.
_NAME = "application_accepted_with_a_placement"
_BROKEN = """EXISTS (SELECT 1 FROM exhibitors_application a WHERE a.id = {id} AND (a.status = 'accepted') <> EXISTS (
    SELECT 1 FROM exhibitors_placement p WHERE p.application_id = a.id AND p.status = 'accepted'))"""
_OWED = f"yarmarka_{_NAME}"
_OWED_TABLE = f"""{_OWED} (application_id integer PRIMARY KEY,
    missing_id integer NOT NULL REFERENCES exhibitors_application (id) DEFERRABLE INITIALLY DEFERRED)"""
_CHANGES = "(NEW.status = 'accepted') <> (OLD.status = 'accepted')"


def _ask(number: int, table: str, event: str, application: str, *, when: str) -> Effect:
    broken = _BROKEN.format(id=application)
    refuse = f"""PERFORM 1 FROM exhibitors_application WHERE id = {application} FOR NO KEY UPDATE;
        IF {broken} THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{_NAME}', MESSAGE = 'the change breaks the rule "{_NAME}"';
        END IF"""
    note = f"""DELETE FROM {_OWED} WHERE application_id = {application};
        INSERT INTO {_OWED} (application_id, missing_id) SELECT {application}, -1 WHERE {broken}"""
    return Effect(f"{_NAME}_{number}", table, event, refuse, note, when=when, deferred=True, sqlite_table=_OWED_TABLE)


ACCEPTED = [
    _ask(0, "exhibitors_placement", "INSERT", "NEW.application_id", when="NEW.status = 'accepted'"),
    _ask(1, "exhibitors_placement", "UPDATE OF status", "NEW.application_id", when=_CHANGES),
    _ask(2, "exhibitors_placement", "DELETE", "OLD.application_id", when="OLD.status = 'accepted'"),
    _ask(3, "exhibitors_application", "UPDATE OF status", "NEW.id", when=_CHANGES),
    Effect(
        f"{_NAME}_4", "exhibitors_application", "DELETE", "", f"DELETE FROM {_OWED} WHERE application_id = OLD.id", sqlite_table=_OWED_TABLE
    ),
]

ALL: list[Rule | Effect] = [*RULES, *ACCEPTED]
