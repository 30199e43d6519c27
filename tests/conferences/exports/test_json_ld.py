from rest_framework.test import APIClient

from tests.conferences.exports.world import World, name_hosts


def test_the_conference_is_an_event_with_its_sessions(api: APIClient, world: World) -> None:
    answer = api.get(world.url("schedule.jsonld"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    event = answer.json()
    assert (event["@context"], event["@type"], event["name"]) == ("https://schema.org", "Event", "Conference")
    assert (event["startDate"], event["endDate"]) == ("2030-05-01", "2030-05-03")
    assert event["location"]["address"] == {"@type": "PostalAddress", "addressLocality": "Shenyang", "addressCountry": "CN"}
    assert event["inLanguage"] == ["en", "ru", "zh-Hans"]
    assert len(event["subEvent"]) == 5
    (opening,) = [session for session in event["subEvent"] if session["name"] == "Opening"]
    assert (opening["@type"], opening["startDate"]) == ("Event", "2030-05-01T10:00:00+08:00")
    assert opening["superEvent"] == {"@id": event["@id"]}
    assert opening["identifier"] == f"urn:uuid:{world.sessions['opening'].guid}"
    names = [world.people[code].guid for code in ("vera", "liu")]  # each once, and not the interpreter
    assert [person["@id"] for person in opening["performer"]] == [f"urn:uuid:{guid}" for guid in names]
    assert opening["performer"][0]["affiliation"] == {"@type": "Organization", "name": "Grain <Meridian>"}


def test_hosts_hold_their_session(api: APIClient, world: World) -> None:
    name_hosts(world)
    (opening,) = [session for session in api.get(world.url("schedule.jsonld")).json()["subEvent"] if session["name"] == "Opening"]
    assert opening["organizer"] == [{"@type": "Organization", "name": "Taiga Honey & Co"}]
    assert opening["inLanguage"] == ["en", "ru", "zh-Hans"]


def test_it_fits_into_a_page_as_it_is(api: APIClient, world: World) -> None:
    world.sessions["odd"].title_en = "</script><script>alert(1)"
    world.sessions["odd"].save()
    answer = api.get(world.url("schedule.jsonld"))
    assert b"<" not in answer.content
    assert "</script><script>alert(1)" in [session["name"] for session in answer.json()["subEvent"]]
