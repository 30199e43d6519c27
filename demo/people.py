"""Make the demo's logins. Those that exist are left as they are."""

from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from demo.logins import ADMIN, EXHIBITORS, PASSWORD, STAFF, Login
from exhibitors.models import Application, Company, CompanyMember
from fairs.models import Fair, StaffMembership


@transaction.atomic
def make_staff(*, fair_slug: str) -> None:
    """The superuser and one person for each staff role."""
    fair = Fair.objects.get(slug=fair_slug)
    for login, person in _people([ADMIN, *STAFF]):
        person.is_staff = True
        person.is_superuser = login == ADMIN
        person.save()
        if login != ADMIN:
            StaffMembership.objects.create(fair=fair, user=person, role=login.role, region_code=login.of)


@transaction.atomic
def make_exhibitors(*, fair_slug: str) -> None:
    """People of two companies that applied."""
    companies = dict(zip(("first", "second"), _companies(fair_slug), strict=False))
    for login, person in _people(EXHIBITORS):
        if login.of in companies:
            CompanyMember.objects.create(company=companies[login.of], user=person, role=login.role)


def _people(logins: Iterable[Login]) -> Iterator[tuple[Login, User]]:
    """Those of ``logins`` that are not there yet, each with the person made for it."""
    logins = list(logins)
    known = set(User.objects.filter(email__in=[login.email for login in logins]).values_list("email", flat=True))
    missing = [login for login in logins if login.email not in known]
    secret = make_password(PASSWORD) if missing else ""  # once for all: it is slow on purpose
    for login in missing:
        person = User.objects.create(
            email=login.email, name=login.name, language=login.language, time_zone=login.time_zone, password=secret
        )
        EmailAddress.objects.create(user=person, email=login.email, primary=True, verified=True)
        yield login, person


def _companies(fair_slug: str) -> list[Company]:
    """The two companies that applied first: they have something to show."""
    applied = Application.objects.filter(fair__slug=fair_slug).order_by("pk").values_list("company", flat=True)[:2]
    return list(Company.objects.filter(pk__in=list(applied)).order_by("pk"))
