"""The cross-table rules of what an application says (see exhibitors/rules.py)."""

from fairs.rules import public_face
from fairs.triggers import Effect, Rule, immutable

RULES = [
    immutable("pavilion_keeps_fair", "exhibitors_pavilion", "fair_id"),
    immutable("neighbour_keeps_application", "exhibitors_neighbourwish", "application_id"),
    Rule(
        "application_pavilion_of_same_fair",
        "exhibitors_application",
        """NEW.pavilion_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM exhibitors_pavilion p WHERE p.id = NEW.pavilion_id AND p.fair_id = NEW.fair_id)""",
        ("pavilion_id",),
    ),
    Rule(
        "stand_preference_of_wished_site",
        "exhibitors_standpreference",
        """NOT EXISTS (SELECT 1 FROM exhibitors_sitewish w JOIN fairs_hall h ON h.site_id = w.site_id
           JOIN fairs_stand s ON s.hall_id = h.id WHERE w.id = NEW.wish_id AND s.id = NEW.stand_id)""",
        ("stand_id", "wish_id"),
    ),
    Rule(
        "site_wish_with_preferences_keeps_site",
        "exhibitors_sitewish",
        "NEW.site_id <> OLD.site_id AND EXISTS (SELECT 1 FROM exhibitors_standpreference p WHERE p.wish_id = NEW.id)",
        ("site_id",),
        on_insert=False,
    ),
    Rule(
        "neighbour_is_another_company",
        "exhibitors_neighbourwish",
        "EXISTS (SELECT 1 FROM exhibitors_application a WHERE a.id = NEW.application_id AND a.company_id = NEW.company_id)",
        ("company_id",),
    ),
    Rule(
        "neighbour_exhibitor_of_same_fair",
        "exhibitors_neighbourwish",
        """NEW.exhibitor_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM exhibitors_exhibitor e
           JOIN exhibitors_application a ON a.fair_id = e.fair_id WHERE e.id = NEW.exhibitor_id AND a.id = NEW.application_id)""",
        ("exhibitor_id",),
    ),
]

PUBLIC_FACE = [*public_face("pavilion", "exhibitors_pavilion", "SELECT {row}.fair_id")]

ALL: list[Rule | Effect] = [*RULES, *PUBLIC_FACE]
