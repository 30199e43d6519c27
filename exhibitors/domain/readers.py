"""Who reads a letter about an application: the exhibitor's people and the staff of the fair, each address once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from django.db.models import BigIntegerField, Value

from accounts.enums import Notice
from accounts.models import User
from api.statements import MARKER, RowStatement
from exhibitors.domain import steps
from exhibitors.enums import ContactRole
from exhibitors.models import Application, CoExhibitor, CompanyContact, CompanyMember
from exhibitors.roles import CompanyRight, roles_with
from fairs.enums import StaffRole
from fairs.models import Fair, StaffMembership
from fairs.roles import RIGHTS, Right


@dataclass(frozen=True)
class Reader:
    """Somebody a letter goes to, with the language and the time zone to write it in."""

    email: str
    name: str
    language: str
    time_zone: str
    user_id: int | None = None
    at_once: tuple[str, ...] = ()  # of staff: the notices chosen (accounts.enums.Notice)

    @property
    def address(self) -> str:
        """The one spelling of the mailbox: what may happen once a person is counted by it."""
        return self.email.strip().lower()

    @classmethod
    def of(cls, user: User) -> "Reader":
        return cls(
            email=user.email,
            name=user.name,
            language=user.language,
            time_zone=user.time_zone,
            user_id=user.pk,
            at_once=tuple(user.notices_at_once),
        )


def wanting(staff: Iterable[Reader], notice: Notice) -> list[Reader]:
    """Those who have chosen to hear of it at once; the others read it in the daily digest. Of what a table brings in, nobody: one of them
    has sent it in, and there may be thousands of it."""
    if steps.imported_at() is not None:
        return []
    return [reader for reader in staff if notice in reader.at_once]


def exhibitor_readers(application: Application) -> list[Reader]:
    """The members who may commit the company, and its operational contacts, be they users or not."""
    return exhibitor_readers_of([application.company_id])[application.company_id]


def exhibitor_readers_of(company_ids: Iterable[int]) -> dict[int, list[Reader]]:
    """The same for many companies in one query; a company nobody reads for has an empty list."""
    return {company_id: once_each([*people.acting, *people.operations]) for company_id, people in people_of(company_ids).items()}


class People(NamedTuple):
    """Who reads for a company: the members who may commit it, and its operational contacts, be they users or not."""

    acting: list[Reader]
    operations: list[Reader]


def people_of(company_ids: Iterable[int]) -> dict[int, People]:
    """By company id, in one query."""
    found = {company_id: People([], []) for company_id in company_ids}
    members = CompanyMember.objects.filter(company__in=found, role__in=roles_with(CompanyRight.COMMIT), user__is_active=True)
    people = members.order_by().values_list(
        Value(0), "pk", "company", "user__email", "user__name", "user__language", "user__time_zone", "user"
    )
    contacts = CompanyContact.objects.filter(company__in=found, role=ContactRole.OPERATIONS)
    nobody = Value(None, output_field=BigIntegerField())
    boxes = contacts.order_by().values_list(Value(1), "pk", "company", "email", "name", "language", "time_zone", nobody)
    for is_contact, _pk, company_id, *reader in sorted(people.union(boxes, all=True), key=lambda row: row[:2]):
        found[company_id][is_contact].append(Reader(*reader))
    return found


def staff_of(application: Application) -> list[StaffMembership]:
    """Whoever works at the fair, with the people, in one query."""
    return _staff_of_fair().all({MARKER: application.fair_id})


@cache
def _staff_of_fair() -> RowStatement[StaffMembership]:
    staff = StaffMembership.objects.filter(fair=MARKER, user__is_active=True).select_related("user").order_by("pk")
    return RowStatement(staff, markers=(MARKER,))


def deciding_staff(application: Application, staff: Sequence[StaffMembership] | None = None) -> list[Reader]:
    """Those who decide on applications of the fair, the responsible one among them. ``staff``: what :func:`staff_of` has read."""
    deciding = [
        membership.user
        for membership in (staff_of(application) if staff is None else staff)
        if Right.DECIDE_APPLICATIONS in RIGHTS[StaffRole(membership.role)]
    ]
    people = [*responsible_staff(application), *deciding]
    return once_each(Reader.of(person) for person in people)


def placing_staff(application: Application) -> list[Reader]:
    """Those who offer stands at the fair, the responsible one among them."""
    placing = StaffMembership.objects.filter(fair=application.fair_id, user__is_active=True).with_right(Right.PLACE)
    people = [membership.user for membership in placing.select_related("user")]
    return once_each(Reader.of(person) for person in [*responsible_staff(application), *people])


def responsible_staff(application: Application) -> list[User]:
    """The staff member responsible for the application, if there is one."""
    return [application.responsible] if application.responsible and application.responsible.is_active else []


def region_coordinators(application: Application, staff: Sequence[StaffMembership] | None = None) -> list[Reader]:
    """The coordinators of the company's region. ``staff``: as above."""
    region = application.company.region
    if region is None:
        return []
    coordinators = [
        membership.user
        for membership in (staff_of(application) if staff is None else staff)
        if membership.role == StaffRole.REGIONAL_COORDINATOR and membership.region_code == region.code
    ]
    return once_each(Reader.of(person) for person in coordinators)


def finance_staff(application: Application, staff: Sequence[StaffMembership] | None = None) -> list[Reader]:
    everybody = staff_of(application) if staff is None else staff
    return once_each(Reader.of(membership.user) for membership in everybody if membership.role == StaffRole.FINANCE)


class Readers:
    """Who reads letters about these applications: read for all of them at one go, when somebody asks."""

    def __init__(self, applications: Sequence[Application], *, staff: Sequence[StaffMembership] | None = None) -> None:
        """``staff``: all who work at the fair, where the caller has read them."""
        self._applications = applications
        self._staff: dict[int, Sequence[StaffMembership]] = {} if staff is None else {applications[0].fair_id: staff}

    @cached_property
    def _of_companies(self) -> dict[int, list[Reader]]:
        return exhibitor_readers_of({application.company_id for application in self._applications})

    def exhibitor(self, application: Application) -> list[Reader]:
        return self._of_companies[application.company_id]

    def coordinators(self, application: Application) -> list[Reader]:
        return region_coordinators(application, self._staff_at(application))

    def deciding(self, application: Application) -> list[Reader]:
        return deciding_staff(application, self._staff_at(application))

    def finance(self, application: Application) -> list[Reader]:
        return finance_staff(application, self._staff_at(application))

    def _staff_at(self, application: Application) -> Sequence[StaffMembership]:
        if application.fair_id not in self._staff:
            self._staff[application.fair_id] = staff_of(application)
        return self._staff[application.fair_id]


def claim_staff(company_id: int) -> list[tuple[Reader, Fair | None]]:
    """Who may decide who acts for a company, each with a fair that it takes part in; superusers where it is at none."""
    fairs = set(Application.objects.filter(company=company_id).values_list("fair", flat=True))
    fairs |= set(CoExhibitor.objects.filter(company=company_id).values_list("application__fair", flat=True))
    editing = StaffMembership.objects.filter(fair__in=fairs, user__is_active=True)
    found: dict[str, tuple[Reader, Fair | None]] = {}
    for membership in editing.with_right(Right.EDIT_APPLICATIONS).select_related("user", "fair").order_by("-fair__starts_on", "pk"):
        reader = Reader.of(membership.user)
        found.setdefault(reader.address, (reader, membership.fair))
    if not found:
        return [(Reader.of(user), None) for user in User.objects.filter(is_superuser=True, is_active=True).order_by("pk")]
    return list(found.values())


def once_each(readers: Iterable[Reader]) -> list[Reader]:
    """Each address once, whatever its case; the first reader of an address is kept."""
    by_address: dict[str, Reader] = {}
    for reader in readers:
        by_address.setdefault(reader.address, reader)
    return list(by_address.values())
