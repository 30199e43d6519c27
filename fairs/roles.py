"""Which staff role may do what at its fair: the one table that admin, API and docs/roles.md follow. A leaf."""

from enum import StrEnum

from fairs.enums import StaffRole


class Right(StrEnum):
    """Something a staff member may do at a fair."""

    VIEW_FAIR = "view_fair"
    EDIT_FAIR = "edit_fair"  # the fair, its sites, opening hours, deadlines, trade figures
    MANAGE_STAFF = "manage_staff"
    EDIT_FLOOR = "edit_floor"  # halls and stands
    VIEW_APPLICATIONS = "view_applications"  # and the companies behind them
    EDIT_APPLICATIONS = "edit_applications"  # and the companies behind them; also the import of companies
    DECIDE_APPLICATIONS = "decide_applications"  # review, ask for changes, admit, waitlist, reject, cancel
    REVIEW_DOCUMENTS = "review_documents"  # approve and return them; load their files
    PLACE = "place"  # offer a stand, take an offer back, relocate
    ANSWER_FOR_EXHIBITOR = "answer_for_exhibitor"  # record an acceptance, a refusal or a withdrawal that came by phone
    VIEW_CONFERENCE = "view_conference"
    EDIT_CONFERENCE = "edit_conference"
    VIEW_DELEGATES = "view_delegates"
    EDIT_DELEGATES = "edit_delegates"
    VIEW_LETTERS = "view_letters"  # those about what the role sees: applications, delegates (fairs/letters.py)
    SEND_LETTERS = "send_letters"  # again, when one failed; hold, edit, release, drop


_EVERYBODY = {Right.VIEW_FAIR, Right.VIEW_CONFERENCE}

RIGHTS: dict[StaffRole, frozenset[Right]] = {
    StaffRole.OWNER: frozenset(Right),
    StaffRole.REVIEWER: frozenset(
        _EVERYBODY
        | {Right.VIEW_APPLICATIONS, Right.EDIT_APPLICATIONS, Right.DECIDE_APPLICATIONS, Right.REVIEW_DOCUMENTS}
        | {Right.ANSWER_FOR_EXHIBITOR, Right.VIEW_LETTERS}
    ),
    StaffRole.FLOOR_PLANNER: frozenset(_EVERYBODY | {Right.EDIT_FLOOR, Right.VIEW_APPLICATIONS, Right.PLACE}),
    StaffRole.CONFERENCE_PRODUCER: frozenset(
        _EVERYBODY | {Right.EDIT_CONFERENCE, Right.VIEW_DELEGATES, Right.EDIT_DELEGATES, Right.VIEW_LETTERS}
    ),
    StaffRole.FINANCE: frozenset(_EVERYBODY | {Right.VIEW_APPLICATIONS}),
    StaffRole.COMMUNICATION: frozenset(
        _EVERYBODY | {Right.VIEW_APPLICATIONS, Right.VIEW_DELEGATES, Right.VIEW_LETTERS, Right.SEND_LETTERS}
    ),
    StaffRole.CHECK_IN: frozenset(_EVERYBODY | {Right.VIEW_DELEGATES}),
    StaffRole.REGIONAL_COORDINATOR: frozenset(_EVERYBODY | {Right.VIEW_APPLICATIONS}),  # of the own region only
    StaffRole.READ_ONLY: frozenset(_EVERYBODY | {Right.VIEW_APPLICATIONS, Right.VIEW_DELEGATES}),
}


def roles_with(right: Right) -> list[StaffRole]:
    """The roles that carry ``right``, in the order of the table."""
    return [role for role, rights in RIGHTS.items() if right in rights]
