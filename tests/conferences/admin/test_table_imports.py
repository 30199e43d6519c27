"""Delegates and the programme from a file at the desk: tried, shown, and brought in once that is confirmed."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conferences.models import Conference, Delegate, DelegateQuota, Session
from fairs.admin import table_import
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.conferences.commands.test_imports import ROOM, SESSION, workbook
from tests.factories.conferences import ConferenceFactory
from tests.factories.fairs import FairFactory, SiteFactory, StaffMembershipFactory

DELEGATES = "/admin/conferences/delegate/import/"
PROGRAMME = "/admin/conferences/session/import/"
TWO = "ФИО;Почта;Страна;Язык;Вид\nРечная Анна;anna@example.com;Россия;русский;пресса\nЛю Ян;liu@example.com;Китай;китайский;гость\n"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_workbooks_read_here")]


@pytest.fixture
def conference() -> Conference:
    fair = FairFactory(starts_on="2030-05-01", ends_on="2030-05-03", time_zone="Asia/Vladivostok")
    site = SiteFactory(fair=fair, starts_on="2030-05-01", ends_on="2030-05-03")
    return ConferenceFactory(fair=fair, site=site, starts_on="2030-05-01", ends_on="2030-05-02", name_en="Trade conference")


@pytest.fixture
def producer(conference: Conference) -> Client:
    return desk_of(conference)


def desk_of(conference: Conference, role: StaffRole = StaffRole.CONFERENCE_PRODUCER) -> Client:
    client = Client()
    client.force_login(StaffMembershipFactory(fair=conference.fair, role=role).user)
    return client


def send(desk: Client, address: str, conference: Conference, content: bytes, name: str = "list.csv", **more: str) -> Any:
    return desk.post(address, {"of": conference.pk, "file": SimpleUploadedFile(name, content), **more})


def confirm(desk: Client, address: str, page: Any) -> Any:
    fields = {name: page.context[name] for name in ("token", "tell")}
    return desk.post(address, {"token": fields["token"], "of": page.context["of"].pk, **({"tell": "on"} if fields["tell"] else {})})


def test_delegates_are_tried_shown_and_then_brought_in(producer: Client, conference: Conference) -> None:
    page = send(producer, DELEGATES, conference, TWO.encode("cp1251"))
    html = page.content.decode()
    assert "Delegates: 2 new, 0 changed, 0 unchanged" in html
    assert "it was read as cp1251. Look at a few names before you import it. “Речная Анна”, “Лю Ян”" in html
    assert "No letter goes." in html
    assert not Delegate.objects.exists()

    answer = confirm(producer, DELEGATES, page)
    assert (answer.status_code, answer.url) == (302, "/admin/conferences/delegate/")
    assert list(Delegate.objects.order_by("pk").values_list("name", "country", "kind")) == [
        ("Речная Анна", "RU", "press"),
        ("Лю Ян", "CN", "guest"),
    ]
    assert not Letter.objects.exists()
    assert LogEntry.objects.get().change_message == "list.csv: Delegates: 2 new, 0 changed, 0 unchanged"

    again = confirm(producer, DELEGATES, page)  # the file is gone
    assert "no longer kept here" in again.content.decode()
    same = send(producer, DELEGATES, conference, TWO.encode())
    assert "There is nothing to import" in same.content.decode()
    assert 'name="token"' not in same.content.decode()


def test_letters_are_counted_before_they_are_written(producer: Client, conference: Conference) -> None:
    page = send(producer, DELEGATES, conference, TWO.encode(), tell="on")
    assert "2 letters go." in page.content.decode()
    assert not Letter.objects.exists()
    confirm(producer, DELEGATES, page)
    assert sorted(Letter.objects.values_list("recipient_email", flat=True)) == ["anna@example.com", "liu@example.com"]


def test_errors_are_those_of_the_command_and_nothing_is_written(
    producer: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_import, "_SHOWN", 2)
    wrong = TWO + "Никто;;;;\n"
    page = send(producer, DELEGATES, conference, wrong.encode())
    assert {(error.row, error.column) for error in page.context["outcome"].errors} >= {(4, "Почта"), (4, "Вид")}
    assert "Only the first 2 are shown." in page.content.decode()
    assert 'name="token"' not in page.content.decode()
    assert send(producer, DELEGATES, conference, b"").context["form"].errors["file"]
    assert not Delegate.objects.exists()


def test_what_has_changed_since_the_look_is_told_instead_of_written(producer: Client, conference: Conference) -> None:
    page = send(producer, DELEGATES, conference, TWO.encode())
    DelegateQuota.objects.create(conference=conference, kind="guest", is_taken=False)
    answer = confirm(producer, DELEGATES, page)
    assert "1 error: nothing was written." in answer.content.decode()
    assert (Delegate.objects.count(), LogEntry.objects.count()) == (0, 0)


def test_a_programme_comes_into_the_draft_and_names_the_sheets_of_its_errors(
    producer: Client, conference: Conference, tmp_path: Path
) -> None:
    wrong = workbook(tmp_path, Rooms=[{**ROOM, "capacity": "many"}], Sessions=[{**SESSION, "room": ""}]).read_bytes()
    page = send(producer, PROGRAMME, conference, wrong, "programme.xlsx")
    assert [(error.sheet, error.row, error.column) for error in page.context["outcome"].errors] == [("Rooms", 2, "capacity")]
    assert '<td class="pr-4">Rooms</td><td class="pr-4">2</td>' in page.content.decode()

    page = send(producer, PROGRAMME, conference, workbook(tmp_path).read_bytes(), "programme.xlsx")
    assert "Sessions: 1 new, 0 changed, 0 unchanged" in page.content.decode()
    assert not Session.objects.exists()
    assert confirm(producer, PROGRAMME, page).url == "/admin/conferences/session/"
    session = Session.objects.get()
    assert (session.draft_starts_at is None, session.starts_at) == (False, None)

    assert "This is no workbook." in send(producer, PROGRAMME, conference, TWO.encode()).content.decode()


def test_they_are_brought_in_by_those_who_may_and_into_the_own_conference(producer: Client, conference: Conference) -> None:
    other = ConferenceFactory()
    assert "of" in send(producer, DELEGATES, other, TWO.encode()).context["form"].errors
    mine = send(producer, DELEGATES, conference, TWO.encode())
    token = {"token": mine.context["token"], "of": other.pk}
    assert producer.post(DELEGATES, token).status_code == 200
    assert desk_of(other).post(DELEGATES, token).status_code == 200  # another person's file
    assert not Delegate.objects.exists()
    for role in (StaffRole.CHECK_IN, StaffRole.READ_ONLY):
        assert {desk_of(conference, role).get(address).status_code for address in (DELEGATES, PROGRAMME)} == {403}
