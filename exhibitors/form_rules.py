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
    immutable("product_keeps_application", "exhibitors_product", "application_id"),
    immutable("represented_company_keeps_application", "exhibitors_representedcompany", "application_id"),
    Rule(
        "product_category_of_its_code",
        "exhibitors_product",
        "NOT EXISTS (SELECT 1 FROM exhibitors_productcategory c WHERE c.id = NEW.category_id AND NEW.code LIKE c.code || '%')",
        ("category_id", "code"),
    ),
    Rule(
        "product_site_of_same_application",
        "exhibitors_productsite",
        """NOT EXISTS (SELECT 1 FROM exhibitors_product p JOIN exhibitors_sitewish w ON w.application_id = p.application_id
           WHERE p.id = NEW.product_id AND w.id = NEW.wish_id)""",
        ("product_id", "wish_id"),
    ),
    immutable("question_keeps_fair_and_code", "exhibitors_question", "fair_id", "code"),
    Rule(
        "question_keeps_type_once_answered",
        "exhibitors_question",
        "NEW.type <> OLD.type AND EXISTS (SELECT 1 FROM exhibitors_answer a WHERE a.question_id = NEW.id)",
        ("type",),
        on_insert=False,
    ),
    Rule(
        "question_waits_for_one_of_same_fair",
        "exhibitors_question",
        """NEW.shown_if_id IS NOT NULL AND (NEW.shown_if_id = NEW.id OR NOT EXISTS (
            SELECT 1 FROM exhibitors_question q WHERE q.id = NEW.shown_if_id AND q.fair_id = NEW.fair_id))""",
        ("shown_if_id",),
    ),
    immutable("answer_keeps_its_question", "exhibitors_answer", "application_id", "question_id"),
    Rule(
        "answer_to_a_question_of_same_fair",
        "exhibitors_answer",
        """NOT EXISTS (SELECT 1 FROM exhibitors_question q JOIN exhibitors_application a ON a.fair_id = q.fair_id
           WHERE q.id = NEW.question_id AND a.id = NEW.application_id)""",
        ("question_id", "application_id"),
    ),
]

PUBLIC_FACE = [
    *public_face("pavilion", "exhibitors_pavilion", "SELECT {row}.fair_id"),
    *public_face("question", "exhibitors_question", "SELECT {row}.fair_id"),
    *public_face(
        "question_option", "exhibitors_questionoption", "SELECT q.fair_id FROM exhibitors_question q WHERE q.id = {row}.question_id"
    ),
    *public_face("document_requirement", "exhibitors_documentrequirement", "SELECT {row}.fair_id"),
    *public_face(
        "document_requirement_category",
        "exhibitors_documentrequirement_categories",
        "SELECT r.fair_id FROM exhibitors_documentrequirement r WHERE r.id = {row}.documentrequirement_id",
    ),
]

ALL: list[Rule | Effect] = [*RULES, *PUBLIC_FACE]
