"""Examples of the description; see api/examples.py. The people are invented."""

from api.examples import Example, page

ROOM = {"layout": "theatre", "equipment": ["led_wall", "sound", "receivers"], "site": None}
CONFERENCE = {
    "slug": "shenyang-2024",
    "fair": "made-in-russia-2024",
    "name": "Russian-Chinese Conference on Trade and Economic Cooperation",
    "starts_on": "2024-01-28",
    "ends_on": "2024-01-30",
    "time_zone": "Asia/Shanghai",
    "site": "shenyang",
    "rooms": [{"code": "main", "name": "Main hall", "capacity": 400, "interpretation_booths": 2, **ROOM}],
    "tracks": [{"code": "food", "name": "Food and drink", "colour": "#8a5a00"}],
}
SESSION = {
    "id": 77,
    "code": "food-03",
    "title": "Honey, flour, oil: what Liaoning buys",
    "abstract": "Buyers of three chains say what they look for, and what a label must carry.",
    "kind": "panel",
    "language": "ru",
    "further_languages": [],
    "interpretation": ["zh-hans"],
    "starts_at": "2024-01-29T10:30:00+08:00",
    "ends_at": "2024-01-29T12:00:00+08:00",
    "room": "main",
    "track": "food",
    "is_public": True,
    "capacity": 120,
    "takes_sign_ups": True,
    "hosts": [{"exhibitor": 12, "name": "Taiga Honey (fictional)"}],
    "speakers": [{"id": 19, "name": "Vera Kolosovskaya", "organisation": "Grain Meridian (fictional)", "role": "moderator"}],
}
DRAFT_WARNING = {
    "kind": "seats",
    "is_hard": False,
    "detail": "food-03 needs more places (120) than Round table has (40).",
    "sessions": [{"id": 77, "code": "food-03"}],
}
DRAFT_SESSION = {
    **{name: SESSION[name] for name in ("id", "code", "title", "kind", "track", "is_public")},
    "is_cancelled": False,
    "room": "round-table",
    "starts_at": "2024-01-29T14:00:00+08:00",
    "ends_at": "2024-01-29T15:30:00+08:00",
    "minutes": 90,
    "released": {name: SESSION[name] for name in ("room", "starts_at", "ends_at")},
    "latest_move": {"at": "2023-12-12T09:20:11+08:00", "by": "producer@yarmarka.example"},
    "speakers": SESSION["speakers"],
}
FREE_PLACE = {
    "room": "main",
    "starts_at": "2024-01-29T14:00:00+08:00",
    "ends_at": "2024-01-29T15:30:00+08:00",
    "reasons": ["at the same time", "seats: 400"],
    "warnings": [],
}
SPEAKER = {
    "id": 19,
    "name": "Vera Kolosovskaya",
    "title": "Head of export",
    "organisation": "Grain Meridian (fictional)",
    "biography": "Has brought flour and cereals to eleven countries.",
    "country": "RU",
    "photo": "https://fair.example/media/photos/6f1c0d51d2b8a7e9c1d04f6a3b7e8890.jpg",
    "sessions": [77],
}
OWN_SPEAKER = {
    **{name: value for name, value in SPEAKER.items() if name != "sessions"},
    "language": "ru",
    "time_zone": "Europe/Moscow",
    "travel": "booked",
    "visa": "applied",
    "availability": [{"starts_at": "2024-01-29T00:00:00+08:00", "ends_at": "2024-01-30T00:00:00+08:00"}],
    "answer": "confirmed",
    "answered_at": "2023-12-12T09:31:55+08:00",
    "reason": "",
    "sessions": [
        {
            **{name: SESSION[name] for name in ("id", "code", "title", "is_public", "starts_at", "ends_at", "room")},
            "role": "moderator",
        }
    ],
}
DECLINED = {**OWN_SPEAKER, "answer": "declined", "reason": "I am in Harbin on these days."}
DRAFT_SPEAKER = {
    **{name: OWN_SPEAKER[name] for name in ("id", "name", "organisation", "country", "language", "photo", "travel", "visa")},
    "code": "s19",
    "email": "vera@grain-meridian.example",
    "answer": "open",
    "answered_at": None,
    "reason": "",
    "invited_at": None,
    "availability": [],
}
SLIDES = {
    "id": 5,
    "session": "food-03",
    "version": 2,
    "name": "honey.pptx",
    "kind": "pptx",
    "size": 4_218_004,
    "uploaded_at": "2023-12-12T09:51:55+08:00",
}
DELEGATE = {
    "id": 305,
    "kind": "russian_company",
    "name": "Мирон Заречнов",
    "email": "miron@limonnik-log.example",
    "organisation": "ООО «Лимонниковый Лог»",
    "country": "RU",
    "language": "ru",
    "status": "reserved",
    "registered_at": "2023-12-12T09:14:03+08:00",
    "confirm_by": "2023-12-14T09:14:03+08:00",
    "confirmed_at": None,
    "reason": "",
}
SIGN_UPS = {
    "sign_ups": [
        {"session": "food-02", "status": "reserved", "confirm_by": None, "same_time": ["food-03"]},
        {"session": "food-03", "status": "waiting", "confirm_by": None, "same_time": ["food-02"]},
    ]
}
OFFERED = {"sign_ups": [{"session": "food-03", "status": "offered", "confirm_by": "2024-01-18T09:14:03+08:00", "same_time": []}]}
CONFIRMED = {"sign_ups": [{"session": "food-03", "status": "reserved", "confirm_by": None, "same_time": []}]}
CHANGE = {
    **{name: SESSION[name] for name in ("code", "title", "is_public")},
    "session": 77,
    "kind": "moved",
    "starts_before": "2024-01-29T09:00:00+08:00",
    "ends_before": "2024-01-29T10:30:00+08:00",
    "room_before": "main",
    "starts_after": "2024-01-29T10:30:00+08:00",
    "ends_after": "2024-01-29T12:00:00+08:00",
    "room_after": "main",
}
NOTE = "The day begins with the plenary session."
RELEASE = {"number": 4, "released_at": "2023-12-12T10:20:00+08:00", "note": NOTE, "changes": [CHANGE]}
SEEN = "5f0c2d51d2b8a7e9c1d04f6a3b7e8890"
NEXT_RELEASE = {
    "seen": SEEN,
    "changes": [CHANGE],
    "letters": 3,
    "unreachable": [],
    "clashes": [],
    "warnings": [DRAFT_WARNING],
}
OWN = {
    **{name: DELEGATE[name] for name in ("kind", "name", "organisation", "language")},
    "status": "offered",
    "registered_at": "2023-12-12T09:14:03+08:00",
    "confirm_by": "2023-12-20T11:02:40+08:00",
    "confirmed_at": "2023-12-12T09:31:55+08:00",
    "pass_code": None,
}
INVITATION_REQUEST = {
    "passport_name": "MIRON ZARECHNOV",
    "passport_number": "750000000",
    "birth_date": "1985-03-14",
    "citizenship": "RU",
    "entry_on": "2024-01-27",
    "leave_on": "2024-01-31",
    "host": "Liaoning Trade Office (demo)",
}
INVITATION = {
    "status": "asked",
    "entry_on": "2024-01-27",
    "leave_on": "2024-01-31",
    "host": "Liaoning Trade Office (demo)",
    "asked_at": "2023-12-12T09:40:11+08:00",
    "issued_at": None,
}
REGISTRATION = {
    "name": "Мирон Заречнов",
    "email": "miron@limonnik-log.example",
    "organisation": "ООО «Лимонниковый Лог»",
    "country": "RU",
    "kind": "russian_company",
    "language": "ru",
    "time_zone": "Asia/Vladivostok",
}

URL = "https://fair.example/api/v1/conferences/shenyang-2024/"
GUID = "5a0c3f5e-8a55-4a3e-9a53-3d1f0f6b7c11"
# The beginning and the end of a file; between them one session.
ICS = f"""BEGIN:VCALENDAR
VERSION:2.0
METHOD:PUBLISH
NAME:Russian-Chinese Conference on Trade and Economic Cooperation
BEGIN:VEVENT
UID:{GUID}
SEQUENCE:2
DTSTAMP:20231212T011403Z
DTSTART;TZID=Asia/Shanghai:20240129T103000
DTEND;TZID=Asia/Shanghai:20240129T120000
SUMMARY:Honey\\, flour\\, oil: what Liaoning buys
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<schedule><generator name="Yarmarka"/><version>812</version><conference>…</conference>
<day index="2" date="2024-01-29" start="2024-01-29T00:00:00+08:00" end="2024-01-30T00:00:00+08:00">
<room name="Main hall"><event guid="{GUID}" id="77">…</event></room></day></schedule>
"""
FRAB = {
    "$schema": "https://c3voc.de/schedule/schema.json",
    "generator": {"name": "Yarmarka", "url": "https://fair.example/"},
    "schedule": {
        "version": "812",
        "base_url": "https://fair.example/",
        "conference": {
            "acronym": "shenyang_2024",
            "title": "Russian-Chinese Conference on Trade and Economic Cooperation",
            "start": "2024-01-28",
            "end": "2024-01-30",
            "daysCount": 3,
            "timeslot_duration": "00:05",
            "time_zone_name": "Asia/Shanghai",
            "url": URL,
            "tracks": [{"name": "Food and drink", "slug": "food", "color": "#8a5a00"}],
            "rooms": [{"name": "Main hall", "slug": "main", "guid": "0f9d7a3e-14a5-4f0a-9d0c-0a8f5b9a2c77", "capacity": 400}],
            "days": [],
        },
    },
}
JSON_LD = {
    "@context": "https://schema.org",
    "@type": "Event",
    "@id": URL,
    "name": "Russian-Chinese Conference on Trade and Economic Cooperation",
    "startDate": "2024-01-28",
    "endDate": "2024-01-30",
    "subEvent": [{"@type": "Event", "@id": f"{URL}sessions/77/", "name": "Honey, flour, oil: what Liaoning buys"}],
}

EXAMPLES = {
    "conferences_list": Example(response=page(CONFERENCE)),
    "conferences_retrieve": Example(response=CONFERENCE),
    "conferences_sessions_list": Example(response=page(SESSION)),
    "conferences_sessions_retrieve": Example(response=SESSION),
    "conferences_draft_sessions_list": Example(response=page(DRAFT_SESSION)),
    "conferences_draft_sessions_retrieve": Example(response=DRAFT_SESSION),
    "conferences_draft_sessions_place": Example(
        request={"room": "round-table", "starts_at": "2024-01-29T14:00:00+08:00", "minutes": 90},
        response={**DRAFT_SESSION, "warnings": [DRAFT_WARNING]},
    ),
    "conferences_draft_sessions_take_off": Example(
        request={}, response={**DRAFT_SESSION, "room": None, "starts_at": None, "ends_at": None}
    ),
    "conferences_draft_sessions_free_places": Example(response=page(FREE_PLACE)),
    "conferences_draft_warnings_list": Example(response=page(DRAFT_WARNING)),
    "conferences_speakers_list": Example(response=page(SPEAKER)),
    "conferences_speakers_own": Example(response=OWN_SPEAKER),
    "conferences_speakers_own_update": Example(request={"travel": "booked", "visa": "applied"}, response=OWN_SPEAKER),
    "conferences_speakers_own_confirm": Example(request={}, response=OWN_SPEAKER),
    "conferences_speakers_own_decline": Example(request={"reason": "I am in Harbin on these days."}, response=DECLINED),
    "conferences_speakers_own_photo": Example(request={"file": "anna.jpg"}, response=OWN_SPEAKER),
    "conferences_speakers_own_photo_delete": Example(response={**OWN_SPEAKER, "photo": None}),
    "conferences_speakers_own_slides": Example(response={"slides": [SLIDES]}),
    "conferences_speakers_own_slides_send": Example(request={"session": "food-03", "file": "honey.pptx"}, response=SLIDES),
    "conferences_speakers_own_slides_file": Example(response="…"),
    "conferences_draft_speakers_list": Example(response=page(DRAFT_SPEAKER)),
    "conferences_draft_speakers_invite": Example(request={}, response={**DRAFT_SPEAKER, "invited_at": "2023-12-12T10:02:00+08:00"}),
    "conferences_releases_list": Example(response=page(RELEASE)),
    "conferences_releases_create": Example(request={"seen": SEEN, "note": NOTE}, response=RELEASE),
    "conferences_releases_next": Example(response=NEXT_RELEASE),
    "conferences_schedule_ics": Example(response=ICS),
    "conferences_calendar": Example(response=ICS),
    "conferences_schedule_xml": Example(response=XML),
    "conferences_schedule_json": Example(response=FRAB),
    "conferences_schedule_pdf": Example(response="%PDF-1.4 …"),
    "conferences_schedule_jsonld": Example(response=JSON_LD),
    "conferences_delegates_list": Example(response=page(DELEGATE)),
    "conferences_delegates_register": Example(request=REGISTRATION, response={"status": "reserved"}),
    "conferences_delegates_confirm": Example(request={"code": "K7QX-2M4P-9TRD"}, response={"status": "reserved"}),
    "conferences_sign_ups": Example(response=OFFERED),
    "conferences_sign_up": Example(request={"sessions": ["food-03"]}, response=SIGN_UPS),
    "conferences_sign_ups_confirm": Example(request={"sessions": ["food-03"]}, response=CONFIRMED),
    "conferences_sign_ups_withdraw": Example(request={"sessions": ["food-03"]}, response={"sign_ups": []}),
    "applications_staff_register_as_delegates": Example(request={}, response={"people": 3, "without_address": ["ANNA RECHNAYA"]}),
    "conferences_invitation": Example(response=INVITATION),
    "conferences_invitation_ask": Example(request=INVITATION_REQUEST, response=INVITATION),
    "conferences_delegates_own": Example(response=OWN),
    "conferences_delegates_cancel": Example(request={}, response={"status": "cancelled"}),
}
