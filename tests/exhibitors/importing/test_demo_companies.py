"""The demo fair's companies, loaded as an organiser would load them."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, Exhibitor, Placement

DEMO = Path(settings.BASE_DIR) / "demo" / "made-in-russia-2024"


@pytest.fixture(scope="module")
def rows():
    with (DEMO / "companies.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_company_is_labelled_and_its_numbers_belong_to_nobody(rows):
    assert len(rows) == 164
    for row in rows:
        assert "вымышленная" in row["note"]
        assert "虚构" in row["note"]
        assert "fictional" in row["note"]
        assert row["inn"].startswith("00")
        if row["ogrn"]:  # a draft may lack it
            assert (row["ogrn"][0] in "13", row["ogrn"][3:5]) == (True, "00")
        assert row["website"].endswith(".example")
    for column in ("legal_name", "inn", "description_ru", "contact_email"):
        assert len({row[column] for row in rows}) == len(rows)


@pytest.mark.django_db
def test_the_demo_fair_is_as_the_public_record_says(clock):
    clock.move_to("2023-12-12T01:00:00+00:00")
    call_command("load_reference")
    call_command("import_fair", str(DEMO / "fair.toml"))
    call_command("import_stands", str(DEMO / "stands.csv"), "--fair", "made-in-russia-2024")

    call_command("import_companies", str(DEMO / "companies.csv"), "--fair", "made-in-russia-2024")

    assert Counter(Exhibitor.objects.values_list("role", flat=True)) == {"MAIN": 135, "CO": 8}
    assert Exhibitor.objects.values("company__region").distinct().count() == 30
    assert Exhibitor.objects.filter(company__region__code="RU-KHA").count() == 5
    assert not Exhibitor.objects.filter(company__region__code="RU-SAR").exists()
    assert set(Application.objects.values_list("status", flat=True)) == set(ApplicationStatus.values)
    assert Application.objects.filter(late=True).count() == 5
    for placement in Placement.objects.live().select_related("stand", "application"):
        wish = placement.application.site_wishes.get(site=placement.site)
        assert wish.area_min_m2 <= placement.stand.area_m2 <= wish.area_max_m2
