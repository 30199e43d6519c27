"""The floor plan for everybody: what it shows, what it keeps to itself, and what it costs."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from exhibitors.domain import floor_plan, placements, planning
from exhibitors.domain.catalogue import refresh_application
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus
from exhibitors.models import CoExhibitor
from tests.exhibitors.raw_sql import ask_what_is_asked_at_commit
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import CompanyFactory, SiteWishFactory, StandHoldFactory
from tests.factories.fairs import FairFactory, HallFactory, SiteFactory, StandFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def hall():
    site = SiteFactory(fair=FairFactory())
    return HallFactory(site=site, outline=[[0, 0], [40, 0], [40, 20], [0, 20]])


def url_of(hall: Any, form: str) -> str:
    return f"/api/v1/fairs/{hall.fair.slug}/halls/{hall.slug}/floor-plan.{form}"


def stands_in(response: Any) -> dict[str, dict[str, Any]]:
    features = json.loads(response.content)["features"]
    return {feature["properties"]["number"]: feature["properties"] for feature in features}


def tree_of(response: Any) -> Any:
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own drawing


def texts_of(response: Any) -> list[str]:
    return ["".join(element.itertext()) for element in tree_of(response).iter(f"{SVG}text")]


class TestWhatIsShown:
    def test_a_link_marks_one_stand_and_an_unknown_number_none(self, hall, api):
        stand = StandFactory(hall=hall, number="A&1")
        StandFactory(hall=hall, number="A-2", outline=[[10, 0], [13, 0], [13, 3], [10, 3]])
        marked = api.get(f"{url_of(hall, 'svg')}?stand=A%261")
        fills = [shape.get("fill") for shape in tree_of(marked).iter(f"{SVG}polygon") if shape.get("class") == "shape"]
        assert fills.count(floor_plan.MARKED) == 1
        assert f"Stand {stand.number}" in texts_of(marked)
        plain = api.get(url_of(hall, "svg")).content
        assert floor_plan.MARKED.encode() not in plain
        assert api.get(f"{url_of(hall, 'svg')}?stand=Z-9").content == plain

    def test_taken_stands_name_who_is_there_and_all_others_read_available(self, hall, api):
        accepted = application_in(S.ACCEPTED, fair=hall.fair)
        CoExhibitor.objects.create(application=accepted, company=CompanyFactory(), status=CoExhibitorStatus.ADMITTED, declared_at=NOW)
        refresh_application(accepted)
        offered, held = application_in(S.STAND_OFFERED, fair=hall.fair), stand_at(site_of(hall.fair))
        StandHoldFactory(stand=held, until=NOW + timedelta(days=1))
        planned, blocked = stand_at(site_of(hall.fair)), stand_at(site_of(hall.fair), blocked=True, blocked_reason="Stage")
        planning.plan_stand(application_id=application_in(S.ADMITTED, fair=hall.fair).pk, stand_id=planned.pk, by=None, now=NOW)

        found = stands_in(api.get(url_of(hall, "geojson")))
        taken = accepted.placements.get().stand.number
        free = {offered.placements.get().stand.number, held.number, planned.number}
        assert {number: row["status"] for number, row in found.items()} == {
            taken: "taken",
            blocked.number: "blocked",
            **dict.fromkeys(free, "available"),
        }
        assert [row["name"] for row in found[taken]["exhibitors"]] == [
            exhibitor.company.name_en for exhibitor in accepted.exhibitors.order_by("-role")
        ]
        assert not any(row["exhibitors"] for number, row in found.items() if number != taken)
        picture = api.get(url_of(hall, "svg")).content.decode()
        assert accepted.company.name_en.split()[-1] in picture
        for other in (offered, *hall.fair.applications.filter(status=S.ADMITTED)):
            assert other.company.name_en not in picture

    def test_a_plan_leaves_the_bytes_and_the_tag_as_they_were(self, hall, api):
        application = application_in(S.ADMITTED, fair=hall.fair)
        stand = stand_at(site_of(hall.fair))
        ask_what_is_asked_at_commit()  # of what was built here
        before = [api.get(url_of(hall, form)) for form in ("svg", "geojson")]
        planning.plan_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=NOW)
        ask_what_is_asked_at_commit()
        after = [api.get(url_of(hall, form)) for form in ("svg", "geojson")]
        assert [(one.content, one["ETag"]) for one in after] == [(one.content, one["ETag"]) for one in before]

    @pytest.mark.parametrize(
        ("language", "word", "north"), [("en", "available: 1", "N"), ("ru", "свободен: 1", "С"), ("zh-hans", "可用：1", "北")]
    )
    def test_legend_scale_and_north_are_in_the_readers_language(self, language, word, north, hall, api):
        StandFactory(hall=hall, number="A-1")
        texts = texts_of(api.get(url_of(hall, "svg"), headers={"accept-language": language}))
        assert {word, north, "A-1"} <= set(texts)
        assert {"ru": "5 м", "en": "5 m", "zh-hans": "5 米"}[language] in texts
        assert texts[0] == str(hall.name_ru if language == "ru" else hall.name_en if language == "en" else hall.name_zh_hans)

    def test_north_points_where_it_lies(self, hall, api):
        hall.north_degrees = 90
        hall.save()
        arrow = [group for group in tree_of(api.get(url_of(hall, "svg"))).iter(f"{SVG}g") if "rotate(" in group.get("transform", "")]
        assert [group.get("transform").split()[0] for group in arrow if "N" in [text.text for text in group]] == ["rotate(90"]
        assert api.get(url_of(hall, "geojson")).json()["hall"]["north_degrees"] == 90

    @pytest.mark.parametrize(
        ("asked", "size", "scale"), [("1", ("420mm", "297mm"), "1 : 100 on A3"), ("a4", ("297mm", "210mm"), "1 : 150 on A4")]
    )
    def test_a_printed_sheet_is_true_to_the_scale_that_it_names(self, asked, size, scale, hall, api):
        response = api.get(url_of(hall, "svg"), {"print": asked})
        root = tree_of(response)
        assert (root.get("width"), root.get("height")) == size
        assert scale in texts_of(response)
        points = [tuple(map(float, pair.split(","))) for pair in root.find(f"{SVG}polygon").get("points").split()]
        metres = int(scale.split()[2]) * (points[1][0] - points[0][0]) / 1000
        assert metres == pytest.approx(40, abs=0.01)

    def test_texts_of_others_are_texts(self, hall, api):
        stand = StandFactory(hall=hall, number='"><b>')
        application = application_in(S.ADMITTED, fair=hall.fair)
        application.company.name_en = "<script>alert(1)</script>&"
        application.company.save()

        placements.offer_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=NOW)
        placements.accept_offer(application_id=application.pk, by=None, now=NOW, on_behalf=True)
        response = api.get(url_of(hall, "svg"))
        root = tree_of(response)
        assert not list(root.iter(f"{SVG}script"))
        assert not any(tag in response.content for tag in (b"<script", b"<b>"))
        assert any("<script>alert(1)</script>&" in (title.text or "") for title in root.iter(f"{SVG}title"))
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert "default-src 'none'" in response["Content-Security-Policy"]

    def test_rings_are_closed_and_run_counterclockwise(self, hall, api):
        StandFactory(hall=hall, outline=[[1, 1], [1, 4], [4, 4], [4, 1]])
        answer = api.get(url_of(hall, "geojson"))
        assert answer["Content-Type"] == "application/geo+json"
        (ring,) = json.loads(answer.content)["features"][0]["geometry"]["coordinates"]
        assert ring == [[1, 1], [4, 1], [4, 4], [1, 4], [1, 1]]


class TestWhatIsAsked:
    def test_who_has_it_is_told_so_in_one_query_until_somebody_accepts(self, hall, api, django_assert_num_queries):
        for form in ("svg", "geojson"):
            tag = api.get(url_of(hall, form))["ETag"]
            with django_assert_num_queries(1):  # fair and revision
                assert api.get(url_of(hall, form), headers={"if-none-match": tag}).status_code == 304
        application_in(S.ACCEPTED, fair=hall.fair)
        ask_what_is_asked_at_commit()  # PostgreSQL raises the revision then
        assert api.get(url_of(hall, "geojson"), headers={"if-none-match": tag}).status_code == 200

    @pytest.mark.parametrize("count", [1, 3])
    def test_costs_the_same_for_any_number(self, count, hall, api, django_assert_num_queries):
        for _ in range(count):
            application_in(S.ACCEPTED, fair=hall.fair)
        for form in ("svg", "geojson"):
            with django_assert_num_queries(4):  # fair, hall, stands, exhibitors
                api.get(url_of(hall, form))

    @pytest.mark.parametrize("accept", ["image/svg+xml", "image/avif,image/webp,*/*;q=0.8", "text/html"])
    def test_the_address_says_the_format(self, accept, hall, api):
        for form in ("svg", "geojson"):
            assert api.get(url_of(hall, form), headers={"accept": accept}).status_code == 200

    def test_an_unknown_hall_and_an_unknown_sheet(self, hall, api):
        other = HallFactory(site=SiteFactory(fair=FairFactory()), slug="elsewhere")
        for form in ("svg", "geojson"):
            answer = api.get(url_of(hall, form).replace(hall.slug, other.slug))
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        for wrong in ("", "a5", "x" * 1000):
            answer = api.get(url_of(hall, "svg"), {"print": wrong})
            assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), wrong


def test_a_hall_without_stands_and_one_site_more(hall, api):
    SiteWishFactory(application=application_in(S.SUBMITTED, fair=hall.fair))
    assert stands_in(api.get(url_of(hall, "geojson"))) == {}
    assert api.get(url_of(hall, "svg")).status_code == 200
