"""Wrong files: every error by sheet, row and column, and nothing goes in."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError

from conferences.domain import own_speaker
from conferences.domain.programme_import import COLUMNS
from conferences.models import Conference, Room, Session, SessionMove, Speaker
from tests.conferences.commands.importing import in_dialect, refused, run
from tests.factories.conferences import ConferenceFactory, SessionFactory, at
from tests.factories.exhibitors import ApplicationFactory
from tests.factories.fairs import FairFactory, SiteFactory

pytestmark = pytest.mark.usefixtures("_workbooks_read_here")

ROOM = {"code": "R1", "name_en": "Grand Hall", "capacity": "100"}
TRACK = {"code": "food", "name_en": "Food", "colour": "#2e7d32"}
SPEAKER = {"code": "s1", "name_en": "Anna Rechnaya", "language": "ru", "country": "RU"}
SESSION = {
    "code": "S1",
    "kind": "panel",
    "title_en": "The cold chain",
    "track": "food",
    "room": "R1",
    "starts_at": "2030-05-01 10:00",
    "ends_at": "2030-05-01T12:00+09:00",
    "language": "ru",
    "interpretation": "zh-hans, en",
    "people": "s1:moderator",
    "public": "no",
}


def workbook(path: Path, *, without: tuple[str, ...] = (), **sheets: list[dict[str, str]]) -> Path:
    """``without`` are columns that no sheet of it has."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    rows = {"Rooms": [ROOM], "Tracks": [TRACK], "Speakers": [SPEAKER], "Sessions": [SESSION], **sheets}
    for sheet, columns in COLUMNS.items():
        page = book.create_sheet(sheet)
        there = [column for column in columns if column not in without]
        page.append(there)
        for row in rows[sheet]:
            page.append([row.get(column, "") for column in there])
    book.save(path / "programme.xlsx")
    return path / "programme.xlsx"


def test_a_small_programme(conference: Conference, tmp_path: Path) -> None:
    run("import_programme", workbook(tmp_path), conference.fair.slug)
    session = Session.objects.get()
    assert (session.starts_at.isoformat(), session.ends_at.isoformat()) == ("2030-05-01T02:00:00+00:00", "2030-05-01T03:00:00+00:00")
    assert (session.is_public, session.interpretation, session.track.code) == (False, ["zh-hans", "en"], "food")
    assert list(session.participations.values_list("speaker__code", "role")) == [("s1", "moderator")]

    out = run("import_programme", workbook(tmp_path, Sessions=[{**SESSION, "title_en": "New"}]), conference.fair.slug)

    assert "sessions: 0 new, 1 changed, 0 unchanged" in out
    assert Session.objects.get().title_en == "New"


def test_every_error_is_named(conference: Conference, tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        Rooms=[ROOM, {"code": "R 2", "name_en": "", "capacity": "many"}],
        Tracks=[TRACK, {**TRACK, "colour": "green"}],
        Speakers=[{**SPEAKER, "email": "nowhere"}],
        Sessions=[SESSION, {**SESSION, "code": "S2", "kind": "dance", "room": "R9", "starts_at": "noon", "people": "s1:singer"}],
    )
    errors = refused("import_programme", path, conference)
    places = [line.partition(":")[0] for line in errors]
    assert places == [
        "sheet Tracks, row 3, column code",
        "sheet Rooms, row 3, column name_en",
        "sheet Tracks, row 3, column colour",
        "sheet Speakers, row 2, column email",
        "sheet Sessions, row 2, column people",
        "sheet Sessions, row 3, column kind",
        "sheet Sessions, row 3, column starts_at",
        "sheet Sessions, row 3, column room",
        "sheet Sessions, row 3, column people",
    ]


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"starts_at": "2030-06-01 10:00"}, "starts_at"),
        ({"ends_at": "2030-05-01 09:00"}, "ends_at"),
        ({"ends_at": "2030-05-01 10:00"}, "ends_at"),  # of no length
        ({"ends_at": "2030-05-02 11:00"}, "ends_at"),  # 25 hours
        ({"starts_at": "", "ends_at": "", "minutes": "0"}, "minutes"),
        ({"starts_at": "", "ends_at": "", "minutes": "1500"}, "minutes"),
        ({"starts_at": "01.05.2030 10:00"}, "starts_at"),
        ({"title_en": ""}, "title_en"),
        ({"language": "de"}, "language"),
        ({"interpretation": "ru, de"}, "interpretation"),
        ({"people": "s1, s1"}, "people"),
        ({"capacity": "-5"}, "capacity"),
        ({"public": "perhaps"}, "public"),
        ({"code": ""}, "code"),
    ],
)
def test_wrong_sessions(conference: Conference, tmp_path: Path, wrong: dict[str, str], column: str) -> None:
    (error,) = refused("import_programme", workbook(tmp_path, Sessions=[{**SESSION, **wrong}]), conference)
    assert error.startswith(f"sheet Sessions, row 2, column {column}: ")


def test_clashes_are_refused(conference: Conference, tmp_path: Path) -> None:
    errors = refused("import_programme", workbook(tmp_path, Sessions=[SESSION, {**SESSION, "code": "S2"}]), conference)
    assert errors == [
        "sheet Sessions, row 3, column room: Room Grand Hall has two sessions at once: S1 and S2.",
        "sheet Sessions, row 3, column people: Anna Rechnaya is in two sessions at once: S1 and S2.",
    ]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"starts_at": "2030-03-31 02:30", "ends_at": "2030-03-31 04:00"}, "column starts_at: 2030-03-31 02:30 does not exist"),
        ({"starts_at": "2030-03-31 01:00", "ends_at": "2030-03-31 02:30"}, "column ends_at: 2030-03-31 02:30 does not exist"),
        ({"starts_at": "2030-10-27 02:30", "ends_at": "2030-10-27 04:00"}, "column starts_at: 2030-10-27 02:30 is there twice"),
    ],
)
def test_a_clock_that_is_put_forward_or_back(db: None, tmp_path: Path, wrong: dict[str, str], says: str) -> None:
    conference = ConferenceFactory(site__fair__time_zone="Europe/Berlin", starts_on=date(2030, 3, 30), ends_on=date(2030, 10, 28))
    (error,) = refused("import_programme", workbook(tmp_path, Sessions=[{**SESSION, **wrong}]), conference)
    assert says in error
    offset = {"starts_at": "2030-10-27T02:30+01:00", "ends_at": "2030-10-27 04:00"}
    run("import_programme", workbook(tmp_path, Sessions=[{**SESSION, **offset}]), conference.fair.slug)
    assert Session.objects.get().minutes == 90


def test_what_to_look_at_is_printed(conference: Conference, tmp_path: Path) -> None:
    SessionFactory(conference=conference, code="elsewhere", starts_at=at(conference, 18))
    path = workbook(tmp_path, Rooms=[{**ROOM, "capacity": "40"}], Sessions=[{**SESSION, "capacity": "120"}])
    warnings = [
        "S1 needs more places (120) than Grand Hall has (40).",
        "S1 needs more interpretation booths (2) than Grand Hall has (0).",
        "S1 is to be interpreted, and no interpreter is named.",
        "Anna Rechnaya has no email address, and cannot be told of changes.",
    ]
    for is_dry in (True, False):
        out = run("import_programme", path, conference.fair.slug, dry_run=is_dry)
        assert out.splitlines()[:4] == warnings


def test_what_somebody_wrote_on_the_own_page_is_left_alone(conference: Conference, tmp_path: Path) -> None:
    run("import_programme", workbook(tmp_path), conference.fair.slug)
    speaker = Speaker.objects.get()
    own_speaker.update(speaker_id=speaker.pk, values={"name_zh_hans": "安娜"}, by=None, now=at(conference, 9))
    row = {**SPEAKER, "name_zh": "安妮", "title_en": "Head of sales"}
    out = run("import_programme", workbook(tmp_path, Speakers=[row]), conference.fair.slug)
    assert "sheet Speakers, row 2: name_zh is left alone, because Anna Rechnaya has edited it on the own page." in out
    speaker.refresh_from_db()
    assert (speaker.name_zh_hans, speaker.title_en) == ("安娜", "Head of sales")


def test_what_the_workbook_has_no_column_for_stays_as_it_is(conference: Conference, tmp_path: Path) -> None:
    host = ApplicationFactory(accepted=True, fair=conference.fair, company__name_en="Honey, Taiga & Co", company__inn="7700000011")
    full = {**SESSION, "abstract_ru": "О складах", "further_languages": "en", "hosts": "honey, taiga & co"}
    room = {**ROOM, "name_zh": "大厅", "layout": "u_shape", "equipment": "projector, lectern", "site": conference.site.slug}
    slug = conference.fair.slug
    run("import_programme", workbook(tmp_path, Rooms=[room], Sessions=[full]), slug)
    before = list(Room.objects.values()), list(Session.objects.values())
    assert Room.objects.values_list("layout", "equipment", "site").get() == ("u_shape", ["projector", "lectern"], conference.site_id)
    assert list(Session.objects.get().hosts.all()) == [host]

    columns = ("name_zh", "layout", "equipment", "site", "abstract_ru", "further_languages", "hosts", "people", "public", "interpretation")
    out = run("import_programme", workbook(tmp_path, without=columns), slug)
    assert "rooms: 0 new, 0 changed, 1 unchanged" in out
    assert "sessions: 0 new, 0 changed, 1 unchanged" in out
    assert (list(Room.objects.values()), list(Session.objects.values())) == before
    assert (Session.objects.get().hosts.count(), Session.objects.get().people.count()) == (1, 1)


def test_kinds_roles_languages_and_countries_may_be_words(conference: Conference, tmp_path: Path) -> None:
    words = {
        "Rooms": [{**ROOM, "layout": "Театр", "equipment": "проектор и экран; трибуна"}],
        "Speakers": [{**SPEAKER, "country": "Россия", "language": "русский"}],
        "Sessions": [
            {**SESSION, "kind": "панельная дискуссия", "language": "русский", "interpretation": "中文", "people": "s1: модератор"}
        ],
    }
    codes = {
        "Rooms": [{**ROOM, "layout": "theatre", "equipment": "projector, lectern"}],
        "Sessions": [{**SESSION, "interpretation": "zh-hans", "people": "s1:moderator"}],
    }
    run("import_programme", workbook(tmp_path, **words), conference.fair.slug)
    assert Speaker.objects.values_list("country", "language").get() == ("RU", "ru")

    out = run("import_programme", workbook(tmp_path, **codes), conference.fair.slug)
    for sheet in ("rooms", "speakers", "sessions"):
        assert f"{sheet}: 0 new, 0 changed, 1 unchanged" in out


def test_an_empty_cell_makes_nothing_public(conference: Conference, tmp_path: Path) -> None:
    run("import_programme", workbook(tmp_path), conference.fair.slug)
    run("import_programme", workbook(tmp_path, Sessions=[{**SESSION, "public": ""}]), conference.fair.slug)
    assert Session.objects.get().is_public is False


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("7700000011; Nobody", "“Nobody” is no company of this fair"),
        ("Honey", "“Honey” are several companies of this fair"),
        ("7700000033", "is no company of this fair"),  # has not applied yet
    ],
)
def test_hosts_that_are_not_clear(conference: Conference, tmp_path: Path, written: str, said: str) -> None:
    for inn, trait in (("7700000011", "accepted"), ("7700000022", "admitted"), ("7700000033", "draft")):
        ApplicationFactory(**{trait: True} if trait != "draft" else {}, fair=conference.fair, company__name_en="Honey", company__inn=inn)
    (error,) = refused("import_programme", workbook(tmp_path, Sessions=[{**SESSION, "hosts": written}]), conference)
    assert error.startswith("sheet Sessions, row 2, column hosts: ")
    assert said in error


def test_who_moved_what_is_noted(conference: Conference, tmp_path: Path) -> None:
    run("import_programme", workbook(tmp_path), conference.fair.slug)
    assert not SessionMove.objects.exists()
    later = {**SESSION, "starts_at": "2030-05-01 14:00", "ends_at": "2030-05-01 15:00"}
    for _time in range(2):
        run("import_programme", workbook(tmp_path, Sessions=[later]), conference.fair.slug)
    move = SessionMove.objects.get()
    assert (move.from_starts_at, move.to_starts_at, move.by) == (at(conference, 10), at(conference, 14), None)


def test_sessions_trade_places(conference: Conference, tmp_path: Path) -> None:
    later = {"starts_at": "2030-05-01 14:00", "ends_at": "2030-05-01 15:00"}
    run("import_programme", workbook(tmp_path, Sessions=[SESSION, {**SESSION, "code": "S2", **later}]), conference.fair.slug)
    first, second = Session.objects.order_by("code").values_list("starts_at", flat=True)
    run("import_programme", workbook(tmp_path, Sessions=[{**SESSION, **later}, {**SESSION, "code": "S2"}]), conference.fair.slug)
    assert list(Session.objects.order_by("code").values_list("starts_at", flat=True)) == [second, first]


def test_a_draft_is_shown_to_nobody(conference: Conference, tmp_path: Path) -> None:
    run("import_programme", workbook(tmp_path, Sessions=[SESSION]), conference.fair.slug, draft=True)
    session = Session.objects.get()
    assert session.draft_starts_at is not None
    assert session.starts_at is None


def test_a_file_without_the_sheets(conference: Conference, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    errors = refused("import_programme", tmp_path / "other.xlsx", conference)
    assert [line.partition(",")[0] for line in errors] == ["sheet Rooms", "sheet Tracks", "sheet Speakers", "sheet Sessions"]


@pytest.mark.parametrize("dialect", ["; cp1251", "tab utf-16", ", utf-8"])
def test_a_programme_in_one_table_is_no_workbook(conference: Conference, tmp_path: Path, dialect: str) -> None:
    path = in_dialect(tmp_path, [list(SESSION), ["Речная" if name == "title_en" else text for name, text in SESSION.items()]], dialect)
    assert refused("import_programme", path, conference) == [
        "This is no workbook. A programme is one .xlsx file with the sheets Rooms, Tracks, Speakers, Sessions: save the tables as such."
    ]


@pytest.mark.parametrize(("content", "said"), [(b"", "empty"), (b"PK\x03\x04", "broken"), (b"\xd0\xcf\x11\xe0", "save it as .xlsx")])
def test_a_file_that_cannot_be_read_is_refused_once(conference: Conference, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "programme.xlsx").write_bytes(content)
    (error,) = refused("import_programme", tmp_path / "programme.xlsx", conference)
    assert said in error
    assert not error.startswith("sheet")


def test_names_in_any_script(conference: Conference, tmp_path: Path) -> None:
    names = ("ליאת כהן", "ليلى حداد", "आरती शर्मा", "Ⱥłżbëta Ñandú", "王小明", "e\u0301milie")
    speakers = [{**SPEAKER, "code": f"s{number}", "name_en": name} for number, name in enumerate(names)]
    speakers += [{**SPEAKER, "code": "turned", "name_en": "Anna\u202e avoN\u200b", "biography_en": "Two\nlines"}]
    session = {**SESSION, "title_en": "تجارة (RU–CN) 2030", "people": ", ".join(one["code"] for one in speakers)}
    run("import_programme", workbook(tmp_path, Speakers=speakers, Sessions=[session]), conference.fair.slug)
    assert list(Speaker.objects.order_by("code").values_list("name_en", flat=True)) == [*names[:-1], "émilie", "Anna avoN"]
    assert Speaker.objects.get(code="turned").biography_en == "Two\nlines"
    assert Session.objects.get().title_en == "تجارة (RU–CN) 2030"
    out = run("import_programme", workbook(tmp_path, Speakers=speakers, Sessions=[session]), conference.fair.slug)
    assert "speakers: 0 new, 0 changed, 7 unchanged" in out


class TestImportConference:
    TOML = """
        [fair]
        slug = "mine"
        [conference]
        slug = "shenyang-2024"
        name_ru = "Конференция"
        name_zh = "大会"
        name_en = "Conference"
        site = "shenyang"
        starts_on = 2030-05-02
        ends_on = 2030-05-03
        capacity = 112
    """

    @pytest.fixture
    def fair(self, db: None) -> Any:
        return SiteFactory(slug="shenyang", fair=FairFactory(slug="mine")).fair

    def file(self, path: Path, text: str) -> Path:
        (path / "fair.toml").write_text(text, encoding="utf-8")
        return path / "fair.toml"

    def test_new_same_changed(self, fair: Any, tmp_path: Path) -> None:
        path = self.file(tmp_path, self.TOML)
        assert "new" in run("import_conference", path, "mine", dry_run=True)
        assert not Conference.objects.exists()
        assert run("import_conference", path, "mine") == "conference shenyang-2024: new\n"
        assert run("import_conference", path, "mine") == "conference shenyang-2024: unchanged\n"
        conference = Conference.objects.get()
        assert (conference.name_zh_hans, conference.capacity, conference.site.slug) == ("大会", 112, "shenyang")
        assert run("import_conference", self.file(tmp_path, self.TOML.replace("112", "9")), "mine") == "conference shenyang-2024: changed\n"

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [
            ('site = "shenyang"', 'site = "dalian"', "site"),
            ('site = "shenyang"', "", "site"),
            ("2030-05-02", "2030-05-09", "last day"),
            ("2030-05-02", '"2030-05-02"', "starts_on"),
            ("capacity", "places", "places"),
            ("[conference]", "[conference", "line 4"),
            ("[conference]", "[other]", "no table"),
        ],
    )
    def test_wrong(self, fair: Any, tmp_path: Path, old: str, new: str, named: str) -> None:
        with pytest.raises(CommandError, match=named):
            run("import_conference", self.file(tmp_path, self.TOML.replace(old, new)), "mine")
        assert not Conference.objects.exists()

    def test_a_slug_of_another_fair(self, fair: Any, tmp_path: Path) -> None:
        ConferenceFactory(slug="shenyang-2024")
        with pytest.raises(CommandError):
            run("import_conference", self.file(tmp_path, self.TOML), "mine")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ('kind = "astronaut"', "Write a kind out of: russian_company"),
        ('kind = "press"\nplaces = -1', "press: "),
        ('kind = "press"\nmost = 3', "most: This value is not known."),
    ],
)
def test_wrong_terms_of_a_kind(conference: Conference, tmp_path: Path, kind: str, said: str) -> None:
    head = f'slug = "{conference.slug}"\nname_en = "Conference"\nsite = "{conference.site.slug}"\n'
    days = f"starts_on = {conference.starts_on}\nends_on = {conference.ends_on}\n"
    path = tmp_path / "fair.toml"
    path.write_text(f"[conference]\n{head}{days}[[conference.kinds]]\n{kind}\n")
    with pytest.raises(CommandError, match=said):
        run("import_conference", path, conference.fair.slug)
    assert not conference.delegate_quotas.exists()
