"""Make the demo's logins. Those that exist are left as they are."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from demo.logins import ADMIN, EXHIBITORS, PASSWORD, STAFF, Login
from exhibitors.models import Application, Company, CompanyMember
from fairs.models import Fair, StaffMembership


@transaction.atomic
def make_logins(*, fair_slug: str) -> None:
    wanted = [ADMIN, *STAFF, *EXHIBITORS]
    known = set(User.objects.filter(email__in=[login.email for login in wanted]).values_list("email", flat=True))
    missing = [login for login in wanted if login.email not in known]
    if not missing:
        return
    secret = make_password(PASSWORD)  # once for all: it is slow on purpose
    fair = Fair.objects.get(slug=fair_slug)
    companies = dict(zip(("first", "second"), _companies(fair), strict=False))
    for login in missing:
        person = _person(login, secret)
        if login in STAFF:
            StaffMembership.objects.create(fair=fair, user=person, role=login.role, region_code=login.of)
        elif login.of in companies:
            CompanyMember.objects.create(company=companies[login.of], user=person, role=login.role)


def _person(login: Login, secret: str) -> User:
    is_exhibitor = login in EXHIBITORS
    person = User(email=login.email, name=login.name, language=login.language, time_zone=login.time_zone, password=secret)
    person.is_staff = not is_exhibitor
    person.is_superuser = login == ADMIN
    person.save()
    EmailAddress.objects.create(user=person, email=login.email, primary=True, verified=True)
    return person


def _companies(fair: Fair) -> list[Company]:
    """The two companies that applied first: they have something to show."""
    applied = Application.objects.filter(fair=fair).order_by("pk").values_list("company", flat=True)[:2]
    return list(Company.objects.filter(pk__in=list(applied)).order_by("pk"))
