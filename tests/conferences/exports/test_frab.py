"""frab's schedule.xml and schedule.json: their structure, and that both say the same. The published schemas: test_frab_schemas.py."""

import re
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from rest_framework.test import APIClient

from conferences.exports.frab import _slug, acronym_of
from conferences.exports.published import programme_of
from tests.conferences.exports.world import World

CONFERENCE = {"acronym", "title", "start", "end", "daysCount", "timeslot_duration", "time_zone_name", "url", "tracks", "rooms", "days"}
EVENT = {
    "guid", "id", "date", "start", "end", "duration", "room", "slug", "url", "title", "subtitle", "track", "type", "language", "abstract",
    "description", "persons", "links", "attachments",
}  # fmt: skip
IN_XML = {
    "room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track", "persons", "language", "description",
    "links", "attachments", "url",
}  # fmt: skip


def as_json(api: APIClient, world: World, **query: str) -> dict[str, Any]:
    answer = api.get(world.url("schedule.json"), query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json"), answer.content
    return answer.json()["schedule"]


def as_xml(api: APIClient, world: World, **query: str) -> ElementTree.Element:
    answer = api.get(world.url("schedule.xml"), query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8"), answer.content
    return ElementTree.fromstring(answer.content)  # noqa: S314  # written by us


def events_of(schedule: dict[str, Any]) -> list[dict[str, Any]]:
    return [event for day in schedule["conference"]["days"] for events in day["rooms"].values() for event in events]


def test_the_structure_of_the_json(api: APIClient, world: World) -> None:
    schedule = as_json(api, world)
    conference = schedule["conference"]
    assert set(schedule) == {"version", "base_url", "conference"}
    assert set(conference) == CONFERENCE
    assert (conference["acronym"], conference["daysCount"], conference["timeslot_duration"]) == ("shen_2030", 3, "00:05")
    assert (conference["start"], conference["end"], conference["time_zone_name"]) == ("2030-05-01", "2030-05-03", "Asia/Shanghai")
    assert conference["tracks"] == [{"name": "Food <and> drink", "slug": "food", "color": "#8a5a00"}]
    assert [(room["slug"], room["capacity"]) for room in conference["rooms"]] == [("aux", 100), ("main", 100)]
    assert all(UUID(room["guid"]) for room in conference["rooms"])
    assert [(day["index"], day["date"], day["day_start"], day["day_end"]) for day in conference["days"]] == [
        (1, "2030-05-01", "2030-05-01T00:00:00+08:00", "2030-05-02T00:00:00+08:00"),
        (2, "2030-05-02", "2030-05-02T00:00:00+08:00", "2030-05-03T00:00:00+08:00"),
        (3, "2030-05-03", "2030-05-03T00:00:00+08:00", "2030-05-04T00:00:00+08:00"),
    ]
    assert all(set(event) == EVENT for event in events_of(schedule))
    # Two rooms of one name: their sessions are all there, under it.
    assert [[len(events) for events in day["rooms"].values()] for day in conference["days"]] == [[3], [0, 1], [1]]


def test_a_session(api: APIClient, world: World) -> None:
    session, vera, liu = world.sessions["opening"], world.people["vera"], world.people["liu"]
    (event,) = [event for event in events_of(as_json(api, world)) if event["title"] == "Opening"]
    assert event == {
        "guid": str(session.guid),
        "id": session.pk,
        "date": "2030-05-01T10:00:00+08:00",
        "start": "10:00",
        "end": "2030-05-01T11:00:00+08:00",
        "duration": "01:00",
        "room": "Hall & Garden",
        "slug": f"shen_2030-session-{session.pk}",
        "url": f"http://testserver{world.url(f'sessions/{session.pk}/')}",
        "title": "Opening",
        "subtitle": "",
        "track": "Food <and> drink",
        "type": "plenary",
        "language": "en",
        "abstract": "Where temperature is lost.",
        "description": "",
        # who leads and speaks is there once, the interpreter is not
        "persons": [
            {"guid": str(vera.guid), "id": vera.pk, "name": vera.name_en, "biography": None, "organisation": "Grain <Meridian>"},
            {"guid": str(liu.guid), "id": liu.pk, "name": "Anna Rechnaya", "biography": None, "organisation": ""},
        ],
        "links": [],
        "attachments": [],
    }  # fmt: skip


def test_the_xml_says_what_the_json_says(api: APIClient, world: World) -> None:
    root, schedule = as_xml(api, world), as_json(api, world)
    assert root.findtext("version") == schedule["version"]
    assert [child.tag for child in root] == ["generator", "url", "version", "conference", "day", "day", "day"]
    told = {event["guid"]: event for event in events_of(schedule)}
    found = root.findall("day/room/event")
    assert {event.get("guid") for event in found} == set(told)
    for event in found:
        same = told[str(event.get("guid"))]
        assert {child.tag for child in event} == IN_XML
        for name in IN_XML - {"persons", "links", "attachments", "track"}:
            assert (event.findtext(name) or "") == same[name], name
        assert (event.findtext("track") or None) == same["track"]
        assert [(person.get("guid"), person.text) for person in event.findall("persons/person")] == [
            (person["guid"], person["name"]) for person in same["persons"]
        ]
    assert [room.get("name") for room in root.findall("day[@index='2']/room")] == ["Hall & Garden", "Hall & Garden", "room not fixed yet"]


def test_times_past_midnight_and_a_whole_day(api: APIClient, world: World) -> None:
    by_title = {event["title"]: event for event in events_of(as_json(api, world))}
    assert (by_title["Banquet"]["start"], by_title["Banquet"]["duration"]) == ("22:00", "04:00")
    assert (by_title["Business meetings"]["start"], by_title["Business meetings"]["duration"]) == ("00:00", "24:00")


def test_languages(api: APIClient, world: World) -> None:
    assert as_json(api, world, lang="ru")["conference"]["title"] == "Конференция"
    answer = api.get(world.url("schedule.json"), headers={"Accept-Language": "zh-CN"})
    titles = {event["title"] for event in events_of(answer.json()["schedule"])}
    assert titles == {"冷链"}
    assert answer["Content-Language"] == "zh-hans"
    # A text that is missing in the language is there in another.
    assert {event["abstract"] for event in events_of(as_json(api, world, lang="ru"))} >= {"Where temperature is lost."}


def test_ids_stay(api: APIClient, world: World) -> None:
    before = {event["id"]: event["guid"] for event in events_of(as_json(api, world))}
    session = world.sessions["opening"]
    session.title_en, session.code = "Renamed", "S99"
    session.save()
    assert {event["id"]: event["guid"] for event in events_of(as_json(api, world))} == before


@pytest.mark.parametrize(("slug", "acronym"), [("a", "a___"), ("Fair-2030", "fair_2030"), ("shenyang-2024", "shenyang_2024")])
def test_an_acronym_fits_the_schemas(world: World, slug: str, acronym: str) -> None:
    world.conference.slug = slug
    assert acronym_of(programme_of(world.conference, language="en")) == acronym
    assert re.fullmatch(r"[a-z0-9_-][a-z0-9_]{3,}", acronym)


@pytest.mark.parametrize(("code", "slug"), [("A", "a0"), ("-", "x0"), ("Hall_1-", "hall_1"), ("main", "main")])
def test_a_code_becomes_a_slug(code: str, slug: str) -> None:
    assert _slug(code) == slug
    assert re.fullmatch(r"[a-z0-9_-]+[a-z0-9]", slug)
