"""The organisers' tables: everything in them, and no text that a spreadsheet runs."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from conferences.domain import programme
from conferences.exports.tables import programme_table, speakers_table
from fairs.enums import StaffRole
from tests.conferences.conftest import NOW
from tests.conferences.exports.world import World, hide_something, name_hosts
from tests.factories.conferences import ConferenceFactory, ParticipationFactory, SessionFactory
from tests.factories.fairs import StaffMembershipFactory

HEADS = {"code", "day", "starts", "ends", "room", "track", "kind", "language", "places", "cancelled", "moderator", "interpreter"}


@pytest.fixture
def desk(world: World) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(StaffMembershipFactory(fair=world.conference.fair, role=StaffRole.CONFERENCE_PRODUCER, user__language="en").user)
    return client


def address(world: World, table: str) -> str:
    return reverse("admin:conferences_conference_export", args=[world.conference.pk, table])


def rows_of(desk: Client, world: World, table: str) -> list[list[str]]:
    answer = desk.get(address(world, table))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private, no-store")
    if table.endswith("csv"):
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    return [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_programme(desk: Client, world: World, form: str) -> None:
    hide_something(world)
    name_hosts(world)
    programme.cancel_session(session_id=world.sessions["odd"].pk, by=None, now=NOW)
    world.sessions["late"].title_ru = "=HYPERLINK(1)"
    world.sessions["late"].save()
    header, *rows = rows_of(desk, world, f"programme.{form}")
    assert set(header) >= HEADS
    by_code = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert set(by_code) == {"S01", "S02", "S03", "S04", "S05", "SECRET"}
    assert (by_code["SECRET"]["shown to everybody"], by_code["S01"]["shown to everybody"]) == ("no", "yes")
    assert (by_code["S02"]["cancelled"], by_code["S01"]["cancelled"]) == ("yes", "no")
    opening, late = by_code["S01"], by_code["S03"]
    assert (opening["day"], opening["starts"], opening["ends"], late["ends"]) == ("2030-05-01", "10:00", "11:00", "2030-05-02 02:00")
    assert (opening["also held in"], opening["host companies"]) == ("Russian", "Taiga Honey & Co; Not Yet")  # whoever it is
    assert opening["moderator"] == 'Vera "V" O\'Hara & Co, Grain <Meridian>'
    assert late["title · Russian"] == ("'=HYPERLINK(1)" if form == "csv" else "=HYPERLINK(1)")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_people(desk: Client, world: World, form: str) -> None:
    header, *rows = rows_of(desk, world, f"speakers.{form}")
    by_code = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_code["liu"]["name · Chinese"] == "刘星河"
    assert by_code["vera"]["sessions"] == "S01 (moderator); S01 (speaker)"
    assert [by_code["vera"][name] for name in ("answer", "journey", "visa")] == ["not answered yet", "not needed", "not needed"]
    assert by_code["vera"]["email address"] == world.people["vera"].email


def test_names_of_files_and_unknown_ones(desk: Client, world: World) -> None:
    answer = desk.get(address(world, "programme.xlsx"))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Conference%20%E2%80%93%20programme.xlsx")
    for table in ("programme", "programme.pdf", "delegates.csv", "..csv"):
        assert desk.get(address(world, table)).status_code == 404
    assert desk.post(address(world, "programme.csv")).status_code == 405
    elsewhere = ConferenceFactory()
    assert desk.get(reverse("admin:conferences_conference_export", args=[elsewhere.pk, "programme.csv"])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_many_rows(db: None, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conference = ConferenceFactory()
    for _number in range(rows):
        ParticipationFactory.create_batch(rows, session=SessionFactory(conference=conference))
    with django_assert_num_queries(3):
        assert len(list(programme_table(conference)[1])) == rows
    with django_assert_num_queries(2):
        assert len(list(speakers_table(conference)[1])) == rows * rows


def test_the_conferences_page_leads_to_every_export(desk: Client, world: World) -> None:
    page = desk.get(reverse("admin:conferences_conference_change", args=[world.conference.pk])).content.decode()
    for name in ("schedule.pdf", "schedule.ics", "schedule.xml", "schedule.json", "schedule.jsonld", "schedule.ics?track=food"):
        assert f'href="{world.url(name)}"' in page
    for table in ("programme.csv", "programme.xlsx", "speakers.csv", "speakers.xlsx"):
        assert f'href="{address(world, table)}"' in page
