"""The cross-table rules of the fair's own tables, and what moves a fair's public revision."""

from collections.abc import Iterator

from fairs.triggers import Effect, Rule, immutable

_DAYS_OUTSIDE_FAIR = """EXISTS (SELECT 1 FROM fairs_fair f WHERE f.id = NEW.fair_id
    AND (NEW.starts_on < f.starts_on OR NEW.ends_on > f.ends_on))"""

SITE_OF_ROW = "fairs_site WHERE id = NEW.site_id"  # what a rule about the days of a row's site leans on

RULES = [
    Rule(
        "site_days_within_fair",
        "fairs_site",
        _DAYS_OUTSIDE_FAIR,
        ("starts_on", "ends_on", "fair_id"),
        locks="fairs_fair WHERE id = NEW.fair_id",
    ),
    Rule(
        "fair_days_hold_its_sites",
        "fairs_fair",
        """EXISTS (SELECT 1 FROM fairs_site s WHERE s.fair_id = NEW.id
           AND (s.starts_on < NEW.starts_on OR s.ends_on > NEW.ends_on))""",
        ("starts_on", "ends_on"),
        on_insert=False,
    ),
    Rule(
        "opening_day_within_site",
        "fairs_openinghours",
        "EXISTS (SELECT 1 FROM fairs_site s WHERE s.id = NEW.site_id AND (NEW.day < s.starts_on OR NEW.day > s.ends_on))",
        ("day", "site_id"),
        locks=SITE_OF_ROW,
    ),
    Rule(
        "site_days_hold_its_opening_hours",
        "fairs_site",
        "EXISTS (SELECT 1 FROM fairs_openinghours h WHERE h.site_id = NEW.id AND (h.day < NEW.starts_on OR h.day > NEW.ends_on))",
        ("starts_on", "ends_on"),
        on_insert=False,
    ),
    Rule(
        "deadline_site_of_same_fair",
        "fairs_deadline_sites",
        """NOT EXISTS (SELECT 1 FROM fairs_site s JOIN fairs_deadline d ON d.fair_id = s.fair_id
           WHERE s.id = NEW.site_id AND d.id = NEW.deadline_id)""",
        ("site_id", "deadline_id"),
    ),
    Rule(
        "hall_fair_is_site_fair",
        "fairs_hall",
        "NOT EXISTS (SELECT 1 FROM fairs_site s WHERE s.id = NEW.site_id AND s.fair_id = NEW.fair_id)",
        ("site_id", "fair_id"),
    ),
    Rule(
        "hall_building_of_same_site",
        "fairs_hall",
        """NEW.building_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM fairs_building b WHERE b.id = NEW.building_id AND b.site_id = NEW.site_id)""",
        ("site_id", "building_id"),
    ),
    Rule(
        "stand_zone_of_same_hall",
        "fairs_stand",
        "NEW.zone_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fairs_zone z WHERE z.id = NEW.zone_id AND z.hall_id = NEW.hall_id)",
        ("hall_id", "zone_id"),
    ),
    Rule(
        "stand_days_within_site",
        "fairs_stand",
        """NEW.first_day IS NOT NULL AND EXISTS (SELECT 1 FROM fairs_site s JOIN fairs_hall h ON h.site_id = s.id
           WHERE h.id = NEW.hall_id AND (NEW.first_day < s.starts_on OR NEW.last_day > s.ends_on))""",
        ("first_day", "last_day"),
        locks="fairs_site WHERE NEW.first_day IS NOT NULL AND id = (SELECT site_id FROM fairs_hall WHERE id = NEW.hall_id)",
    ),
    Rule(
        "site_days_hold_those_of_its_stands",
        "fairs_site",
        """EXISTS (SELECT 1 FROM fairs_stand st JOIN fairs_hall h ON h.id = st.hall_id
           WHERE h.site_id = NEW.id AND (st.first_day < NEW.starts_on OR st.last_day > NEW.ends_on))""",
        ("starts_on", "ends_on"),
        on_insert=False,
    ),
    immutable("building_keeps_site", "fairs_building", "site_id"),
    immutable("zone_keeps_hall", "fairs_zone", "hall_id"),
    immutable("site_keeps_fair", "fairs_site", "fair_id"),
    immutable("hall_keeps_site", "fairs_hall", "site_id", "fair_id"),
    immutable("stand_keeps_hall", "fairs_stand", "hall_id"),
]

NEW_FAIR_HAS_REVISION = Effect(
    "new_fair_has_revision",
    "fairs_fair",
    "INSERT",
    "INSERT INTO fairs_publicrevision (fair_id, number, changed_in) VALUES (NEW.id, 1, 0)",
    "INSERT INTO fairs_publicrevision (fair_id, number, changed_in) VALUES (NEW.id, 1, 0)",
)


def public_face(name: str, table: str, fairs: str, *, when: dict[str, str] | None = None) -> Iterator[Effect]:
    """Triggers that move the public revision of a fair when a row of ``table`` comes, changes or goes.

    ``fairs`` is a query for the ids of the fairs concerned, with ``{row}`` where NEW or OLD belongs. ``when`` narrows an
    event ("INSERT", "UPDATE", "DELETE") to rows that the public sees.
    """
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        concerned = fairs.format(row=row)
        yield Effect(
            f"public_{name}_{event.lower()}",
            table,
            event,
            # Within one transaction the second change finds the mark of the first and leaves the row alone.
            f"""UPDATE fairs_publicrevision SET number = number + 1, changed_in = txid_current()
                WHERE changed_in <> txid_current() AND fair_id IN ({concerned})""",
            f"UPDATE fairs_publicrevision SET number = number + 1 WHERE fair_id IN ({concerned})",
            when=(when or {}).get(event, ""),
            deferred=True,
        )


_OF_HALL = "SELECT h.fair_id FROM fairs_hall h WHERE h.id = {row}.hall_id"
_OF_SITE = "SELECT s.fair_id FROM fairs_site s WHERE s.id = {row}.site_id"

PUBLIC_FACE = [
    *public_face("fair", "fairs_fair", "SELECT {row}.id"),
    *public_face("site", "fairs_site", "SELECT {row}.fair_id"),
    *public_face("opening_hours", "fairs_openinghours", _OF_SITE),
    *public_face("hall", "fairs_hall", "SELECT {row}.fair_id"),
    *public_face("building", "fairs_building", _OF_SITE),
    *public_face("zone", "fairs_zone", _OF_HALL),
    *public_face("stand", "fairs_stand", _OF_HALL),
    *public_face("deadline", "fairs_deadline", "SELECT {row}.fair_id"),
    *public_face("trade_figure", "fairs_tradefigure", "SELECT {row}.fair_id"),
]

ALL: list[Rule | Effect] = [*RULES, NEW_FAIR_HAS_REVISION, *PUBLIC_FACE]
