"""Lists of delegates: what a spreadsheet makes of them, and what of them is taken."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError

from conferences.models import Conference, Delegate, DelegateQuota
from notifications.models import Letter
from tests.conferences.commands.importing import in_dialect, refused, run
from tests.factories.conferences import ConferenceFactory, DelegateFactory

pytestmark = pytest.mark.usefixtures("_workbooks_read_here")


def delegates_file(path: Path, *rows: str) -> Path:
    file = path / "delegates.csv"
    file.write_text("\n".join(["name,email,organisation,country,language,kind,status", *rows]), encoding="utf-8")
    return file


def test_delegates_errors(conference: Conference, tmp_path: Path) -> None:
    path = delegates_file(
        tmp_path,
        "Anna,anna@example.com,,RU,ru,press,reserved",
        "Anna,ANNA@example.com,,RU,ru,press,waiting",
        ",nowhere,,R1,de,king,lapsed",
        "B,b@example.com,,CN,ru,press,reserved",
        "C,c@example.com,,CN,ru,press,reserved",
    )
    errors = refused("import_delegates", path, conference)
    places = [line.partition(":")[0] for line in errors]
    assert places == [
        "row 3, column email",
        "row 4, column status",
        "row 4, column kind",
        "row 4, column name",
        "row 4, column email",
        "row 4, column country",
        "row 4, column language",
        "row 6, column status",
    ]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "ФИО;Почта;Организация;Страна;Язык;Вид;Статус;Часовой пояс",
            "Лю Ян;liu@example.com;Река;Китай;китайский;пресса;в листе ожидания;Asia/Harbin",
        ),
        ("姓名;电子邮箱;单位;国家;语言;类型;状态;时区", "Лю Ян;liu@example.com;Река;中国;中文;媒体;候补中;Asia/Harbin"),
        (
            "Name;Email;Organisation;Country;Language;Kind;Status;time_zone",
            "Лю Ян;liu@example.com;Река;China;Chinese;press;waiting;Asia/Harbin",
        ),
    ],
)
def test_delegates_in_the_words_of_the_organisers_language(conference: Conference, tmp_path: Path, header: str, row: str) -> None:
    file = tmp_path / "delegates.csv"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")
    run("import_delegates", file, conference.fair.slug)
    delegate = Delegate.objects.get()
    assert (delegate.name, delegate.organisation, delegate.country, delegate.language) == ("Лю Ян", "Река", "CN", "zh-hans")
    assert (delegate.kind, delegate.status, delegate.time_zone) == ("press", "waiting", "Asia/Harbin")


@pytest.mark.parametrize("dialect", ["; cp1251", "; utf-8-sig", "tab utf-16", ", utf-8", "xlsx"])
def test_delegates_in_the_dialects_of_spreadsheets(conference: Conference, tmp_path: Path, dialect: str) -> None:
    rows = [["Name", "E-Mail", "Organization", "Country", "Language", "Type"]]
    rows += [
        ["Речная Анна", "anna@example.com", "ООО «Река»", "RU", "ru", "press"],
        ["Волков Пётр", "petr@example.com", "", "RU", "ru", "guest"],
    ]
    run("import_delegates", in_dialect(tmp_path, rows, dialect), conference.fair.slug)
    assert list(Delegate.objects.order_by("pk").values_list("name", "organisation")) == [("Речная Анна", "ООО «Река»"), ("Волков Пётр", "")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name|email|country|language|kind\nA|a@example.com|RU|ru|press", "not the columns of this table"),
        (b'name,email,country,language,kind\nA,"a@example.com,RU,ru,press', "quotes or separators cannot be read"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "save it as .xlsx"),
        (
            b"name,email,country,language,kind\nA,a@example.com,RU,ru,press\n=A1,b@example.com,RU,ru,press",
            "row 3, column name: This is a formula",
        ),
    ],
)
def test_files_that_are_no_list_of_delegates(conference: Conference, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "delegates.csv").write_bytes(content)
    assert said in "\n".join(refused("import_delegates", tmp_path / "delegates.csv", conference))


def test_who_has_gone_stays_away_and_who_moved_up_keeps_the_place(conference: Conference, tmp_path: Path) -> None:
    DelegateFactory(conference=conference, email="gone@example.com", status="cancelled")
    DelegateFactory(conference=conference, email="up@example.com", status="reserved", name="Old")
    path = delegates_file(tmp_path, "G,gone@example.com,,RU,ru,press,reserved", "New,up@example.com,,RU,ru,press,waiting")
    out = run("import_delegates", path, conference.fair.slug)
    assert "row 2, column email" in out
    assert "row 3, column status" in out
    assert dict(Delegate.objects.values_list("email", "status")) == {"gone@example.com": "cancelled", "up@example.com": "reserved"}
    assert Delegate.objects.get(email="up@example.com").name == "New"


def test_a_time_zone_that_does_not_exist_is_refused(conference: Conference, tmp_path: Path) -> None:
    (tmp_path / "delegates.csv").write_text(
        "name,email,country,language,kind,time_zone\nA,a@example.com,RU,ru,press,Mars/Base", encoding="utf-8"
    )
    assert "row 2, column time_zone: “Mars/Base” is not an IANA" in "\n".join(
        refused("import_delegates", tmp_path / "delegates.csv", conference)
    )


def test_names_are_cleaned_of_what_nobody_sees(conference: Conference, tmp_path: Path) -> None:
    path = delegates_file(
        tmp_path, "\u202eАнна\x07  Речная\u200b,\u202eanna@example.com,‮evil,RU,ru,press,", "عمر,omar@example.com,,AE,en,guest,"
    )
    run("import_delegates", path, conference.fair.slug)
    rows = list(Delegate.objects.order_by("pk").values_list("name", "email", "organisation"))
    assert rows == [("Анна Речная", "anna@example.com", "evil"), ("عمر", "omar@example.com", "")]


def test_who_becomes_of_another_kind_needs_a_place_of_it(conference: Conference, tmp_path: Path) -> None:
    DelegateQuota.objects.create(conference=conference, kind="press", places=1)
    DelegateFactory(conference=conference, email="a@example.com", kind="press")
    DelegateFactory(conference=conference, email="b@example.com", kind="guest")
    with pytest.raises(CommandError, match="row 2, column kind: There are no more places for this kind of delegates"):
        run("import_delegates", delegates_file(tmp_path, "B,b@example.com,,RU,ru,press,"), conference.fair.slug)
    swapped = delegates_file(tmp_path, "A,a@example.com,,RU,ru,guest,", "B,b@example.com,,RU,ru,press,")
    run("import_delegates", swapped, conference.fair.slug)
    assert dict(Delegate.objects.values_list("email", "kind")) == {"a@example.com": "guest", "b@example.com": "press"}


def test_letters_leave_only_when_asked(conference: Conference, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    path = delegates_file(tmp_path, "Анна,anna@example.com,,RU,ru,press,", "王,wang@example.com,,CN,zh-hans,press,waiting")
    with django_capture_on_commit_callbacks(execute=True):
        run("import_delegates", path, conference.fair.slug, dry_run=True, notify=True)
    assert not Letter.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        run("import_delegates", path, conference.fair.slug, notify=True)
        run("import_delegates", path, conference.fair.slug, notify=True)
    assert [letter.subject for letter in mail.outbox] == ["Ваше участие в конференции подтверждено", "您已在会议候补名单中"]


def test_a_fair_with_several_conferences_asks_which(conference: Conference, tmp_path: Path) -> None:
    other = ConferenceFactory(site=conference.site)
    path = delegates_file(tmp_path, "Anna,anna@example.com,,RU,ru,press,")
    with pytest.raises(CommandError, match=r"say which one you mean: .* \(--conference SLUG\)"):
        run("import_delegates", path, conference.fair.slug)
    run("import_delegates", path, conference.fair.slug, conference=other.slug)
    assert Delegate.objects.get().conference == other
    with pytest.raises(CommandError, match="no fair"):
        run("import_delegates", path, "nowhere")
    with pytest.raises(CommandError, match="No such file"):
        run("import_delegates", tmp_path / "nothing.csv", conference.fair.slug, conference=other.slug)
