"""Examples of the description; see api/examples.py. The people are invented."""

from api.examples import Example, page

CONFERENCE = {
    "slug": "shenyang-2024",
    "fair": "made-in-russia-2024",
    "name": "Russian-Chinese Conference on Trade and Economic Cooperation",
    "starts_on": "2024-01-28",
    "ends_on": "2024-01-30",
    "time_zone": "Asia/Shanghai",
    "site": "shenyang",
    "rooms": [{"code": "main", "name": "Main hall", "capacity": 400, "interpretation_booths": 2}],
    "tracks": [{"code": "food", "name": "Food and drink", "colour": "#8a5a00"}],
}
SESSION = {
    "id": 77,
    "code": "food-03",
    "title": "Honey, flour, oil: what Liaoning buys",
    "abstract": "Buyers of three chains say what they look for, and what a label must carry.",
    "kind": "panel",
    "language": "ru",
    "interpretation": ["zh-hans"],
    "starts_at": "2024-01-29T10:30:00+08:00",
    "ends_at": "2024-01-29T12:00:00+08:00",
    "room": "main",
    "track": "food",
    "is_public": True,
    "capacity": 120,
    "speakers": [{"id": 19, "name": "Vera Kolosovskaya", "organisation": "Grain Meridian (fictional)", "role": "moderator"}],
}
SPEAKER = {
    "id": 19,
    "name": "Vera Kolosovskaya",
    "title": "Head of export",
    "organisation": "Grain Meridian (fictional)",
    "biography": "Has brought flour and cereals to eleven countries.",
    "country": "RU",
    "sessions": [77],
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

EXAMPLES = {
    "conferences_list": Example(response=page(CONFERENCE)),
    "conferences_retrieve": Example(response=CONFERENCE),
    "conferences_sessions_list": Example(response=page(SESSION)),
    "conferences_speakers_list": Example(response=page(SPEAKER)),
    "conferences_delegates_list": Example(response=page(DELEGATE)),
    "conferences_delegates_register": Example(request=REGISTRATION, response={"status": "reserved"}),
    "conferences_delegates_confirm": Example(request={"code": "K7QX-2M4P-9TRD"}, response={"status": "reserved"}),
}
