"""docs/roles.md and the tables in code say the same: neither changes alone."""

from django.contrib import admin
from django.utils import translation

from exhibitors.domain.permitted import STAFF_RIGHTS
from exhibitors.enums import EXHIBITOR_STEPS, CompanyRole, Step
from exhibitors.roles import COMPANY_RIGHTS, CompanyRight
from fairs.enums import StaffRole
from fairs.roles import RIGHTS, Right
from tests.roles import document


def test_the_table_of_staff_roles() -> None:
    with translation.override("en"):
        labels = {role: str(role.label) for role in StaffRole}
    assert [row["right"] for row in document.STAFF] == list(Right)
    assert list(document.STAFF[0]) == ["action", "right", *labels.values()]
    written = {(role, row["right"]): row[label] for row in document.STAFF for role, label in labels.items()}
    coordinator = StaffRole.REGIONAL_COORDINATOR
    narrowed = {(coordinator, Right.VIEW_APPLICATIONS): "own region"}
    assert written == {
        (role, right): narrowed.get((role, right), "✓") if right in RIGHTS[role] else "" for role in StaffRole for right in Right
    }


def test_the_table_of_company_roles() -> None:
    with translation.override("en"):
        labels = {role: str(role.label) for role in CompanyRole}
    assert list(document.COMPANY[0]) == ["action", "right", *labels.values()]
    written = {row["right"]: {role for role, label in labels.items() if row[label] == "✓"} for row in document.COMPANY}
    assert written == {right: {role for role in CompanyRole if right in COMPANY_RIGHTS[role]} for right in CompanyRight}


def test_the_table_of_steps() -> None:
    written = {row["step"]: (row["right of staff"], row["by the exhibitor"] == "✓") for row in document.STEPS}
    assert written == {step: (STAFF_RIGHTS.get(step, "nobody"), step in EXHIBITOR_STEPS) for step in Step}


def test_every_page_of_the_desk_and_every_action_has_a_row() -> None:
    ours = ("accounts", "fairs", "exhibitors", "allocations", "conferences", "notifications")
    pages = {model._meta.label_lower: page for model, page in admin.site._registry.items() if model._meta.app_label in ours}
    assert set(document.PAGES) == set(pages)
    actions = {f"{label} {name}" for label, page in pages.items() for name in (*page.actions, *getattr(page, "actions_list", ()))}
    assert set(document.ACTIONS) == actions


def test_what_a_coordinator_may_is_looking() -> None:
    assert all(right.name.startswith("VIEW") for right in RIGHTS[StaffRole.REGIONAL_COORDINATOR])
