"""The letters about who acts for a company."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from accounts.enums import Notice
from accounts.models import User
from exhibitors.domain.company_values import main_time_zone
from exhibitors.domain.readers import Reader
from exhibitors.models import CompanyClaim, CompanyInvitation, CompanyMember
from fairs.models import Fair
from notifications.outbox import NewLetter, write_letter


def invited(invitation: CompanyInvitation, *, name: str, code: str) -> None:
    """To the invited address, with the code; the same for an address that has an account and for one that has none."""
    reader = User.objects.filter(email=invitation.email, is_active=True).first()
    company = invitation.company
    # For a known address, too: it may take no fewer queries, or its time would tell that it has an account.
    zone = main_time_zone(country=company.country, region=company.region)
    write_letter(
        NewLetter(
            key=f"company_invitation:{invitation.pk}",
            to=invitation.email,
            name=reader.name if reader else name,
            user_id=reader.pk if reader else None,
            occasion="exhibitors.company_invitation",
            language=reader.language if reader else invitation.language,
            time_zone=reader.time_zone if reader else zone,
            about=f"company:{invitation.company_id}",
            context={
                "company": invitation.company,
                "inviter": "" if invitation.by_staff or invitation.invited_by is None else invitation.invited_by.get_full_name(),
                "role": invitation.get_role_display,  # called while the letter's language is active
                "code": code,
                "expires_at": invitation.expires_at,
            },
        ),
        secret=True,
    )


def claim_opened(claim: CompanyClaim, to: Iterable[tuple[Reader, Fair | None]]) -> None:
    """To those who may decide on the claim; each with the fair through which they see the company."""
    for reader, fair in to:
        if Notice.REQUESTS not in reader.at_once:
            continue
        _write(
            "claim_opened",
            reader,
            key=f"claim_opened:{claim.pk}:{reader.address}",
            company_id=claim.existing_id,
            fair=fair,
            claim=claim,
            desk_url=f"{settings.SITE_URL}/admin/exhibitors/companyclaim/{claim.pk}/change/",
        )


def claim_granted(claim: CompanyClaim, *, is_retired: bool) -> None:
    reader = Reader.of(claim.person)
    role = CompanyMember.objects.get(company=claim.existing_id, user=claim.person)
    key = f"claim_granted:{claim.pk}"
    _write("claim_granted", reader, key=key, company_id=claim.existing_id, claim=claim, role=role.get_role_display, is_retired=is_retired)


def _write(occasion: str, reader: Reader, *, key: str, company_id: int, fair: Fair | None = None, **context: Any) -> None:
    write_letter(
        NewLetter(
            key=key,
            to=reader.email,
            name=reader.name,
            user_id=reader.user_id,
            fair_id=fair.pk if fair else None,
            occasion=f"exhibitors.{occasion}",
            language=reader.language,
            time_zone=reader.time_zone,
            about=f"company:{company_id}",
            reply_to=fair.reply_to if fair else "",
            context={"fair": fair, **context},
        ),
    )
