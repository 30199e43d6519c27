"""Who acts for a company: roles are changed and taken away, and an owner is always left."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.problems import Conflict
from exhibitors.domain import changes
from exhibitors.enums import ChangeSubject, CompanyRole
from exhibitors.models import Company, CompanyMember


class LastOwner(Conflict):
    """The only owner can neither leave nor take another role."""

    code = "last-owner"
    message = _("A company keeps at least one owner: make somebody else an owner first.")


@transaction.atomic
def change_role(*, member_id: int, role: str, by: User | None, now: datetime) -> CompanyMember:
    """Give a member another role. Raises LastOwner."""
    member = _locked(member_id)
    if role == member.role:
        return member
    _require_another_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    _record(member, by=by, now=now)
    return member


@transaction.atomic
def remove(*, member_id: int, by: User | None, now: datetime) -> None:
    """Take a member out of the company; ``by`` may be that person. Raises LastOwner."""
    member = _locked(member_id)
    _require_another_owner(member)
    _record(member, by=by, now=now)
    member.delete()


def _record(member: CompanyMember, *, by: User | None, now: datetime) -> None:
    is_own = by is not None and CompanyMember.objects.filter(company=member.company_id, user=by).exists()
    source = changes.source_of(by=by, as_staff=not is_own)
    changes.record(company_id=member.company_id, subject=ChangeSubject.MEMBERS, by=by, source=source, now=now)


def lock_company(company_id: int) -> Company:
    """The company, locked: whoever changes its members waits here. ``no_key``: rows that point at it may still be written."""
    return Company.objects.select_for_update(of=("self",), no_key=True).get(pk=company_id)


def _locked(member_id: int) -> CompanyMember:
    lock_company(CompanyMember.objects.values_list("company", flat=True).get(pk=member_id))
    return CompanyMember.objects.select_related("user", "company").get(pk=member_id)


def _require_another_owner(member: CompanyMember) -> None:
    if member.role != CompanyRole.OWNER:
        return
    others = CompanyMember.objects.filter(company=member.company_id, role=CompanyRole.OWNER).exclude(pk=member.pk)
    if not others.exists():
        raise LastOwner
