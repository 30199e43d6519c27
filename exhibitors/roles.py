"""Which company role may do what for its company: the one table that API and docs/roles.md follow. A leaf."""

from enum import StrEnum

from exhibitors.enums import CompanyRole


class CompanyRight(StrEnum):
    VIEW = "view"  # the company, its applications, what is due
    EDIT_COMPANY = "edit_company"  # names, texts, categories, contacts
    MANAGE_MEMBERS = "manage_members"
    EDIT_APPLICATION = "edit_application"  # draft and change an application
    COMMIT = "commit"  # what binds the company: submit, accept, decline, withdraw
    EDIT_LOGISTICS = "edit_logistics"  # documents, staff on the stand


_VIEW = {CompanyRight.VIEW}

COMPANY_RIGHTS: dict[CompanyRole, frozenset[CompanyRight]] = {
    CompanyRole.OWNER: frozenset(CompanyRight),
    CompanyRole.EDITOR: frozenset(
        _VIEW | {CompanyRight.EDIT_COMPANY, CompanyRight.EDIT_APPLICATION, CompanyRight.COMMIT, CompanyRight.EDIT_LOGISTICS}
    ),
    CompanyRole.LOGISTICS: frozenset(_VIEW | {CompanyRight.EDIT_LOGISTICS}),
    CompanyRole.ON_SITE: frozenset(_VIEW),
}


def roles_with(right: CompanyRight) -> list[CompanyRole]:
    return [role for role, rights in COMPANY_RIGHTS.items() if right in rights]
