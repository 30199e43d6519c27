"""The cross-table rules of people on the stands and their passes, held by the database (see fairs/triggers.py)."""

from fairs.triggers import Effect, Rule, immutable

RULES = [
    immutable("stand_staff_keeps_application", "exhibitors_standstaff", "application_id"),
    immutable("stand_staff_days_keep_person", "exhibitors_standstaffdays", "staff_id"),
    Rule(
        "stand_staff_days_within_wish",
        "exhibitors_standstaffdays",
        """NOT EXISTS (SELECT 1 FROM exhibitors_standstaff p JOIN exhibitors_sitewish w ON w.application_id = p.application_id
           WHERE p.id = NEW.staff_id AND w.site_id = NEW.site_id AND NEW.first_day >= w.first_day AND NEW.last_day <= w.last_day)""",
        ("staff_id", "site_id", "first_day", "last_day"),
        locks="""exhibitors_sitewish WHERE site_id = NEW.site_id
            AND application_id = (SELECT application_id FROM exhibitors_standstaff WHERE id = NEW.staff_id)""",
    ),
    Rule(
        "pass_quota_site_of_same_fair",
        "exhibitors_passquota",
        """NEW.site_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM fairs_site s WHERE s.id = NEW.site_id AND s.fair_id = NEW.fair_id)""",
        ("site_id", "fair_id"),
    ),
    Rule(
        "extra_passes_site_of_same_fair",
        "exhibitors_extrapasses",
        """NOT EXISTS (SELECT 1 FROM fairs_site s JOIN exhibitors_application a ON a.fair_id = s.fair_id
           WHERE s.id = NEW.site_id AND a.id = NEW.application_id)""",
        ("site_id", "application_id"),
    ),
]

# The wish is what people's days are measured by: where it shrinks or goes, they follow.
_OF_WISH = "site_id = OLD.site_id AND staff_id IN (SELECT p.id FROM exhibitors_standstaff p WHERE p.application_id = OLD.application_id)"
_LEAVE = f"""DELETE FROM exhibitors_standstaffdays WHERE {_OF_WISH} AND (NEW.site_id <> OLD.site_id
    OR NEW.application_id <> OLD.application_id OR last_day < NEW.first_day OR first_day > NEW.last_day)"""
_SHRINK = f"""UPDATE exhibitors_standstaffdays
    SET first_day = {{later}}(first_day, NEW.first_day), last_day = {{earlier}}(last_day, NEW.last_day)
    WHERE {_OF_WISH} AND (first_day < NEW.first_day OR last_day > NEW.last_day)"""

FOLLOW_WISH = [
    Effect(
        "site_wish_takes_staff_days_with_it",
        "exhibitors_sitewish",
        "DELETE",
        f"DELETE FROM exhibitors_standstaffdays WHERE {_OF_WISH}",
        f"DELETE FROM exhibitors_standstaffdays WHERE {_OF_WISH}",
    ),
    Effect(
        "site_wish_shrinks_staff_days",
        "exhibitors_sitewish",
        "UPDATE OF site_id, application_id, first_day, last_day",
        f"{_LEAVE}; {_SHRINK.format(later='GREATEST', earlier='LEAST')}",
        f"{_LEAVE}; {_SHRINK.format(later='max', earlier='min')}",
    ),
]

ALL: list[Rule | Effect] = [*RULES, *FOLLOW_WISH]
