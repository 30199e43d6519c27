"""Claims: somebody entered a company whose number another one has. The person hears nothing of it; staff decide."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.problems import Conflict
from exhibitors.domain import changes, people_letters, readers
from exhibitors.domain.company_queries import companies_for_staff
from exhibitors.enums import ApplicationStatus, ChangeSource, ChangeSubject, ClaimStatus, CompanyRole
from exhibitors.models import Application, CoExhibitor, Company, CompanyChange, CompanyClaim, CompanyMember, DuplicateFlag
from fairs import access
from fairs.one_by_one import one_by_one
from fairs.roles import Right

UNIQUE_NUMBERS = frozenset({"inn", "ogrn", "uscc"})  # one legal person each; branches share all but the KPP
MOST_AT_ONCE = 5  # claims that one entry opens


class ClaimDecided(Conflict):
    """Somebody else has decided on the claim."""

    code = "claim-decided"
    message = _("A decision on this claim was made already.")


def open_where_known(company: Company, *, by: User, now: datetime | None = None) -> None:
    """Open a claim for each company that has one of the numbers of ``company``; none for those that ``by`` acts for.

    No letter is written here, so that the answer to a known number takes no longer than that to an unknown one.
    """
    same = Q()
    for name in UNIQUE_NUMBERS:
        if number := getattr(company, name):
            same |= Q(**{name: number})
    if not same:
        return
    known = Company.objects.filter(same, retired_into=None).exclude(pk=company.pk).exclude(members__user=by)
    opened_at = now or timezone.now()
    claims = [
        CompanyClaim(person=by, entered=company, existing=existing, opened_at=opened_at) for existing in known.order_by("pk")[:MOST_AT_ONCE]
    ]
    CompanyClaim.objects.bulk_create(claims, ignore_conflicts=True)


def claims_for_staff(user: User) -> QuerySet[CompanyClaim]:
    """Claims on companies that take part in a fair whose applications ``user`` may edit; every claim for a superuser.

    Also on a company that a main exhibitor has named there and nobody acts for: nobody else could let somebody in.
    """
    existing = Q(existing__in=companies_for_staff(user, Right.EDIT_APPLICATIONS).values("pk"))
    within = access.within(user, Right.EDIT_APPLICATIONS, fair="application__fair", region="company__region__code")
    named = CoExhibitor.objects.standing().filter(within, company__members__isnull=True)
    return CompanyClaim.objects.filter(existing | Q(existing__in=named.values("company"))).select_related(
        "person", "entered", "existing", "decided_by"
    )


def tell_staff(*, now: datetime) -> int:
    """Write the letter about each new claim, one for a reader. Runs twice safely. Returns how many claims are new."""
    untold = CompanyClaim.objects.filter(told_at=None).select_related("person", "entered", "existing").order_by("pk")
    return one_by_one(lambda claim: _tell(claim, now=now), untold, what="Claim")


@transaction.atomic
def _tell(claim: CompanyClaim, *, now: datetime) -> bool:
    if claim.status == ClaimStatus.OPEN:
        people_letters.claim_opened(claim, readers.claim_staff(claim.existing_id))
    CompanyClaim.objects.filter(pk=claim.pk).update(told_at=now)
    return True


@transaction.atomic
def grant(*, claim_id: int, by: User, now: datetime, note: str = "", role: str = CompanyRole.EDITOR) -> CompanyClaim:
    """The person acts for the company that was there before, as its owner when it has none, else as ``role``.

    The company that the person has entered is retired when nothing of weight hangs on it: its drafts go with the person, its
    details stay readable for staff. Raises ClaimDecided.
    """
    claim = _undecided(claim_id)
    companies = {row.pk: row for row in _locked(claim)}
    entered, existing = companies[claim.entered_id], companies[claim.existing_id]
    has_owner = existing.members.filter(role=CompanyRole.OWNER).exists()
    CompanyMember.objects.get_or_create(company=existing, user=claim.person, defaults={"role": role if has_owner else CompanyRole.OWNER})
    changes.record(company_id=existing.pk, subject=ChangeSubject.MEMBERS, by=by, source=ChangeSource.STAFF, now=now)
    is_retired = _retire(entered, into=existing, now=now)
    _decide(claim, ClaimStatus.GRANTED, by=by, now=now, note=note)
    people_letters.claim_granted(claim, is_retired=is_retired)
    return claim


@transaction.atomic
def refuse(*, claim_id: int, by: User, now: datetime, note: str = "") -> CompanyClaim:
    """Both companies stay as they are. No letter goes: it would tell a stranger that the number is known. Raises ClaimDecided."""
    claim = _undecided(claim_id)
    _decide(claim, ClaimStatus.REFUSED, by=by, now=now, note=note)
    return claim


def _undecided(claim_id: int) -> CompanyClaim:
    claim = CompanyClaim.objects.select_for_update(of=("self",)).select_related("person").get(pk=claim_id)
    if claim.status != ClaimStatus.OPEN:
        raise ClaimDecided
    return claim


def _locked(claim: CompanyClaim) -> list[Company]:
    both = Company.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[claim.entered_id, claim.existing_id])
    return list(both.order_by("pk"))  # always in this order, or two decisions could wait for each other


def _decide(claim: CompanyClaim, status: ClaimStatus, *, by: User, now: datetime, note: str) -> None:
    claim.status, claim.decided_by, claim.decided_at, claim.note = status, by, now, note
    claim.save(update_fields=["status", "decided_by", "decided_at", "note"])


def _retire(entered: Company, *, into: Company, now: datetime) -> bool:
    """Let ``entered`` end in ``into``: all of its drafts move, or nothing does. True when it was retired."""
    drafts = list(entered.applications.filter(status=ApplicationStatus.DRAFT, submitted_at=None))
    if entered.members.count() > 1 or _has_weight(entered) or not _may_take(into, drafts):
        return False
    moved = [draft.pk for draft in drafts]
    Application.objects.filter(pk__in=moved).update(company=into)
    CompanyChange.objects.filter(application__in=moved).update(company=into)
    entered.members.all().delete()
    entered.invitations.waiting().update(withdrawn_at=now)
    DuplicateFlag.objects.filter(Q(company_a=entered) | Q(company_b=entered)).delete()
    entered.retired_into = into
    entered.save(update_fields=["retired_into"])
    return True


def _has_weight(entered: Company) -> bool:
    """Whether something was sent in its name, or others build on it."""
    return entered.applications.exclude(submitted_at=None).exists() or CoExhibitor.objects.filter(company=entered).exists()


def _may_take(into: Company, drafts: list[Application]) -> bool:
    fairs = [draft.fair_id for draft in drafts]
    has_own = into.applications.filter(fair__in=fairs).exclude(told_status__in=ApplicationStatus.ended).exists()
    return not has_own and not CoExhibitor.objects.filter(application__in=drafts, company=into).exists()
