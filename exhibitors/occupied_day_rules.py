"""The days that a live placement occupies: rows that the database writes by itself, and lets nobody else write or take away.

A live placement has one row a day, unique on (stand, day): a second placement of the stand on a day is refused, however it is
written. A row that no live placement covers is refused, and so is taking one away from a placement that covers it.
"""

from fairs.triggers import Effect, Rule, immutable

LIVE = "('planned', 'offered', 'accepted')"

_COVERED = f"""EXISTS (SELECT 1 FROM exhibitors_placement p WHERE p.id = {{row}}.placement_id AND p.stand_id = {{row}}.stand_id
    AND p.status IN {LIVE} AND {{row}}.day BETWEEN p.first_day AND p.last_day)"""
_LOST_DAY = _COVERED.format(row="OLD")
_FREE_DAYS = f"""DELETE FROM exhibitors_placementday WHERE placement_id = NEW.id
    AND NOT (NEW.status IN {LIVE} AND stand_id = NEW.stand_id AND day BETWEEN NEW.first_day AND NEW.last_day)"""
_IS_NEW = "NOT EXISTS (SELECT 1 FROM exhibitors_placementday mine WHERE mine.placement_id = NEW.id AND mine.day = {day})"
_OCCUPY_POSTGRESQL = f"""{_FREE_DAYS};
    IF NEW.status IN {LIVE} THEN
        INSERT INTO exhibitors_placementday (placement_id, stand_id, day)
        SELECT NEW.id, NEW.stand_id, d::date FROM generate_series(NEW.first_day, NEW.last_day, interval '1 day') d
        WHERE {_IS_NEW.format(day="d::date")};
    END IF"""
# SQLite has no generate_series and no WITH in triggers: 0 to 999 days by three digits.
_DIGITS = " UNION ALL ".join(["SELECT 0 AS n", *(f"SELECT {digit}" for digit in range(1, 10))])
_DAY_SQLITE = "date(NEW.first_day, '+' || (a.n + 10 * b.n + 100 * c.n) || ' days')"
# As with a company's owner (exhibitors/rules.py): owed at the end of the transaction, unless the placement has moved or gone by then.
_OWED_DAYS = "yarmarka_placement_keeps_its_days"
_OWED_DAYS_TABLE = f"""{_OWED_DAYS} (day_id integer PRIMARY KEY, placement_id integer NOT NULL,
    missing_id integer NOT NULL REFERENCES exhibitors_placementday (id) DEFERRABLE INITIALLY DEFERRED)"""
_OCCUPY_SQLITE = f"""{_FREE_DAYS};
    INSERT INTO exhibitors_placementday (placement_id, stand_id, day)
    SELECT NEW.id, NEW.stand_id, {_DAY_SQLITE}
    FROM ({_DIGITS}) a, ({_DIGITS}) b, ({_DIGITS}) c
    WHERE NEW.status IN {LIVE} AND {_DAY_SQLITE} <= NEW.last_day AND {_IS_NEW.format(day=_DAY_SQLITE)};
    DELETE FROM {_OWED_DAYS} WHERE placement_id = NEW.id"""
_LEAVE = "DELETE FROM exhibitors_placementday WHERE placement_id = OLD.id"

ALL: list[Rule | Effect] = [
    Effect("placement_occupies_days", "exhibitors_placement", "INSERT", _OCCUPY_POSTGRESQL, _OCCUPY_SQLITE, when=f"NEW.status IN {LIVE}"),
    Effect(
        "placement_moves_days",
        "exhibitors_placement",
        "UPDATE OF status, stand_id, first_day, last_day",
        _OCCUPY_POSTGRESQL,
        _OCCUPY_SQLITE,
        when=f"""(NEW.status IN {LIVE}) <> (OLD.status IN {LIVE}) OR NEW.stand_id <> OLD.stand_id
            OR NEW.first_day <> OLD.first_day OR NEW.last_day <> OLD.last_day""",
    ),
    Effect(
        "placement_leaves_days",
        "exhibitors_placement",
        "DELETE",
        _LEAVE,
        f"{_LEAVE}; DELETE FROM {_OWED_DAYS} WHERE placement_id = OLD.id",
    ),
    Rule(
        "placement_day_is_covered",
        "exhibitors_placementday",
        f"NOT {_COVERED.format(row='NEW')}",
        ("placement_id", "stand_id", "day"),
    ),
    immutable("placement_day_stays", "exhibitors_placementday", "placement_id", "stand_id", "day"),
    Effect(
        "placement_keeps_its_days",
        "exhibitors_placementday",
        "DELETE",
        f"""IF {_LOST_DAY} THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_keeps_its_days',
                MESSAGE = 'the change breaks the rule "placement_keeps_its_days"';
        END IF""",
        f"INSERT INTO {_OWED_DAYS} (day_id, placement_id, missing_id) SELECT OLD.id, OLD.placement_id, -1 WHERE {_LOST_DAY}",
        sqlite_table=_OWED_DAYS_TABLE,
    ),
]
