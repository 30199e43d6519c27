"""What is raced for: one fair, many admitted applications of one exhibitor's companies, stands, a conference with few places."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from benchmarks.sessions import session_token
from conferences.models import Conference
from exhibitors.domain import search
from exhibitors.enums import ApplicationStatus, CompanyRole
from exhibitors.models import Application, Company, CompanyContact, CompanyMember, Region, SiteWish
from fairs.enums import FairStatus, SiteKind, StaffRole
from fairs.models import Fair, Hall, Site, StaffMembership, Stand

SLUG = "chaos"
CONFERENCE = "chaos-conference"
PLACES = 100
_PASSWORD = "chaos-password-1"


@dataclass
class World:
    """``organiser`` and ``exhibitor`` are session tokens; the exhibitor is an editor of every company."""

    fair: Fair
    hall: Hall
    organiser: str
    exhibitor: str
    stranger: str

    def applications(self, count: int, status: str = ApplicationStatus.ADMITTED) -> list[Application]:
        """New applications, each of a company of its own, that wish for the site."""
        begun = Company.objects.count()
        region = Region.objects.get()
        companies = [
            Company(legal_name=f"ООО «Гонка {begun + n}»", name_en=f"Race {begun + n}", country="RU", region=region) for n in range(count)
        ]
        for company in companies:
            company.search_text = search.search_text_of(company)
        Company.objects.bulk_create(companies)
        member = User.objects.get(email="exhibitor@chaos.example")
        CompanyMember.objects.bulk_create(CompanyMember(company=company, user=member, role=CompanyRole.OWNER) for company in companies)
        CompanyContact.objects.bulk_create(
            CompanyContact(company=company, name="Контакт", email=f"contact{company.pk}@chaos.example") for company in companies
        )
        now = timezone.now()
        told = {f"told_{name}": value for name, value in (("status", status), ("decided_at", now))}
        known = {field.name for field in Application._meta.fields}
        columns = {"status": status, "submitted_at": now, "decided_at": now, **{k: v for k, v in told.items() if k in known}}
        made = Application.objects.bulk_create(Application(fair=self.fair, company=company, **columns) for company in companies)
        site = self.hall.site
        SiteWish.objects.bulk_create(
            SiteWish(application=application, site=site, area_min_m2=9, area_wished_m2=9, first_day=site.starts_on, last_day=site.ends_on)
            for application in made
        )
        return made

    def stand(self) -> Stand:
        """A new free stand."""
        begun = Stand.objects.filter(hall=self.hall).count()
        x, y = 3 * (begun % 300), 3 * (begun // 300)
        outline = [[x, y], [x + 3, y], [x + 3, y + 3], [x, y + 3]]
        return Stand.objects.create(hall=self.hall, number=f"C{begun + 1:04}", outline=outline, area_m2=9, open_sides=1)

    def path(self, application: Application, step: str = "") -> str:
        return f"/api/v1/fairs/{SLUG}/applications/{application.pk}/{step}"


def build() -> World:
    now = timezone.now()
    start = (now + timedelta(days=90)).date()
    days = {"starts_on": start, "ends_on": start + timedelta(days=9)}
    fair = Fair.objects.create(
        slug=SLUG, name_en="Chaos fair", time_zone="Asia/Shanghai", status=FairStatus.PUBLISHED, takes_late_applications=True,
        applications_open_at=now - timedelta(days=60), applications_close_at=now + timedelta(days=30), **days,
    )  # fmt: skip
    site = Site.objects.create(
        fair=fair, slug="site", name_en="Site", city_en="City", province="CN-LN", country="CN", kind=SiteKind.HALL, **days
    )
    hall = Hall.objects.create(site=site, slug="hall", name_en="Hall", outline=[[0, 0], [1000, 0], [1000, 1000], [0, 1000]])
    Conference.objects.create(
        fair=fair, site=site, slug=CONFERENCE, name_en="Conference", starts_on=start, ends_on=start + timedelta(days=1), capacity=PLACES
    )
    Region.objects.create(
        code="RU-PRI",
        country="RU",
        name_ru="Приморский край",
        name_zh_hans="滨海边疆区",
        name_en="Primorsky Krai",
        time_zones=["Asia/Vladivostok"],
    )
    organiser = User.objects.create_user("organiser@chaos.example", _PASSWORD, is_staff=True)
    StaffMembership.objects.create(fair=fair, user=organiser, role=StaffRole.OWNER)
    for name in ("exhibitor", "stranger"):
        User.objects.create_user(f"{name}@chaos.example", _PASSWORD)
    tokens = [session_token(f"{name}@chaos.example") for name in ("organiser", "exhibitor", "stranger")]
    return World(fair, hall, *tokens)
