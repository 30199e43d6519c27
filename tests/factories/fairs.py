"""A published fair of five days in May 2030 with one site and one hall of 30 × 30 m, stands of 3 × 3 m."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from fairs.domain.ladders import give_usual
from fairs.enums import Audience, Currency, FairStatus, SiteKind, StaffRole, TradeFlow
from fairs.models import Building, Deadline, Fair, Hall, OpeningHours, Site, StaffMembership, Stand, TradeFigure, Zone
from tests.factories.accounts import UserFactory

FIRST_DAY = date(2030, 5, 1)
LAST_DAY = date(2030, 5, 5)
OPEN_AT = datetime(2030, 1, 1, tzinfo=UTC)
CLOSE_AT = datetime(2030, 2, 1, tzinfo=UTC)


def square(x: float, y: float, side: float = 3) -> list[list[float]]:
    """The outline of a square with its lower left corner at ``x``, ``y``, in metres."""
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]


class FairFactory(DjangoModelFactory):
    """Published; takes applications in January 2030, later ones are late."""

    class Meta:
        model = Fair

    slug = factory.Sequence(lambda n: f"fair-{n:05}")
    name_ru = "Ярмарка"
    name_zh_hans = "博览会"
    name_en = "Fair"
    edition = 1
    starts_on = FIRST_DAY
    ends_on = LAST_DAY
    time_zone = "Asia/Shanghai"
    currency = Currency.CNY
    applications_open_at = OPEN_AT
    applications_close_at = CLOSE_AT
    takes_late_applications = True
    requires_products = False
    status = FairStatus.PUBLISHED
    reply_to = ""


class SiteFactory(DjangoModelFactory):
    """On all days of its fair."""

    class Meta:
        model = Site

    fair = factory.SubFactory(FairFactory)
    slug = factory.Sequence(lambda n: f"site-{n:05}")
    name_ru = "Площадка"
    name_zh_hans = "展区"
    name_en = "Site"
    city_ru = "Шэньян"
    city_zh_hans = "沈阳"
    city_en = "Shenyang"
    province = "CN-LN"
    country = "CN"
    kind = SiteKind.HALL
    starts_on = factory.LazyAttribute(lambda site: site.fair.starts_on)
    ends_on = factory.LazyAttribute(lambda site: site.fair.ends_on)


class OpeningHoursFactory(DjangoModelFactory):
    """10 to 18 o'clock on the site's first day."""

    class Meta:
        model = OpeningHours

    site = factory.SubFactory(SiteFactory)
    day = factory.LazyAttribute(lambda hours: hours.site.starts_on)
    opens = time(10)
    closes = time(18)


class HallFactory(DjangoModelFactory):
    """30 × 30 m. ``site__fair=…`` puts it into a fair."""

    class Meta:
        model = Hall

    site = factory.SubFactory(SiteFactory)
    slug = factory.Sequence(lambda n: f"hall-{n:05}")
    name_ru = "Зал"
    name_zh_hans = "展厅"
    name_en = "Hall"
    outline = factory.LazyFunction(lambda: square(0, 0, 30))


class BuildingFactory(DjangoModelFactory):
    class Meta:
        model = Building

    site = factory.SubFactory(SiteFactory)
    slug = factory.Sequence(lambda n: f"building-{n:05}")
    name_ru = "Корпус"
    name_zh_hans = "楼"
    name_en = "Building"


class ZoneFactory(DjangoModelFactory):
    """Meant for anybody; no stand names it yet."""

    class Meta:
        model = Zone

    hall = factory.SubFactory(HallFactory)
    slug = factory.Sequence(lambda n: f"zone-{n:05}")
    name_ru = "Зона"
    name_zh_hans = "专区"
    name_en = "Zone"
    category_codes = factory.LazyFunction(list)


class StandFactory(DjangoModelFactory):
    """3 × 3 m in the hall's lower left corner: give ``outline=square(x, y)`` where two stands must not overlap."""

    class Meta:
        model = Stand

    hall = factory.SubFactory(HallFactory)
    number = factory.Sequence(lambda n: f"A-{n:05}")
    outline = factory.LazyFunction(lambda: square(0, 0))
    area_m2 = Decimal("9.00")
    open_sides = 1
    power_kw = Decimal("0.00")
    water = False
    drain = False
    blocked = False
    blocked_reason = "Fire lane"  # counts once it is blocked


class DeadlineFactory(DjangoModelFactory):
    """Public, on 1 April 2030 at the end of the day in Shanghai, with the usual ladder (``ladder=False``: without one)."""

    class Meta:
        model = Deadline
        skip_postgeneration_save = True

    fair = factory.SubFactory(FairFactory)
    code = factory.Sequence(lambda n: f"deadline-{n:05}")
    title_ru = "Срок"
    title_zh_hans = "截止日期"
    title_en = "Deadline"
    due_at = datetime(2030, 4, 1, 15, 59, 59, tzinfo=UTC)
    audience = Audience.ACCEPTED
    is_public = True

    @factory.post_generation
    def ladder(self, create, wanted, **_more):
        if create and wanted is not False:
            give_usual(self)


class TradeFigureFactory(DjangoModelFactory):
    """The turnover of Liaoning with Russia, one year a row."""

    class Meta:
        model = TradeFigure

    fair = factory.SubFactory(FairFactory)
    province = "CN-LN"
    year = factory.Sequence(lambda n: 2000 + n % 100)
    flow = TradeFlow.TURNOVER
    amount = Decimal("1000.00")
    currency = Currency.CNY
    amount_usd = None
    growth_percent = None
    source = "Customs"


class StaffMembershipFactory(DjangoModelFactory):
    """A person of the desk who owns the fair; give ``role`` (and ``region_code`` for a regional coordinator)."""

    class Meta:
        model = StaffMembership

    fair = factory.SubFactory(FairFactory)
    user = factory.SubFactory(UserFactory, is_staff=True)
    role = StaffRole.OWNER
    region_code = ""
