"""Visa invitations: asked for by delegates, issued by organisers, and forgotten after the fair."""

import json
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.problems import Conflict
from conferences.domain import delegate_letters, passes
from conferences.domain.invitation_values import Passport, Request, checked
from conferences.domain.sign_ups import PlaceNotConfirmed
from conferences.enums import InvitationStatus
from conferences.models import Delegate, VisaInvitation
from fairs.models import Fair
from notifications import sealing

KEPT_AFTER_FAIR = timedelta(days=30)  # what the passport says; borders and consulates may ask until everybody is at home


class NothingToIssue(Conflict):
    """The invitation was issued, or its delegate has no confirmed place any more."""

    code = "nothing_to_issue"
    message = _("This invitation is not asked for: it was issued already, or the delegate has no confirmed place.")


class NotIssued(Conflict):
    """There is no letter to load: the organisers have not issued it."""

    code = "invitation_not_issued"
    message = _("The organisers have not issued your invitation yet. You get a letter as soon as they have.")


class PassportErased(Conflict):
    """What the passport says is gone, as after the fair."""

    code = "passport_erased"
    message = _("The passport data of this invitation have been erased. Ask for a new one if you need it.")


@transaction.atomic
def ask(*, delegate_id: int, request: Request, now: datetime) -> VisaInvitation:
    """Ask for an invitation, or for another one in its place. Raises Invalid, PlaceNotConfirmed."""
    delegate = Delegate.objects.select_for_update(of=("self",), no_key=True).select_related("conference__fair").get(pk=delegate_id)
    if not passes.has_pass(delegate):
        raise PlaceNotConfirmed(str(_("Confirm your place at the conference first: then you can ask for an invitation.")))
    today = delegate.conference.fair.day_of(now)
    kept = checked(request, conference=delegate.conference, today=today)
    invitation, _is_new = VisaInvitation.objects.update_or_create(
        delegate=delegate,
        defaults={
            "status": InvitationStatus.ASKED,
            "passport": _sealed(kept.passport),
            "entry_on": kept.entry_on,
            "leave_on": kept.leave_on,
            "host": kept.host,
            "asked_at": now,
            "issued_at": None,
            "issued_by": None,
        },
    )
    return invitation


@transaction.atomic
def withdraw(delegate: Delegate) -> None:
    """Forget the invitation, as when its delegate does not come. Without one nothing happens."""
    VisaInvitation.objects.filter(delegate=delegate).delete()


@transaction.atomic
def issue(*, invitation_id: int, by: User | None, now: datetime) -> VisaInvitation:
    """Issue an invitation and tell its delegate where to load it. Raises NothingToIssue, PassportErased."""
    rows = VisaInvitation.objects.select_for_update(of=("self",), no_key=True).select_related("delegate__conference__fair")
    invitation = rows.get(pk=invitation_id)
    if invitation.status != InvitationStatus.ASKED or not passes.has_pass(invitation.delegate):
        raise NothingToIssue
    passport_of(invitation)
    invitation.status, invitation.issued_at, invitation.issued_by = InvitationStatus.ISSUED, now, by
    invitation.save(update_fields=["status", "issued_at", "issued_by"])
    delegate_letters.write_invitation(invitation.delegate, issued_at=now)
    return invitation


def issued_to(delegate: Delegate) -> VisaInvitation:
    """The invitation that a delegate may load. Raises NotIssued, PassportErased."""
    found = VisaInvitation.objects.filter(delegate=delegate, status=InvitationStatus.ISSUED).first()
    if found is None or not passes.has_pass(delegate):
        raise NotIssued
    found.delegate = delegate
    passport_of(found)
    return found


def passport_of(invitation: VisaInvitation) -> Passport:
    """What the passport says. Raises PassportErased, also where it was sealed under a key that is gone."""
    if not invitation.passport:
        raise PassportErased
    try:
        told, _nothing = sealing.unseal(invitation.passport)
    except sealing.CannotUnseal:
        raise PassportErased from None
    values = json.loads(told)
    return Passport(**{**values, "born_on": date.fromisoformat(values["born_on"])})


def erase_passports(*, now: datetime) -> int:
    """Erase what passports say of those whose fair has been over for 30 days. Returns how many. Runs twice safely."""
    needed = Fair.objects.lasting(now, after=KEPT_AFTER_FAIR)
    return VisaInvitation.objects.exclude(passport="").exclude(delegate__conference__fair__in=needed).update(passport="")


def _sealed(passport: Passport) -> str:
    told = {
        "name": passport.name,
        "number": passport.number,
        "born_on": passport.born_on.isoformat(),
        "citizenship": passport.citizenship,
    }
    return sealing.seal(text=json.dumps(told), html="")
