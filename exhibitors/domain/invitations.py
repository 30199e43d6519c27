"""Invitations by letter to act for a company: written, withdrawn, accepted once by whoever has shown to own the address."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.codes import hash_of, new_code
from accounts.domain import users
from accounts.models import User, normalise_address
from api.problems import Conflict, Invalid, Refused, field_error
from api.text import clean_line
from exhibitors.domain import changes, people_letters
from exhibitors.domain.members import lock_company
from exhibitors.enums import ChangeSubject, CompanyRole, ContactRole
from exhibitors.models import Company, CompanyContact, CompanyInvitation, CompanyMember

VALID_FOR = timedelta(days=14)
MOST_WAITING = 50  # invitations that a company may have open


class TooManyInvitations(Conflict):
    """The company has as many open invitations as it may have."""

    code = "too-many-invitations"
    message = _("So many invitations are open already: withdraw those that nobody will accept.")


class NotInvitedAddress(Refused):
    """The code is right, and none of the person's confirmed addresses is the one it was sent to. The answer does not name it."""

    code = "invitation-for-another-address"
    message = _(
        "This invitation was sent to another address. Sign in with the account of the address that received the letter, "
        "or add that address to your account and confirm it."
    )


class HasMembers(Conflict):
    """Somebody acts for the company: its owners say who else does."""

    code = "company-has-members"
    message = _("Somebody acts for this company already: its owners say who else does.")


class NoContact(Conflict):
    """There is nobody to invite."""

    code = "company-without-contact"
    message = _("This company has no operational contact with an address.")


@transaction.atomic
def invite(
    *, company_id: int, email: str, role: str, by: User | None, now: datetime, language: str = "", name: str = "", by_staff: bool = False
) -> CompanyInvitation:
    """Ask somebody by letter to act for the company; another open invitation of the same address is replaced.

    An address with an account and one without get the same letter and the same answer. The letter is written in the person's
    language and to the person's name where these are known, else in ``language`` and to ``name``, else in the inviter's language.
    Raises Invalid with a pointer for an address that is none or a member's, TooManyInvitations.
    """
    company = lock_company(company_id)
    address = _checked_address(company, email)
    company.invitations.waiting().filter(email=address).update(withdrawn_at=now)
    if company.invitations.waiting().filter(expires_at__gte=now).count() >= MOST_WAITING:
        raise TooManyInvitations
    code, code_hash = new_code()
    invitation = CompanyInvitation.objects.create(
        company=company,
        email=address,
        role=role,
        language=language or (by.language if by else "ru"),
        invited_by=by,
        by_staff=by_staff,
        code_hash=code_hash,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    people_letters.invited(invitation, name=name, code=code)
    _record(invitation, by=by, as_staff=by_staff, now=now)
    return invitation


def contact_to_invite(company: Company) -> CompanyContact | None:
    """Who an organiser may invite to act for a company that nobody acts for: its first operational contact."""
    contacts = [contact for contact in company.contacts.all() if contact.role == ContactRole.OPERATIONS and contact.email]
    return min(contacts, key=lambda contact: contact.pk, default=None)


@transaction.atomic
def invite_contact(*, company_id: int, by: User, now: datetime) -> CompanyInvitation:
    """An organiser asks the contact of an imported company to act for it, as its owner. Raises HasMembers, NoContact."""
    company = lock_company(company_id)
    if company.members.exists() or company.retired_into_id:
        raise HasMembers
    contact = contact_to_invite(company)
    if contact is None:
        raise NoContact
    return invite(
        company_id=company_id,
        email=contact.email,
        name=contact.name,
        role=CompanyRole.OWNER,
        by=by,
        now=now,
        language=contact.language,
        by_staff=True,
    )


def _record(invitation: CompanyInvitation, *, by: User | None, as_staff: bool, now: datetime) -> None:
    source = changes.source_of(by=by, as_staff=as_staff)
    changes.record(company_id=invitation.company_id, subject=ChangeSubject.INVITATION, by=by, source=source, now=now)


def _checked_address(company: Company, email: str) -> str:
    address = normalise_address(clean_line(email))
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid([field_error("/email", error.code or "invalid", error.messages[0])]) from error
    # Asked of the addresses alone that the owner reads in the list of members.
    if company.members.filter(user__email=address).exists():
        raise Invalid([field_error("/email", "already_member", _("This person is a member of this company already."))])
    return address


@transaction.atomic
def withdraw(*, invitation_id: int, by: User | None, now: datetime) -> CompanyInvitation:
    """Make an open invitation void; one that has ended stays as it is."""
    company_id = CompanyInvitation.objects.values_list("company", flat=True).get(pk=invitation_id)
    lock_company(company_id)
    CompanyInvitation.objects.waiting().filter(pk=invitation_id).update(withdrawn_at=now)
    return CompanyInvitation.objects.get(pk=invitation_id)


@transaction.atomic
def accept(*, code: str, by: User, now: datetime) -> CompanyMember:
    """Make ``by`` a member in the role of the invitation, once. A member already keeps the role, and the invitation is used up.

    Raises Invalid, in the same words for a code that is wrong, expired, used or withdrawn, and NotInvitedAddress.
    """
    code_hash = hash_of(code)
    company_id = CompanyInvitation.objects.filter(code_hash=code_hash).values_list("company", flat=True).first()
    if company_id is None:
        raise _unknown_code()
    lock_company(company_id)
    # Read under the lock: of two at once the second finds it used.
    invitation = CompanyInvitation.objects.waiting().filter(code_hash=code_hash, expires_at__gte=now).first()
    if invitation is None:
        raise _unknown_code()
    if not users.has_confirmed(user=by, address=invitation.email):
        raise NotInvitedAddress
    invitation.accepted_at, invitation.accepted_by = now, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    member, _is_new = CompanyMember.objects.get_or_create(company_id=company_id, user=by, defaults={"role": invitation.role})
    return member


def _unknown_code() -> Invalid:
    text = _("This invitation is not valid, or no longer: it may have expired or been used. Ask for a new one.")
    return Invalid([field_error("/token", "invitation_unknown", text)])
