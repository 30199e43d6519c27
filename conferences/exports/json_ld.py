"""The conference in the words of schema.org (JSON-LD), for search engines: an Event with its sessions as subEvents."""

import json
from typing import Any

from conferences.exports.published import Entry, PersonFacts, Programme
from conferences.exports.wording import TAGS, joined, on_stage

CONTENT_TYPE = "application/ld+json"


def json_ld(programme: Programme) -> bytes:
    """The document, in the language of ``programme``. A site may put it into a ``<script>`` as it is: it holds no ``<``."""
    entries = programme.taking_place
    document = {
        "@context": "https://schema.org",
        **_what(programme.url, programme.name, programme.starts_on.isoformat(), programme.ends_on.isoformat()),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "inLanguage": sorted({TAGS[code] for entry in entries for code in (*entry.languages, *entry.interpretation)}),
        "location": _site(programme),
        "organizer": {"@type": "Organization", "name": programme.fair},
        "subEvent": [_session(programme, entry) for entry in entries],
    }
    text = json.dumps({name: value for name, value in document.items() if value}, ensure_ascii=False)
    return text.replace("<", "\\u003c").encode()


def _what(url: str, name: str, start: str, end: str) -> dict[str, Any]:
    return {
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": name,
        "startDate": start,
        "endDate": end,
        "eventStatus": "https://schema.org/EventScheduled",
    }


def _site(programme: Programme) -> dict[str, Any]:
    address = {"streetAddress": programme.address, "addressLocality": programme.city, "addressCountry": programme.country}
    found: dict[str, Any] = {
        "@type": "Place",
        "@id": f"{programme.url}#site",
        "name": programme.site,
        "address": {"@type": "PostalAddress", **{name: value for name, value in address.items() if value}},
    }
    if programme.place:
        latitude, longitude = programme.place
        found["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return found


def _session(programme: Programme, entry: Entry) -> dict[str, Any]:
    url = f"{programme.url}sessions/{entry.id}/"
    found: dict[str, Any] = {
        **_what(url, entry.title, entry.starts_at.isoformat(), entry.ends_at.isoformat()),
        "identifier": f"urn:uuid:{entry.guid}",
        "description": entry.abstract,
        "inLanguage": [TAGS[code] for code in (*entry.languages, *entry.interpretation)],
        "location": {
            "@type": "Place",
            "name": joined((entry.room.name if entry.room else "", programme.site)),
            "containedInPlace": {"@id": f"{programme.url}#site"},
        },
        "keywords": entry.track.name if entry.track else "",
        "maximumAttendeeCapacity": entry.capacity,
        "organizer": [{"@type": "Organization", "name": name} for name in entry.hosts],
        "performer": [_person(person) for person in on_stage(entry)],
        "superEvent": {"@id": programme.url},
    }
    return {name: value for name, value in found.items() if value}


def _person(person: PersonFacts) -> dict[str, Any]:
    organisation = {"@type": "Organization", "name": person.organisation} if person.organisation else None
    found = {
        "@type": "Person",
        "@id": f"urn:uuid:{person.guid}",
        "name": person.name,
        "jobTitle": person.title,
        "affiliation": organisation,
    }
    return {name: value for name, value in found.items() if value}
