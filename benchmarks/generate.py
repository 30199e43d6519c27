"""A fair of 5,000 exhibitors with texts, regions, categories and stands like the demo's, the same for the same seed."""

import random
from datetime import UTC, date, datetime, timedelta

from accounts.models import User
from exhibitors.domain import catalogue, search
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, Company, CompanyContact, Placement, ProductCategory, Region, SiteWish
from fairs.enums import FairStatus, SiteKind, StaffRole
from fairs.models import Fair, Hall, Site, StaffMembership, Stand

SEED = 20240127
SLUG = "bench"
START = date(2030, 1, 27)
NOW = datetime(2029, 9, 1, 9, tzinfo=UTC)
WORDS = {
    "ru": "мёд краб чай хлеб рыба орех ягода масло мука шоколад фабрика хозяйство край берег тайга река вкус качество партнёр сеть магазин",
    "zh_hans": "蜂蜜 螃蟹 茶叶 面包 鱼类 松子 浆果 食用油 面粉 巧克力 工厂 农场 边疆 海岸 森林 河流 口味 品质 合作伙伴 零售 商店 供货",
    "en": "honey crab tea bread fish nut berry oil flour chocolate factory farm frontier coast taiga river taste quality partner chain",
}


def generate(count: int = 5000) -> None:
    """Write the fair with ``count`` main exhibitors, each on a stand of its own, and one organiser."""
    rng = random.Random(SEED)
    fair, halls = _fair()
    regions = _regions()
    categories = [ProductCategory(code=f"{chapter:02}", **_names(rng, "name", 2)) for chapter in range(1, 25)]
    categories = ProductCategory.objects.bulk_create(categories)
    companies = Company.objects.bulk_create(_company(rng, number, regions) for number in range(count))
    _link(rng, Company.categories.through, "company_id", companies, categories)
    CompanyContact.objects.bulk_create(
        CompanyContact(company=company, name=company.legal_name[:80], email=f"contact{number}@bench.example")
        for number, company in enumerate(companies)
    )
    stands = Stand.objects.bulk_create(_stand(rng, number, halls) for number in range(count))
    applications = Application.objects.bulk_create(
        Application(
            fair=fair,
            company=company,
            status=ApplicationStatus.ACCEPTED,
            told_status=ApplicationStatus.ACCEPTED,
            submitted_at=NOW + timedelta(minutes=number),
        )
        for number, company in enumerate(companies)
    )
    _link(rng, Application.categories.through, "application_id", applications, categories)
    _place(applications, stands)
    catalogue.refresh(fair_id=fair.pk, company_ids=[company.pk for company in companies])
    organiser = User.objects.create_user("organiser@bench.example", "bench-password-1", is_staff=True)
    StaffMembership.objects.create(fair=fair, user=organiser, role=StaffRole.OWNER)


def _fair() -> tuple[Fair, list[Hall]]:
    fair = Fair.objects.create(
        slug=SLUG,
        name_en="Bench fair",
        starts_on=START,
        ends_on=START + timedelta(days=9),
        time_zone="Asia/Shanghai",
        applications_open_at=NOW - timedelta(days=60),
        applications_close_at=NOW + timedelta(days=60),
        status=FairStatus.PUBLISHED,
    )
    halls = []
    for number in range(2):
        site = Site.objects.create(
            fair=fair, slug=f"site{number}", name_en=f"Site {number}", city_en=f"City {number}", province="CN-LN", country="CN",
            kind=SiteKind.HALL, starts_on=fair.starts_on, ends_on=fair.ends_on,
        )  # fmt: skip
        outline = [[0, 0], [1000, 0], [1000, 1000], [0, 1000]]
        halls += [Hall.objects.create(site=site, slug=f"hall{number}{letter}", name_en=letter, outline=outline) for letter in "ab"]
    return fair, halls


def _regions() -> list[Region]:
    return Region.objects.bulk_create(
        Region(
            code=f"RU-B{letter}",
            country="RU",
            name_ru=f"Область {letter}",
            name_zh_hans=f"{letter}州",
            name_en=f"Region {letter}",
            time_zones=["Europe/Moscow"],
        )
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123"
    )


def _company(rng: random.Random, number: int, regions: list[Region]) -> Company:
    company = Company(
        legal_name=f"ООО «{_text(rng, 'ru', 2)} {number}»",
        country="RU",
        region=rng.choice(regions),
        website=f"https://company{number}.example",
        **_names(rng, "name", 3),
        **{f"brands_{language}": "\n".join(_text(rng, language, 1) for _ in range(2)) for language in WORDS},
        **{f"description_{language}": _text(rng, language, 45 if language != "zh_hans" else 30) for language in WORDS},
    )
    company.search_text = search.search_text_of(company)  # without categories, which are linked later
    return company


def _names(rng: random.Random, field: str, words: int) -> dict[str, str]:
    return {f"{field}_{language}": _text(rng, language, words).capitalize() for language in WORDS}


def _text(rng: random.Random, language: str, words: int) -> str:
    return ("" if language == "zh_hans" else " ").join(rng.choices(WORDS[language].split(), k=words))


def _stand(rng: random.Random, number: int, halls: list[Hall]) -> Stand:
    x, y = 3 * (number % 300), 3 * (number // 300)
    return Stand(
        hall=halls[number % len(halls)],
        number=f"A{number:05}",
        outline=[[x, y], [x + 3, y], [x + 3, y + 3], [x, y + 3]],
        area_m2=9,
        open_sides=rng.choice([1, 1, 1, 2, 3, 4]),
        power_kw=rng.choice([1, 3, 6]),
    )


def _link(rng: random.Random, through: type, column: str, rows: list, categories: list[ProductCategory]) -> None:
    through.objects.bulk_create(
        through(**{column: row.pk, "productcategory_id": category.pk})
        for row in rows
        for category in rng.sample(categories, rng.choice([1, 2, 3]))
    )


def _place(applications: list[Application], stands: list[Stand]) -> None:
    pairs = list(zip(applications, stands, strict=True))
    common = {"first_day": START, "last_day": START + timedelta(days=9)}
    SiteWish.objects.bulk_create(
        SiteWish(application=application, site=stand.hall.site, area_min_m2=9, area_wished_m2=9, area_max_m2=12, **common)
        for application, stand in pairs
    )
    Placement.objects.bulk_create(
        Placement(application=application, site=stand.hall.site, stand=stand, status=PlacementStatus.ACCEPTED, offered_at=NOW, **common)
        for application, stand in pairs
    )
