"""An application as its exhibitor reads it; the steps build on it."""

from typing import Any

from api.examples import Example, page

SITE_WISH = {
    "site": "shenyang",
    "requested_area_m2": {"min": 6.0, "wished": 9.0, "max": 12.0},
    "open_sides": 2,
    "scheme": "shell",
    "first_day": "2024-01-27",
    "last_day": "2024-02-05",
    "power_kw": 3.0,
    "water": True,
    "cold_storage_m2": 2.0,
    "stand_preferences": [{"stand": 214, "hall": "shenyang-atrium", "number": "A1-03"}],
}
WISHED = {**SITE_WISH, "stand_preferences": [{"stand": 214}]}  # as one writes it
DRAFT: dict[str, Any] = {
    "id": 1042,
    "fair": "made-in-russia-2024",
    "company": 31,
    "company_name": "ООО «Липовый увал»",
    "role": "MAIN",
    "categories": ["04"],
    "status": "draft",
    "late": False,
    "allowed_actions": ["submit", "withdraw"],
    "sites": [SITE_WISH],
    "pavilion": "primorye",
    "fascia_text": "LINDEN RIDGE 椴树岗",
    "near": [{"exhibitor": 52, "name": "Limonnik Hollow", "inn": ""}],
    "away": [{"exhibitor": None, "name": "ООО «Пасека соседа»", "inn": ""}],
    "answers": {"refrigerated-transport": True},
    "placements": [],
    "message": "",
    "waitlist_rank": None,
    "submitted_at": None,
    "decided_at": None,
    "changes_due_at": None,
    "move_request": None,
}
SUBMITTED = {**DRAFT, "status": "submitted", "allowed_actions": ["withdraw"], "submitted_at": "2023-09-12T16:11:00+08:00"}

EXAMPLES = {
    "applications_list": Example(response=page({name: value for name, value in SUBMITTED.items() if name != "answers"})),
    "applications_create": Example(
        request={
            "company": 31,
            "categories": ["04"],
            "sites": [WISHED],
            "pavilion": "primorye",
            "near": [{"exhibitor": 52}],
            "away": [{"exhibitor": 53}],
        },
        response=DRAFT,
    ),
    "applications_retrieve": Example(response=SUBMITTED),
    "applications_partial_update": Example(
        request={
            "sites": [{**WISHED, "requested_area_m2": {"min": 9.0, "wished": 12.0, "max": 15.0}}],
            "near": [{"exhibitor": 52}],
            "away": [{"exhibitor": 53}],
            "answers": {"refrigerated-transport": True},
        },
        response={**DRAFT, "sites": [{**SITE_WISH, "requested_area_m2": {"min": 9.0, "wished": 12.0, "max": 15.0}}]},
    ),
}
