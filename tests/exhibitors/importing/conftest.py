"""A fair with one site "east", a hall "one" with stands A-1 to A-4, and tables as an organiser would send them."""

import io
from datetime import UTC, datetime

import pytest

from exhibitors.importing.companies import import_companies
from tests.factories.exhibitors import ProductCategoryFactory, RegionFactory, inn
from tests.factories.fairs import FairFactory, HallFactory, SiteFactory, StandFactory, square

NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)


@pytest.fixture
def fair(db):
    RegionFactory()
    RegionFactory(code="RU-KHA", time_zones=["Asia/Vladivostok"])
    ProductCategoryFactory()
    fair = FairFactory(slug="spring")
    hall = HallFactory(site=SiteFactory(fair=fair, slug="east"), slug="one")
    for number in range(1, 5):
        StandFactory(hall=hall, number=f"A-{number}", outline=square(3.0 * number, 0))
    return fair


def line(number: int, **cells: str) -> dict[str, str]:
    """A row that may be submitted."""
    plain = {
        "legal_name": f"ООО «Рассвет {number}»",
        "name_ru": f"Рассвет {number}",
        "name_zh": f"黎明{number}",
        "name_en": f"Dawn {number}",
        "country": "RU",
        "region": "RU-PRI",
        "inn": inn(number),
        "categories": "03",
        "contact_name": "Анна Иванова",
        "contact_email": f"anna-{number}@example.com",
        "east_area": "9",
    }
    return {**plain, **cells}


def csv_of(*lines: dict[str, str], headers: list[str] | None = None) -> io.BytesIO:
    headers = headers or list(dict.fromkeys(name for cells in lines for name in cells))
    rows = [headers, *([cells.get(name, "") for name in headers] for cells in lines)]
    text = "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    return io.BytesIO(text.encode())


@pytest.fixture
def load(fair):
    """``load(line(1), line(2), …)`` imports them and returns the report."""

    def run(*lines, dry_run=False, tell=False, by=None, headers=None):
        return import_companies(
            fair=fair, source=csv_of(*lines, headers=headers), name="table.csv", by=by, now=NOW, dry_run=dry_run, tell=tell
        )

    return run
