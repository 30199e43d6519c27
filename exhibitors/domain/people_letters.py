"""The letters about who acts for a company."""

from accounts.models import User
from exhibitors.models import CompanyInvitation
from notifications.outbox import write_letter


def invited(invitation: CompanyInvitation, *, code: str) -> None:
    """To the invited address, with the code; the same for an address that has an account and for one that has none."""
    reader = User.objects.filter(email=invitation.email, is_active=True).first()
    write_letter(
        key=f"company_invitation:{invitation.pk}",
        to=invitation.email,
        name=reader.name if reader else "",
        user_id=reader.pk if reader else None,
        occasion="exhibitors.company_invitation",
        language=reader.language if reader else invitation.language,
        time_zone=reader.time_zone if reader else "UTC",
        secret=True,
        about=f"company:{invitation.company_id}",
        context={
            "company": invitation.company,
            "inviter": "" if invitation.by_staff or invitation.invited_by is None else invitation.invited_by.get_full_name(),
            "role": invitation.get_role_display,  # called while the letter's language is active
            "code": code,
            "expires_at": invitation.expires_at,
        },
    )
