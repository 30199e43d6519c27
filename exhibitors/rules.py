"""The cross-table rules of applications, placements and members, held by the database (see fairs/triggers.py)."""

from exhibitors import form_rules, life_rules, occupied_day_rules, stand_staff_rules
from exhibitors.life_rules import ENDED as _ENDED
from exhibitors.occupied_day_rules import LIVE as _LIVE
from fairs.rules import SITE_OF_ROW, public_face
from fairs.triggers import Effect, Rule, immutable

# Of a row with a deadline and an application.
_DEADLINE_OF_ANOTHER_FAIR = """NOT EXISTS (SELECT 1 FROM fairs_deadline d JOIN exhibitors_application a ON a.fair_id = d.fair_id
    WHERE d.id = NEW.deadline_id AND a.id = NEW.application_id)"""
_OUTSIDE_SITE = "EXISTS (SELECT 1 FROM fairs_site s WHERE s.id = NEW.site_id AND (NEW.first_day < s.starts_on OR NEW.last_day > s.ends_on))"

RULES = [
    # A draft goes with the person who wrote it when the company turns out to be another one (domain/claims.py).
    Rule(
        "application_keeps_fair_and_company",
        "exhibitors_application",
        "NEW.fair_id <> OLD.fair_id OR (NEW.company_id <> OLD.company_id AND (OLD.status <> 'draft' OR OLD.submitted_at IS NOT NULL))",
        ("fair_id", "company_id"),
        on_insert=False,
    ),
    Rule(
        "company_region_of_its_country",
        "exhibitors_company",
        "EXISTS (SELECT 1 FROM exhibitors_region r WHERE r.id = NEW.region_id AND r.country <> NEW.country)",
        ("region_id", "country"),
    ),
    immutable("region_keeps_country", "exhibitors_region", "country"),
    immutable("placement_keeps_application", "exhibitors_placement", "application_id"),
    Rule(
        "site_wish_site_of_same_fair",
        "exhibitors_sitewish",
        """NOT EXISTS (SELECT 1 FROM fairs_site s JOIN exhibitors_application a ON a.fair_id = s.fair_id
           WHERE s.id = NEW.site_id AND a.id = NEW.application_id)""",
        ("site_id", "application_id"),
    ),
    Rule(
        "site_wish_within_site_days",
        "exhibitors_sitewish",
        _OUTSIDE_SITE,
        ("site_id", "first_day", "last_day"),
        locks=SITE_OF_ROW,
    ),
    Rule(
        "site_days_hold_what_is_wished",
        "fairs_site",
        f"""EXISTS (SELECT 1 FROM exhibitors_sitewish w JOIN exhibitors_application a ON a.id = w.application_id
            WHERE w.site_id = NEW.id AND (w.first_day < NEW.starts_on OR w.last_day > NEW.ends_on) AND a.told_status NOT IN {_ENDED})""",
        ("starts_on", "ends_on"),
        on_insert=False,
    ),
    Rule(
        "mailing_recipient_of_same_fair",
        "exhibitors_mailingrecipient",
        """NOT EXISTS (SELECT 1 FROM exhibitors_mailing m JOIN exhibitors_application a ON a.fair_id = m.fair_id
           WHERE m.id = NEW.mailing_id AND a.id = NEW.application_id)""",
        ("mailing_id", "application_id"),
    ),
    Rule(
        "placement_stand_of_same_site_and_fair",
        "exhibitors_placement",
        """NOT EXISTS (SELECT 1 FROM fairs_stand st JOIN fairs_hall h ON h.id = st.hall_id
           JOIN exhibitors_application a ON a.fair_id = h.fair_id
           WHERE st.id = NEW.stand_id AND h.site_id = NEW.site_id AND a.id = NEW.application_id)""",
        ("stand_id", "site_id", "application_id"),
    ),
    Rule(
        "placement_within_site_days",
        "exhibitors_placement",
        _OUTSIDE_SITE,
        ("site_id", "first_day", "last_day"),
        locks=SITE_OF_ROW,
    ),
    Rule(
        "site_days_hold_its_placements",
        "fairs_site",
        f"""EXISTS (SELECT 1 FROM exhibitors_placement p
            WHERE p.site_id = NEW.id AND (p.first_day < NEW.starts_on OR p.last_day > NEW.ends_on) AND p.status IN {_LIVE})""",
        ("starts_on", "ends_on"),
        on_insert=False,
    ),
    # What is over may stay outside the days of a site that was cut short, and may not come back to life there.
    Rule(
        "placement_revives_within_site_days",
        "exhibitors_placement",
        f"NEW.status IN {_LIVE} AND {_OUTSIDE_SITE}",
        ("status",),
        on_insert=False,
    ),
    Rule(
        "application_revives_within_site_days",
        "exhibitors_application",
        f"""OLD.told_status IN {_ENDED} AND NEW.told_status NOT IN {_ENDED} AND EXISTS (
            SELECT 1 FROM exhibitors_sitewish w JOIN fairs_site s ON s.id = w.site_id
            WHERE w.application_id = NEW.id AND (w.first_day < s.starts_on OR w.last_day > s.ends_on))""",
        ("told_status",),
        on_insert=False,
    ),
    Rule(
        "placement_not_on_blocked_stand",
        "exhibitors_placement",
        f"NEW.status IN {_LIVE} AND EXISTS (SELECT 1 FROM fairs_stand st WHERE st.id = NEW.stand_id AND st.blocked)",
        ("stand_id", "status"),
        locks=f"fairs_stand WHERE id = NEW.stand_id AND NEW.status IN {_LIVE}",
    ),
    Rule(
        "stand_in_use_is_not_blocked",
        "fairs_stand",
        f"NEW.blocked AND EXISTS (SELECT 1 FROM exhibitors_placement p WHERE p.stand_id = NEW.id AND p.status IN {_LIVE})",
        ("blocked",),
        on_insert=False,
    ),
    # A stand that is rented for some days only has nobody on the others.
    Rule(
        "placement_within_stand_days",
        "exhibitors_placement",
        f"""NEW.status IN {_LIVE} AND EXISTS (SELECT 1 FROM fairs_stand st
            WHERE st.id = NEW.stand_id AND (NEW.first_day < st.first_day OR NEW.last_day > st.last_day))""",
        ("stand_id", "first_day", "last_day", "status"),
        locks=f"fairs_stand WHERE id = NEW.stand_id AND NEW.status IN {_LIVE}",
    ),
    Rule(
        "stand_days_hold_its_placements",
        "fairs_stand",
        f"""EXISTS (SELECT 1 FROM exhibitors_placement p
            WHERE p.stand_id = NEW.id AND (p.first_day < NEW.first_day OR p.last_day > NEW.last_day) AND p.status IN {_LIVE})""",
        ("first_day", "last_day"),
        on_insert=False,
    ),
    Rule(
        "stand_hold_of_same_fair",
        "exhibitors_standhold",
        """NEW.application_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fairs_stand st JOIN fairs_hall h ON h.id = st.hall_id
           JOIN exhibitors_application a ON a.fair_id = h.fair_id WHERE st.id = NEW.stand_id AND a.id = NEW.application_id)""",
        ("stand_id", "application_id"),
    ),
    Rule(
        "stand_hold_keeps_its_party",
        "exhibitors_standhold",
        "NEW.stand_id <> OLD.stand_id OR COALESCE(NEW.application_id, 0) <> COALESCE(OLD.application_id, 0)",
        ("stand_id", "application_id"),
        on_insert=False,
    ),
    Rule(
        "step_announced_at_same_fair",
        "exhibitors_applicationstep",
        """NEW.announcement_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM exhibitors_announcement n
           JOIN exhibitors_application a ON a.fair_id = n.fair_id WHERE n.id = NEW.announcement_id AND a.id = NEW.application_id)""",
        ("announcement_id", "application_id"),
    ),
    immutable("announcement_keeps_fair", "exhibitors_announcement", "fair_id"),
    immutable("extension_keeps_its_deadline", "exhibitors_deadlineextension", "application_id", "deadline_id"),
    Rule("extension_of_same_fair", "exhibitors_deadlineextension", _DEADLINE_OF_ANOTHER_FAIR, ("deadline_id", "application_id")),
    Rule(
        "extension_is_later_than_the_deadline",
        "exhibitors_deadlineextension",
        "EXISTS (SELECT 1 FROM fairs_deadline d WHERE d.id = NEW.deadline_id AND NEW.due_at <= d.due_at)",
        ("due_at", "deadline_id"),
    ),
    immutable("tick_keeps_its_deadline", "exhibitors_deadlinetick", "application_id", "deadline_id"),
    Rule("tick_of_same_fair", "exhibitors_deadlinetick", _DEADLINE_OF_ANOTHER_FAIR, ("deadline_id", "application_id")),
    immutable("staff_task_keeps_fair", "exhibitors_stafftask", "fair_id"),
    Rule(
        "staff_task_application_of_same_fair",
        "exhibitors_stafftask",
        """NEW.application_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM exhibitors_application a WHERE a.id = NEW.application_id AND a.fair_id = NEW.fair_id)""",
        ("application_id", "fair_id"),
    ),
    Rule(
        "staff_task_deadline_of_same_fair",
        "exhibitors_stafftask",
        """NEW.deadline_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM fairs_deadline d WHERE d.id = NEW.deadline_id AND d.fair_id = NEW.fair_id)""",
        ("deadline_id", "fair_id"),
    ),
    Rule(
        "move_from_a_stand_of_its_own",
        "exhibitors_application",
        """NEW.move_placement_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM exhibitors_placement p
           WHERE p.id = NEW.move_placement_id AND p.application_id = NEW.id)""",
        ("move_placement_id",),
    ),
    Rule(
        "review_criterion_of_same_fair",
        "exhibitors_reviewscore",
        """NOT EXISTS (SELECT 1 FROM exhibitors_reviewcriterion c JOIN exhibitors_application a ON a.fair_id = c.fair_id
           WHERE c.id = NEW.criterion_id AND a.id = NEW.application_id)""",
        ("criterion_id", "application_id"),
    ),
    immutable("review_criterion_keeps_fair", "exhibitors_reviewcriterion", "fair_id"),
    Rule(
        "co_exhibitor_is_another_company",
        "exhibitors_coexhibitor",
        "EXISTS (SELECT 1 FROM exhibitors_application a WHERE a.id = NEW.application_id AND a.company_id = NEW.company_id)",
        ("application_id", "company_id"),
    ),
    immutable("document_requirement_keeps_fair", "exhibitors_documentrequirement", "fair_id"),
    Rule(
        "document_requirement_deadline_of_same_fair",
        "exhibitors_documentrequirement",
        """NEW.deadline_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM fairs_deadline d WHERE d.id = NEW.deadline_id AND d.fair_id = NEW.fair_id)""",
        ("deadline_id", "fair_id"),
    ),
    immutable("document_keeps_application", "exhibitors_document", "application_id", "version"),
    Rule(
        "document_requirement_of_same_fair",
        "exhibitors_document",
        """NEW.requirement_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM exhibitors_documentrequirement r JOIN exhibitors_application a ON a.fair_id = r.fair_id
           WHERE r.id = NEW.requirement_id AND a.id = NEW.application_id)""",
        ("requirement_id", "application_id"),
    ),
    Rule(
        "document_site_of_same_fair",
        "exhibitors_document",
        """NEW.site_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM fairs_site s JOIN exhibitors_application a ON a.fair_id = s.fair_id
           WHERE s.id = NEW.site_id AND a.id = NEW.application_id)""",
        ("site_id", "application_id"),
    ),
    Rule(
        "exhibitor_of_same_fair",
        "exhibitors_exhibitor",
        "NOT EXISTS (SELECT 1 FROM exhibitors_application a WHERE a.id = NEW.application_id AND a.fair_id = NEW.fair_id)",
        ("application_id", "fair_id"),
    ),
]

# A company that has members has an owner among them, whoever takes the last one away. On PostgreSQL it is asked at the end of the
# transaction, when a company that is deleted has no members left; the company's lock lets the second of two at once see the first.
# SQLite asks at once when a role changes. When an owner goes, it notes what is owed in a row that points to nobody: a foreign key that
# is asked at the end of the transaction, unless the row has gone until then, with the last member or with a new owner.
_NO_OWNER = """EXISTS (SELECT 1 FROM exhibitors_companymember m WHERE m.company_id = {row}.company_id)
    AND NOT EXISTS (SELECT 1 FROM exhibitors_companymember m WHERE m.company_id = {row}.company_id AND m.role = 'owner')"""
_LOST_OWNER = _NO_OWNER.format(row="OLD")
_KEEP_OWNER_POSTGRESQL = f"""PERFORM 1 FROM exhibitors_company WHERE id = OLD.company_id FOR NO KEY UPDATE;
    IF {_LOST_OWNER} THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'company_keeps_owner',
            MESSAGE = 'the change breaks the rule "company_keeps_owner"';
    END IF"""
_KEEP_OWNER_SQLITE = f"SELECT RAISE(ABORT, 'breaks the rule company_keeps_owner') WHERE {_LOST_OWNER}"
_OWED = "yarmarka_company_keeps_owner"
_OWED_TABLE = f"""{_OWED} (company_id integer PRIMARY KEY,
    owner_id integer NOT NULL REFERENCES exhibitors_companymember (id) DEFERRABLE INITIALLY DEFERRED)"""
_NOTE_OWED = f"""DELETE FROM {_OWED} WHERE company_id = OLD.company_id;
    INSERT INTO {_OWED} (company_id, owner_id) SELECT OLD.company_id, -1 WHERE {_LOST_OWNER}"""
_SETTLE_OWED = f"DELETE FROM {_OWED} WHERE company_id = NEW.company_id"

MEMBERS = [
    Effect(
        "company_keeps_owner",
        "exhibitors_companymember",
        "UPDATE OF role, company_id",
        _KEEP_OWNER_POSTGRESQL,
        _KEEP_OWNER_SQLITE,
        when="OLD.role = 'owner'",
        deferred=True,
    ),
    Effect(
        "company_keeps_owner_of_those_left",
        "exhibitors_companymember",
        "DELETE",
        _KEEP_OWNER_POSTGRESQL,
        "",
        when="OLD.role = 'owner'",
        deferred=True,
    ),
    Effect("company_owes_owner", "exhibitors_companymember", "DELETE", "", _NOTE_OWED, sqlite_table=_OWED_TABLE),
    *(
        Effect(f"company_finds_owner_{number}", "exhibitors_companymember", event, "", _SETTLE_OWED, when="NEW.role = 'owner'")
        for number, event in enumerate(("INSERT", "UPDATE OF role, company_id"))
    ),
]

_OF_COMPANY = "SELECT e.fair_id FROM exhibitors_exhibitor e WHERE e.company_id = {row}."
_ALL_FAIRS = "SELECT f.id FROM fairs_fair f"

PUBLIC_FACE = [
    *public_face("exhibitor", "exhibitors_exhibitor", "SELECT {row}.fair_id"),
    *public_face("company", "exhibitors_company", _OF_COMPANY + "id"),
    *public_face("company_category", "exhibitors_company_categories", _OF_COMPANY + "company_id"),
    *public_face(
        "placement",
        "exhibitors_placement",
        "SELECT a.fair_id FROM exhibitors_application a WHERE a.id = {row}.application_id",
        when={
            "INSERT": "NEW.status = 'accepted'",
            "UPDATE": "NEW.status = 'accepted' OR OLD.status = 'accepted'",
            "DELETE": "OLD.status = 'accepted'",
        },
    ),
    *public_face("region", "exhibitors_region", _ALL_FAIRS),
    *public_face("product_category", "exhibitors_productcategory", _ALL_FAIRS),
]

ALL: list[Rule | Effect] = [
    *RULES,
    *life_rules.ALL,
    *occupied_day_rules.ALL,
    *MEMBERS,
    *PUBLIC_FACE,
    *form_rules.ALL,
    *stand_staff_rules.ALL,
]
