"""What may never be true in the tables, tried by raw SQL: no form or function of ours stands between."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from fairs import triggers
from fairs.models import Fair, Hall, OpeningHours, PublicRevision, Site, Stand
from tests.factories.fairs import (
    DeadlineFactory,
    FairFactory,
    HallFactory,
    OpeningHoursFactory,
    SiteFactory,
    StandFactory,
    TradeFigureFactory,
    square,
)

pytestmark = pytest.mark.django_db


def change(row: Any, column: str, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk])  # noqa: S608


def refused(row: Any, column: str, value: Any) -> None:
    before = type(row).objects.filter(pk=row.pk).values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(row, column, value)
    assert type(row).objects.filter(pk=row.pk).values().get() == before


def test_a_site_stays_within_the_days_of_its_fair() -> None:
    site = SiteFactory()
    refused(site, "ends_on", site.fair.ends_on + timedelta(days=1))
    refused(site, "starts_on", site.fair.starts_on - timedelta(days=1))


def test_a_new_site_outside_its_fair_is_refused() -> None:
    fair = FairFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteFactory(fair=fair, ends_on=fair.ends_on + timedelta(days=1))
    assert not Site.objects.exists()


def test_a_fair_is_never_shorter_than_its_sites() -> None:
    site = SiteFactory()
    refused(site.fair, "ends_on", site.fair.ends_on - timedelta(days=1))


def test_opening_hours_are_on_days_of_the_site() -> None:
    hours = OpeningHoursFactory()
    refused(hours, "day", hours.site.ends_on + timedelta(days=1))
    refused(hours, "closes", "09:00:00")


def test_a_site_is_not_cut_short_under_its_opening_hours() -> None:
    site = SiteFactory()
    OpeningHoursFactory(site=site, day=site.starts_on)
    OpeningHoursFactory(site=site, day=site.ends_on)
    refused(site, "starts_on", site.starts_on + timedelta(days=1))
    refused(site, "ends_on", site.ends_on - timedelta(days=1))
    OpeningHours.objects.all().delete()
    change(site, "ends_on", site.ends_on - timedelta(days=1))


def test_opening_hours_come_once_a_day() -> None:
    hours = OpeningHoursFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningHoursFactory(site=hours.site)
    assert OpeningHours.objects.count() == 1


def test_a_hall_belongs_to_the_fair_of_its_site() -> None:
    hall = HallFactory()
    refused(hall, "fair_id", FairFactory().pk)


def test_a_site_keeps_its_fair_and_a_stand_its_hall() -> None:
    stand = StandFactory()
    refused(stand.hall.site, "fair_id", FairFactory().pk)
    refused(stand, "hall_id", HallFactory(site=stand.hall.site).pk)


def test_a_stand_number_is_unique_in_its_hall_alone() -> None:
    stand = StandFactory(number="A-01")
    StandFactory(number="A-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        StandFactory(hall=stand.hall, number="A-01")
    assert Stand.objects.count() == 2


def test_a_hall_slug_is_unique_in_its_fair() -> None:
    hall = HallFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        HallFactory(site=SiteFactory(fair=hall.fair), slug=hall.slug)
    assert Hall.objects.count() == 1


@pytest.mark.parametrize(("column", "value"), [("area_m2", 0), ("open_sides", 5), ("open_sides", 0), ("power_kw", -1)])
def test_a_stand_has_possible_figures(column: str, value: int) -> None:
    refused(StandFactory(), column, value)


@pytest.mark.parametrize(("column", "value"), [("status", "gone"), ("currency", "XXX"), ("edition", 0), ("ends_on", date(2029, 1, 1))])
def test_a_fair_has_possible_values(column: str, value: Any) -> None:
    refused(FairFactory(), column, value)


def test_the_rules_survive_another_migrate() -> None:
    site = SiteFactory()
    call_command("migrate", verbosity=0)
    refused(site, "ends_on", site.fair.ends_on + timedelta(days=1))


def number_of(fair: Fair) -> int:
    return PublicRevision.objects.get(fair=fair).number


@pytest.mark.django_db(transaction=True)
def test_the_public_revision_moves_with_every_public_noun() -> None:
    stand = StandFactory()
    fair, other = stand.hall.fair, FairFactory()
    hours = OpeningHoursFactory(site=stand.hall.site)
    untouched = number_of(other)
    for row, column, value in [
        (fair, "edition", 2),
        (stand.hall.site, "slug", "elsewhere"),
        (hours, "opens", "11:00:00"),
        (stand.hall, "slug", "renamed"),
        (stand, "blocked", True),
        (DeadlineFactory(fair=fair), "code", "another"),
        (TradeFigureFactory(fair=fair), "source", "a consulate"),
    ]:
        before = number_of(fair)
        change(row, column, value)
        assert number_of(fair) > before, f"{row!r} {column}"
    assert number_of(other) == untouched


@pytest.mark.django_db(transaction=True)
def test_a_deleted_stand_moves_the_public_revision() -> None:
    stand = StandFactory(outline=square(0, 0))
    before = number_of(stand.hall.fair)
    stand.delete()
    assert number_of(stand.hall.fair) > before


def test_rules_wait_until_all_migrations_are_applied(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """After `migrate APP 0001` the columns that the rules speak of may be gone."""
    site = SiteFactory()
    too_late = site.fair.ends_on + timedelta(days=1)
    triggers.remove()
    with monkeypatch.context() as patch:
        patch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["a migration that is not applied"])
        triggers.install_after_migrate(plan=[], verbosity=1)
    assert "not laid: 1 migration" in capsys.readouterr().out
    change(site, "ends_on", too_late)
    change(site, "ends_on", site.ends_on)

    triggers.install_after_migrate(plan=[], verbosity=1)
    assert capsys.readouterr().out == ""
    refused(site, "ends_on", too_late)
