"""Stands come into a hall at the desk: rows from a pattern, files, a zone's numbers."""

from itertools import cycle
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from api import desk_deletions
from fairs.admin import stand_import
from fairs.enums import StaffRole
from fairs.models import Hall, Stand, Zone
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import FairFactory, HallFactory, SiteFactory, StandFactory, ZoneFactory, square
from tests.fairs.admin.test_desk import change_url, member
from tests.fairs.test_tables import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    return HallFactory(slug="one", outline=[[0, 0], [40, 0], [40, 20], [0, 20]])


@pytest.fixture
def planner(hall: Hall) -> Client:
    return member(StaffRole.FLOOR_PLANNER, hall.fair)


def pattern(page: Any, **changed: Any) -> dict[str, Any]:
    """What the form of the page would send."""
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**sent, **changed}.items() if value not in (None, False)}


def test_a_hall_of_a_width_and_a_depth_is_a_rectangle(planner: Client, hall: Hall) -> None:
    form = {"site": hall.site_id, "name_en": "Hall 2", "slug": "two", "width": "30", "depth": "20.5", "outline": ""}
    page = planner.post(reverse("admin:fairs_hall_add"), {**form, "width": ""})
    assert "outline" in page.context["adminform"].form.errors
    answer = planner.post(reverse("admin:fairs_hall_add"), form)
    assert answer.url == change_url("hall", Hall.objects.get(slug="two"))  # where its stands are added
    assert Hall.objects.get(slug="two").outline == [[0, 0], [30, 0], [30, 20.5], [0, 20.5]]


def test_rows_that_fill_the_hall_are_offered_shown_and_written(planner: Client, hall: Hall) -> None:
    url = reverse("admin:fairs_hall_rows", args=[hall.pk])
    page = planner.get(url)
    assert (page.context["count"], page.context["may_add"], page.context["problems"]) == (33, True, [])
    assert page.content.decode().count("<title>") == 33 + 1
    seen = planner.post(url, pattern(page, per_row=5), headers={"X-Preview": "1"})
    assert (seen.context["count"], b"<html" in seen.content) == (15, False)
    assert not Stand.objects.exists()
    answer = planner.post(url, pattern(page, per_row=5, power_kw="2.5", water="on", add="1"))
    assert answer.url == change_url("hall", hall)
    assert Stand.objects.filter(hall=hall, power_kw=2.5, water=True).count() == 15
    again = planner.get(url)
    assert again.context["form"]["first_number"].value() == "D01"
    assert again.context["form"]["margin_y"].value() == 18  # beyond those that are there; the hall is full
    assert "D01" in again.context["problems"][0]


def test_what_does_not_fit_is_named_red_and_not_written(planner: Client, hall: Hall) -> None:
    StandFactory(hall=hall, number="old", outline=square(3, 3))
    url = reverse("admin:fairs_hall_rows", args=[hall.pk])
    form = pattern(planner.get(url), first_number="A01", rows=1, per_row=13, margin_y=3, add="1")
    page = planner.post(url, form)
    assert page.status_code == 200
    text = page.content.decode()
    assert "These would stand out of the hall: A13." in text
    assert "A01 (old)" in text
    assert text.count('stroke-dasharray="0.3 0.2"') == 2
    assert Stand.objects.count() == 1
    assert planner.post(url, {**form, "only_fitting": "on"}).status_code == 302
    assert Stand.objects.count() == 12


FIELDS = ["rows", "per_row", "width", "depth", "aisle", "cross_after", "corner", "next_row"]
NONSENSE = ["", "-1", "1e400", "nan", "x", "9" * 400]
# Each field alone among good ones, and each nonsense in all; the first number is looked at where the others are good.
WRONG = [
    *({field: value} for field, value in zip(FIELDS, cycle(NONSENSE[1:]))),
    *(dict.fromkeys(FIELDS, value) for value in NONSENSE),
    *({"first_number": value} for value in NONSENSE),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_pattern_of_nonsense_is_answered_at_the_field(planner: Client, hall: Hall, wrong: dict[str, str]) -> None:
    url = reverse("admin:fairs_hall_rows", args=[hall.pk])
    page = planner.post(url, {**pattern(planner.get(url)), **wrong, "add": "1"})
    assert page.status_code == 200
    assert page.context["form"].errors.keys() >= {field for field, value in wrong.items() if (field, value) != ("cross_after", "")}
    assert not Stand.objects.exists()


def test_there_need_be_no_aisle_across(planner: Client, hall: Hall) -> None:
    url = reverse("admin:fairs_hall_rows", args=[hall.pk])
    assert planner.post(url, {**pattern(planner.get(url)), "cross_after": "", "add": "1"}).status_code == 302


def test_rows_are_for_those_who_draw_and_zones_of_the_own_hall(planner: Client, hall: Hall) -> None:
    url = reverse("admin:fairs_hall_rows", args=[hall.pk])
    assert member(StaffRole.READ_ONLY, hall.fair).get(url).status_code == 403
    assert member(StaffRole.FLOOR_PLANNER, FairFactory()).get(url).status_code == 404
    page = planner.post(url, pattern(planner.get(url), zone=ZoneFactory().pk, add="1"))
    assert "zone" in page.context["form"].errors


def upload(client: Client, fair_id: int, content: str, name: str = "stands.csv", **more: Any) -> Any:
    return client.post(reverse("admin:fairs_stand_import"), {"fair": fair_id, "file": SimpleUploadedFile(name, content.encode()), **more})


def test_a_file_is_tried_shown_and_then_imported(planner: Client, hall: Hall) -> None:
    page = upload(planner, hall.fair_id, "number,width,depth,open_sides\nA-1,3,3,\nA-2,3,3,4\n", hall=hall.pk)
    assert str(page.context["report"].tally) == "2 new, 0 changed, 0 unchanged"
    text = page.content.decode()
    assert "Stand A-2: 4 open sides are stated; by the plan it has 3." in text
    assert '<polygon points="3,17 6,17 6,14 3,14"' in text
    assert not Stand.objects.exists()
    confirm = {"token": page.context["token"], "fair": hall.fair_id, "hall": hall.pk}
    assert planner.post(reverse("admin:fairs_stand_import"), confirm).url == change_url("hall", hall)
    assert Stand.objects.count() == 2
    assert planner.post(reverse("admin:fairs_stand_import"), confirm).status_code == 200  # the file is gone
    assert Stand.objects.count() == 2


def test_the_errors_of_a_file_are_those_of_the_command(planner: Client, hall: Hall) -> None:
    page = upload(planner, hall.fair_id, "number,width,depth\nA-1,3,3\nA-1,3,3\n,3,3\n")
    errors = [(error.row, error.column) for error in page.context["report"].errors]
    assert errors == [(3, "number"), (4, "number")]
    assert 'name="token"' not in page.content.decode()
    assert upload(planner, hall.fair_id, "", name="a.csv").context["form"].errors["file"]
    assert upload(planner, hall.fair_id, "{", name="a.geojson").context["report"].errors


@pytest.mark.parametrize("width", ["3", "wide"])
def test_the_sheet_that_was_read_is_named_with_the_others(planner: Client, hall: Hall, width: str) -> None:
    content = workbook([["Легенда"]], title="Легенда", Стенды=[["number", "width", "depth"], ["A-1", width, "3"]])
    sent = {"fair": hall.fair_id, "hall": hall.pk, "file": SimpleUploadedFile("stands.xlsx", content)}
    page = planner.post(reverse("admin:fairs_stand_import"), sent).content.decode()
    assert "Read: sheet “Стенды”. Not read: “Легенда”." in page


def test_a_page_that_shows_the_first_errors_alone_says_so(planner: Client, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_import, "_SHOWN", 2)
    table = SimpleUploadedFile("stands.csv", b"number,width,depth\nA1,x,3\nA2,y,3\nA3,z,3\n")
    page = planner.post(reverse("admin:fairs_stand_import"), {"fair": hall.fair_id, "hall": hall.pk, "file": table}).content.decode()
    assert "3 errors: nothing was written." in page
    assert "Only the first 2 are shown." in page
    assert "“z”" not in page


def test_a_file_goes_into_halls_of_the_own_fair_alone(planner: Client, hall: Hall) -> None:
    other = HallFactory(slug="other")
    rows = "number,width,depth\nA-1,3,3\n"
    assert "fair" in upload(planner, other.fair_id, rows).context["form"].errors
    assert "hall" in upload(planner, hall.fair_id, rows, hall=other.pk).context["form"].errors
    confirm = {"token": "x", "fair": other.fair_id}
    assert planner.post(reverse("admin:fairs_stand_import"), confirm).status_code == 200
    assert member(StaffRole.READ_ONLY, hall.fair).get(reverse("admin:fairs_stand_import")).status_code == 403
    assert not Stand.objects.exists()


def test_a_zone_takes_stands_by_number(planner: Client, hall: Hall) -> None:
    for place in range(4):
        StandFactory(hall=hall, number=f"A-{place}", outline=square(3 * place, 0))
    form = {"hall": hall.pk, "name_en": "Food", "slug": "food", "category_codes": "03, 16"}
    page = planner.post(reverse("admin:fairs_zone_add"), {**form, "numbers": "A-0–A-2, A-9"})
    assert page.context["adminform"].form.errors["numbers"] == ["This hall has no stand A-9."]
    assert planner.post(reverse("admin:fairs_zone_add"), {**form, "numbers": "A-0–A-2"}).status_code == 302
    zone = Zone.objects.get()
    assert zone.category_codes == ["03", "16"]
    assert zone.stands.count() == 3
    assert "A-0–A-2" in planner.get(change_url("zone", zone)).content.decode()
    assert b"3 stands" in member(StaffRole.READ_ONLY, hall.fair).get(change_url("zone", zone)).content


def test_a_stand_is_drawn_with_its_corners_alone(planner: Client, hall: Hall) -> None:
    form = {"hall": hall.pk, "number": "A-1", "outline": "10 10; 13 10; 13 14; 10 14", "power_kw": "0"}
    assert planner.post(reverse("admin:fairs_stand_add"), form).status_code == 302
    stand = Stand.objects.get()
    assert (stand.outline, stand.area_m2, stand.open_sides) == ([[10, 10], [13, 10], [13, 14], [10, 14]], 12, 4)
    page = planner.get(change_url("stand", stand)).content.decode()
    assert "10 10; 13 10; 13 14; 10 14" in page
    for wrong in ("10 10; 13 10", "round", "[" * 5000, "[1, 2]", "1e999 0; 3 0; 3 3"):
        answer = planner.post(change_url("stand", stand), {**form, "outline": wrong})
        assert "outline" in answer.context["adminform"].form.errors, wrong


def test_the_form_of_a_new_stand_states_no_open_sides_unless_somebody_does(planner: Client, hall: Hall) -> None:
    page = planner.get(reverse("admin:fairs_stand_add")).content.decode()
    choices = page[page.index('name="open_sides"') :]
    assert choices.index('value=""') < choices.index('value="1"')
    assert "as the plan shows" in choices


def test_who_states_other_open_sides_is_told(planner: Client, hall: Hall) -> None:
    form = {"hall": hall.pk, "number": "A-1", "outline": "10 10; 13 10; 13 13; 10 13", "power_kw": "0", "open_sides": "2"}
    page = planner.post(reverse("admin:fairs_stand_add"), form, follow=True)
    assert "Stand A-1: 2 open sides are stated; by the plan it has 4." in page.content.decode()
    assert "by the plan it has 4." in planner.get(change_url("hall", hall)).content.decode()
    listed = planner.get(reverse("admin:fairs_stand_changelist"), {"drawn": "differ"})
    assert [stand.number for stand in listed.context["cl"].queryset] == ["A-1"]
    assert not planner.get(reverse("admin:fairs_stand_changelist"), {"drawn": "closed"}).context["cl"].queryset


def test_a_stand_deleted_at_the_desk_opens_its_neighbours(planner: Client, hall: Hall) -> None:
    stand = StandFactory(hall=hall, number="A-1", outline=square(10, 10), open_sides=3, open_sides_drawn=3)
    gone = StandFactory(hall=hall, number="A-2", outline=square(13, 10))
    assert planner.post(reverse("admin:fairs_stand_delete", args=[gone.pk]), {"post": "yes"}).status_code == 302
    stand.refresh_from_db()
    assert stand.open_sides == 4


def test_a_building_holds_halls_of_its_own_site(hall: Hall) -> None:
    client = member(StaffRole.OWNER, hall.fair)
    form = {"site": hall.site_id, "name_ru": "Корпус А", "slug": "a"}
    assert client.post(reverse("admin:fairs_building_add"), form).status_code == 302
    building = hall.site.buildings.get()
    sent = {"name_en": "Hall", "outline": "0 0; 40 0; 40 20; 0 20", "zones-TOTAL_FORMS": "0", "zones-INITIAL_FORMS": "0"}
    assert client.post(change_url("hall", hall), {**sent, "building": building.pk}).status_code == 302
    hall.refresh_from_db()
    assert hall.building == building
    other = HallFactory(site=SiteFactory(fair=hall.fair), outline=square(0, 0, 30))
    refused = client.post(change_url("hall", other), {**sent, "building": building.pk})
    assert "building" in refused.context["adminform"].form.errors


def test_before_a_hall_is_deleted_some_of_its_stands_are_named_and_all_are_counted(
    planner: Client, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_deletions, "_NAMED", 2)
    for place in range(4):
        StandFactory(hall=hall, outline=square(3 * place, 0))
    page = planner.get(reverse("admin:fairs_hall_delete", args=[hall.pk]))
    _hall, stands = page.context["deleted_objects"]
    assert (len(stands), stands[-1]) == (3, "… and 2 more")
    assert dict(page.context["model_count"])["stands"] == 4


def test_before_a_hall_is_kept_some_of_what_keeps_it_is_named(planner: Client, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_deletions, "_NAMED", 2)
    for place in range(4):
        PlacementFactory(application__fair=hall.fair, stand=StandFactory(hall=hall, outline=square(3 * place, 0)))
    page = planner.get(reverse("admin:fairs_hall_delete", args=[hall.pk]))
    assert page.context["protected"][2:] == ["… and 2 more"]


def test_the_picture_before_an_import_counts_every_stand_of_the_hall(planner: Client, hall: Hall) -> None:
    StandFactory(hall=hall, number="B-1", outline=square(0, 10))
    page = upload(planner, hall.fair_id, "number,width,depth\nA-1,3,3\nA-2,3,3\n", hall=hall.pk)
    (picture,) = page.context["report"].pictures
    assert sorted(entry["label"] for entry in picture["legend"]) == ["head: 2", "there already: 1"]
