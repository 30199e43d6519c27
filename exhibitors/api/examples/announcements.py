"""Held decisions are told together."""

from typing import Any

from api.examples import Example, page

PLANNED: dict[str, Any] = {
    "id": 7,
    "status": "planned",
    "applications": 42,
    "at": "2023-11-08T18:00:00+08:00",
    "created_at": "2023-11-07T11:30:00+08:00",
    "done_at": None,
    "cancelled_at": None,
}

EXAMPLES = {
    "announcements_list": Example(response=page(PLANNED)),
    "announcements_create": Example(request={"applications": [1042, 1043], "at": "2023-11-08T18:00:00+08:00"}, response=PLANNED),
    "announcements_retrieve": Example(response=PLANNED),
}
