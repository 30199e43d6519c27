"""Exhibitors whom no letter reaches: nobody reads for them, or mail goes to none of their addresses.

An address is of no use while it is suppressed (its mailbox does not exist), or when the latest letter that left for it came back.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from exhibitors.domain.readers import exhibitor_readers_of
from exhibitors.enums import ContactRole
from exhibitors.models import Application, CompanyContact, CompanyMember
from exhibitors.models.application import ApplicationQuerySet
from exhibitors.roles import CompanyRight, roles_with
from notifications.enums import LetterStatus
from notifications.models import Letter, Suppression


@dataclass
class Unreachable:
    """An application and the addresses of its company, each with why it is of no use; without any there is nobody to write to."""

    application: Application
    closed: list[str] = field(default_factory=list)  # suppressed
    returned: list[str] = field(default_factory=list)  # the latest letter came back


def unreachable(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """Those of ``applications`` that are alive and that no letter reaches."""
    members = CompanyMember.objects.filter(
        company=OuterRef("company"), role__in=roles_with(CompanyRight.COMMIT), user__is_active=True
    ).annotate(box=Lower("user__email"))
    contacts = CompanyContact.objects.filter(company=OuterRef("company"), role=ContactRole.OPERATIONS).annotate(box=Lower("email"))
    return applications.live().exclude(Exists(_usable(members))).exclude(Exists(_usable(contacts)))


def _usable(people: QuerySet[CompanyMember] | QuerySet[CompanyContact]) -> QuerySet[CompanyMember] | QuerySet[CompanyContact]:
    """People whose ``box`` takes letters."""
    closed = Suppression.objects.in_force().filter(address=OuterRef("box"))
    sent = Letter.objects.filter(address=OuterRef("box"), status=LetterStatus.SENT).order_by("-sent_at", "-pk")
    latest_bounce = Subquery(sent.values("bounced_at")[:1])
    return people.exclude(box="").exclude(Exists(closed)).annotate(latest_bounce=latest_bounce).filter(latest_bounce=None)


def explained(applications: list[Application]) -> list[Unreachable]:
    """Why no letter reaches each of them, in three queries."""
    people = exhibitor_readers_of(application.company_id for application in applications)
    boxes = {reader.address for readers in people.values() for reader in readers}
    closed = set(Suppression.objects.in_force().filter(address__in=boxes).values_list("address", flat=True))
    found = []
    for application in applications:
        addresses = [reader.address for reader in people[application.company_id]]
        found.append(
            Unreachable(
                application,
                closed=[address for address in addresses if address in closed],
                returned=[address for address in addresses if address and address not in closed],
            )
        )
    return found
