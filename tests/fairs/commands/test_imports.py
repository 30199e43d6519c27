import io
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase

from fairs.domain import drawn_sides
from fairs.enums import Audience
from fairs.models import Deadline, Fair, Hall, OpeningHours, PublicRevision, Site, Stand, TradeFigure
from tests.factories.exhibitors import PlacementFactory, StandHoldFactory
from tests.factories.fairs import HallFactory, StandFactory, square

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[3] / "demo" / "made-in-russia-2024"
HEADER = "hall,number,outline,area_m2,open_sides,blocked\n"


def run(name: str, *args: Any) -> str:
    out = io.StringIO()
    call_command(name, *[str(argument) for argument in args], stdout=out)
    return out.getvalue().strip()


def failed(name: str, *args: Any) -> list[str]:
    with pytest.raises(CommandError) as caught:
        run(name, *args)
    return str(caught.value).splitlines()[1:]


@pytest.fixture
def hall() -> Hall:
    return HallFactory(slug="one", site__fair__slug="spring")


@pytest.fixture
def table(tmp_path: Path) -> Any:
    def write(rows: str) -> Path:
        path = tmp_path / "stands.csv"
        path.write_text(HEADER + rows)
        return path

    return write


def demo_plan(tmp_path: Path, **replaced: str) -> Path:
    text = (DEMO / "fair.toml").read_text()
    for old, new in replaced.values():
        assert old in text
        text = text.replace(old, new)
    tomllib.loads(text)
    path = tmp_path / "fair.toml"
    path.write_text(text)
    return path


class LoadedDemoTest(TestCase):
    """The demo fair, loaded once for all."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.told = [run("import_fair", DEMO / "fair.toml"), run("import_stands", DEMO / "stands.csv", "--fair", "made-in-russia-2024")]

    @pytest.fixture(autouse=True)
    def _files_go_to(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def test_the_demo_fair_loads_and_loads_again_without_a_change(self) -> None:
        assert self.told == ["fair made-in-russia-2024: 65 new, 0 changed, 0 unchanged", "stands: 260 new, 0 changed, 0 unchanged"]
        revision = PublicRevision.objects.get().number
        assert run("import_fair", DEMO / "fair.toml") == "fair made-in-russia-2024: 0 new, 0 changed, 65 unchanged"
        assert run("import_stands", DEMO / "stands.csv", "--fair", "made-in-russia-2024") == "stands: 0 new, 0 changed, 260 unchanged"
        assert PublicRevision.objects.get().number == revision
        counts = [model.objects.count() for model in (Fair, Site, Hall, OpeningHours, Deadline, TradeFigure, Stand)]
        assert counts == [1, 2, 5, 19, 20, 5, 260]
        last = Deadline.objects.get(code="fascia_text")
        assert (last.due_at.isoformat(), last.audience) == ("2024-01-10T15:59:59+00:00", Audience.SHELL_SCHEME)
        hall = Hall.objects.select_related("building").get(slug="shenyang-floor-2")
        assert (hall.building.name_zh_hans, hall.zones.get(slug="crafts").category_codes) == ("主楼", ["44", "69", "97"])
        assert Stand.objects.filter(zone__slug="crafts").count() == 14
        assert not list(drawn_sides.notices(Stand.objects.all()))
        site = Site.objects.get(slug="dalian")
        assert (site.city_ru, site.city_zh_hans, site.city_en) == ("Далянь", "大连", "Dalian")

    def test_a_fair_may_move_with_its_sites_in_one_load(self) -> None:
        Stand.objects.all().delete()  # whose days of rent keep a site from moving
        shorter = demo_plan(
            self.folder,
            ends=("ends_on = 2024-02-05", "ends_on = 2024-02-04"),
            last_in_shenyang=("[[sites.opening_hours]]\nday = 2024-02-05\nopens = 10:00:00\ncloses = 16:00:00\n", ""),
            last_in_dalian=("[[sites.opening_hours]]\nday = 2024-02-05\nopens = 09:30:00\ncloses = 15:00:00\n", ""),
        )
        assert run("import_fair", shorter) == "fair made-in-russia-2024: 0 new, 3 changed, 60 unchanged, 2 removed"
        assert Fair.objects.get().ends_on.isoformat() == "2024-02-04"
        assert run("import_fair", DEMO / "fair.toml") == "fair made-in-russia-2024: 2 new, 3 changed, 60 unchanged"

    def test_opening_hours_outside_the_new_days_of_a_site_are_named_and_nothing_moves(self) -> None:
        Stand.objects.all().delete()  # whose days of rent keep a site from moving
        shorter = demo_plan(self.folder, ends=("ends_on = 2024-02-05", "ends_on = 2024-02-04"))
        lines = failed("import_fair", shorter)
        assert [line.partition(": ")[0] for line in lines] == ["sites[1].opening_hours[10].day", "sites[2].opening_hours[9].day"]
        assert (Fair.objects.get().ends_on.isoformat(), OpeningHours.objects.count()) == ("2024-02-05", 19)

    def test_a_site_is_not_cut_short_under_a_stand_that_is_given(self) -> None:
        stand = Stand.objects.filter(hall__site__slug="shenyang", blocked=False).first()
        PlacementFactory(stand=stand, application__fair=stand.hall.fair, last_day=stand.hall.site.ends_on)
        shorter = demo_plan(
            self.folder,
            ends=("ends_on = 2024-02-05", "ends_on = 2024-02-04"),
            last_in_shenyang=("[[sites.opening_hours]]\nday = 2024-02-05\nopens = 10:00:00\ncloses = 16:00:00\n", ""),
            last_in_dalian=("[[sites.opening_hours]]\nday = 2024-02-05\nopens = 09:30:00\ncloses = 15:00:00\n", ""),
        )
        lines = failed("import_fair", shorter)
        assert [line.partition(": ")[0] for line in lines] == ["sites[1]", "sites[2]"]
        assert "5 Feb 2024: change the placements first" in lines[0]
        assert "are rented from 2 Feb 2024 to 5 Feb 2024: change them first" in lines[1]
        assert Site.objects.get(slug="shenyang").ends_on.isoformat() == "2024-02-05"

    def test_a_hall_leaves_its_building(self) -> None:
        run("import_fair", demo_plan(self.folder, none=('building = "a"', 'building = ""')))
        assert Hall.objects.get(slug="dalian-hall-1").building is None

    def test_a_source_may_be_in_one_language_or_without_any_named(self) -> None:
        text = (DEMO / "fair.toml").read_text(encoding="utf-8")
        path = self.folder / "fair.toml"
        path.write_text(re.sub(r'(source_zh|source_en) = ".*"\n', "", text), encoding="utf-8")
        TradeFigure.objects.all().delete()
        run("import_fair", path)
        assert {figure.source for figure in TradeFigure.objects.all()} == set(TradeFigure.objects.values_list("source_ru", flat=True))
        path.write_text(
            re.sub(r'source_(ru|zh|en) = ".*"\n', "", text).replace('flow = "', 'source = "Consul"\nflow = "'), encoding="utf-8"
        )
        TradeFigure.objects.all().delete()
        run("import_fair", path)
        assert set(TradeFigure.objects.values_list("source_en", flat=True)) == {"Consul"}


def test_every_error_of_a_fair_is_named_and_nothing_is_loaded(tmp_path: Path) -> None:
    bad = demo_plan(
        tmp_path,
        flow=('flow = "turnover"', 'flow = "barter"'),
        colour=('code = "fascia_text"', 'code = "fascia_text"\ncolour = "red"'),
        outline=("[[0, 0], [42, 0], [42, 39], [0, 39]]", "[[0, 0], [42, 39], [42, 0], [0, 39]]"),
        due=("due_at = 2024-03-11T23:59:59", "due_at = 2024-03-11"),
        building=('slug = "dalian-hall-1"', 'slug = "dalian-hall-1"\nbuilding = "main"'),
        once=('building = "a"\n', ""),
        codes=('["44", "69", "97"]', '["crafts"]'),
    )
    lines = failed("import_fair", bad)
    assert [line.partition(": ")[0] for line in lines] == [
        "sites[1].halls[2].zones[2].category_codes",
        "sites[2].halls[1].building",
        "sites[2].halls[2].outline",
        "deadlines[15].colour",
        "deadlines[20].due_at",
        "trade_figures[1].flow",
        "trade_figures[4].flow",
    ]
    assert lines[1].endswith("This site has no such building: main.")
    assert not Fair.objects.exists()


FAIR = """
[fair]
slug = "spring"
name_en = "Spring"
starts_on = 2030-03-01
ends_on = 2030-03-05
time_zone = "Asia/Shanghai"
currency = "CNY"
applications_open_at = 2029-09-01T09:00:00
applications_close_at = 2029-12-01T09:00:00
"""
SITE = """
[[sites]]
slug = "city"
kind = "mall"
country = "CN"
province = "CN-LN"
name_en = "City"
city_en = "City"
starts_on = 2030-03-01
ends_on = 2030-03-05
[[sites.opening_hours]]
day = 2030-03-01
opens = "ten"
closes = 18:00:00
[[sites.halls]]
slug = "one"
outline = [[0, 0], [9, 9], [9, 0], [0, 9]]
colour = "red"
[[sites.halls.zones]]
slug = "fish"
size = 4
"""
IN_THE_SITE = ["opening_hours[1].opens", "halls[1].colour", "halls[1].outline", "halls[1].zones[1].size"]


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ('currency = "CNY"', 'currency = "shells"', "fair.currency"),
        ('"Asia/Shanghai"', '"Shanghai"', "fair.time_zone"),
        ('kind = "mall"', 'kind = "tent"', "sites[1].kind"),
        ('slug = "city"\n', "", "sites[1]"),
        ('kind = "mall"', 'kind = "mall"\nrooms = 3', "sites[1].rooms"),
    ],
)
def test_what_belongs_to_something_refused_is_looked_at_too(tmp_path: Path, old: str, new: str, refused: str) -> None:
    path = tmp_path / "fair.toml"
    path.write_text((FAIR + SITE).replace(old, new))
    assert sorted(line.partition(": ")[0] for line in failed("import_fair", path)) == sorted(
        [refused, *(f"sites[1].{place}" for place in IN_THE_SITE)]
    )
    assert not Fair.objects.exists()


@pytest.mark.parametrize("content", ["not = = toml", "", "[fair]\nslug = 'x'\n", "sites = 3\n[fair]\ntime_zone='UTC'\n"])
def test_a_plan_that_is_none_is_refused_in_words(tmp_path: Path, content: str) -> None:
    path = tmp_path / "fair.toml"
    path.write_text(content)
    with pytest.raises(CommandError):
        run("import_fair", path)
    assert not Fair.objects.exists()


def test_a_dry_run_changes_nothing(tmp_path: Path, hall: Hall, table: Any) -> None:
    path = table("one,A-1,0 0; 3 0; 3 3; 0 3,9,2,no\n")
    assert run("import_stands", path, "--fair", "spring", "--dry-run") == "stands (checked only): 1 new, 0 changed, 0 unchanged"
    assert not Stand.objects.exists()
    plan = tmp_path / "fair.toml"
    plan.write_text('[fair]\nslug = "spring"\ntime_zone = "Asia/Shanghai"\nedition = 2\n')
    assert run("import_fair", plan, "--dry-run") == "fair spring (checked only): 0 new, 1 changed, 0 unchanged"
    assert Fair.objects.get().edition == 1


def test_stands_are_changed_and_those_not_named_stay(hall: Hall, table: Any) -> None:
    StandFactory(hall=hall, number="A-1", outline=square(0, 0), power_kw=5)
    StandFactory(hall=hall, number="A-2", outline=square(6, 0))
    path = table("one,A-1,0 0; 3 0; 3 3; 0 3,9,2,да\none,A-3,3 0; 6 0; 6 3; 3 3,9,1,\n")
    assert run("import_stands", path, "--fair", "spring").splitlines() == [
        "Stand A-1: 2 open sides are stated; by the plan it has 1.",
        "Stand A-2: 1 open side is stated; by the plan it has 2.",
        "stands: 1 new, 1 changed, 0 unchanged",
    ]
    changed = Stand.objects.get(number="A-1")
    assert (changed.open_sides, changed.blocked, changed.power_kw) == (2, True, 5)
    assert Stand.objects.count() == 3


def test_a_table_does_not_block_a_stand_that_somebody_has(hall: Hall, table: Any) -> None:
    given = StandFactory(hall=hall, number="A-1", outline=square(0, 0))
    StandFactory(hall=HallFactory(slug="two", site=hall.site), number="A-1", outline=square(0, 0))
    PlacementFactory(stand=given, application__fair=hall.fair, status="offered", application__company__legal_name="OOO Kedr")
    rows = "two,A-1,0 0; 3 0; 3 3; 0 3,9,1,yes\none,A-1,0 0; 3 0; 3 3; 0 3,9,1,{}\n"
    (line,) = failed("import_stands", table(rows.format("yes")), "--fair", "spring")
    assert line.startswith("row 3, column blocked: ")
    assert line.endswith("take that back or relocate the exhibitor first.")
    assert not Stand.objects.filter(blocked=True).exists()
    assert run("import_stands", table(rows.format("no")), "--fair", "spring").splitlines()[-1] == "stands: 0 new, 1 changed, 1 unchanged"


@pytest.mark.usefixtures("clock")
def test_a_table_does_not_block_a_stand_that_is_held(hall: Hall, table: Any) -> None:
    StandHoldFactory(stand=StandFactory(hall=hall, number="A-1", outline=square(0, 0)))
    (line,) = failed("import_stands", table("one,A-1,0 0; 3 0; 3 3; 0 3,9,1,yes\n"), "--fair", "spring")
    assert line == "row 2, column blocked: This stand is held for somebody: release it first."
    assert not Stand.objects.filter(blocked=True).exists()


def test_every_error_of_a_table_is_named_and_nothing_is_loaded(hall: Hall, table: Any) -> None:
    StandFactory(hall=hall, number="B-1", outline=square(20, 20))
    path = table(
        "one,A-1,0 0; 3 0; 3 3; 0 3,9,1,no\n"
        "two,A-2,0 0; 3 0; 3 3; 0 3,9,1,no\n"
        "one,A-1,6 0; 9 0; 9 3; 6 3,9,1,no\n"
        "one,A-4,2 0; 5 0; 5 3; 2 3,9,1,no\n"
        "one,A-5,29 0; 32 0; 32 3; 29 3,9,1,no\n"
        "one,A-6,9 9; 12 12; 12 9; 9 12,9,1,no\n"
        "one,A-7,12 0; 15 0; 15 3; 12 3,nine,1,perhaps\n"
        "one,A-8,15 0; 18 0; 18 3; 15 3,10,9,no\n"
        "one,,18 0; 21 0; 21 3; 18 3,9,1,no\n"
        "one,A-9,21 21; 24 21; 24 24; 21 24,9,1,no\n"
    )
    lines = failed("import_stands", path, "--fair", "spring")
    assert [line.partition(":")[0] for line in lines] == [
        "row 3, column hall",
        "row 4, column number",
        "row 5, column outline",
        "row 6, column outline",
        "row 7, column outline",
        "row 8, column area_m2",
        "row 8, column blocked",
        "row 9, column area_m2",
        "row 9, column open_sides",
        "row 10, column number",
        "row 11, column outline",
    ]
    assert "A-4 and A-1" in lines[2]
    assert [stand.number for stand in Stand.objects.all()] == ["B-1"]


def test_an_unknown_fair_or_file_is_named(tmp_path: Path, hall: Hall, table: Any) -> None:
    with pytest.raises(CommandError, match="There are: spring"):
        run("import_stands", table("one,A,0 0; 3 0; 3 3; 0 3,9,1,no\n"), "--fair", "autumn")
    with pytest.raises(CommandError, match="No such file"):
        run("import_stands", tmp_path / "none.csv", "--fair", "spring")


def test_ten_times_the_stands_cost_hardly_more_reads(hall: Hall, table: Any, django_assert_max_num_queries: Any) -> None:
    rows = [f"one,S-{n},{3 * (n % 10)} {3 * (n // 10)}; " for n in range(90)]
    corners = [
        f"{3 * (n % 10) + 3} {3 * (n // 10)}; {3 * (n % 10) + 3} {3 * (n // 10) + 3}; {3 * (n % 10)} {3 * (n // 10) + 3},9,1,no\n"
        for n in range(90)
    ]
    path = table("".join(row + corner for row, corner in zip(rows, corners, strict=True)))
    with django_assert_max_num_queries(90 + 10):  # one insert a stand
        run("import_stands", path, "--fair", "spring")
    with django_assert_max_num_queries(10):
        assert "90 unchanged" in run("import_stands", path, "--fair", "spring")
