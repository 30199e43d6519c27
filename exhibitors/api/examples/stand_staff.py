"""People on a stand; they are invented."""

from typing import Any

from api.examples import Example, page

NEW: dict[str, Any] = {
    "name_in_latin": "ANNA PCHELINTSEVA",
    "name_in_cyrillic": "Анна Пчелинцева",
    "name_in_chinese": "安娜",
    "role": "manager",
    "languages": ["ru", "en"],
    "email": "",
    "phone": "+79000000001",
    "needs_visa_invitation": True,
    "days": [{"site": "shenyang", "first_day": "2024-01-27", "last_day": "2024-02-01"}],
}
PERSON = {"id": 77, **NEW}
PASSES = {
    "closes_at": "2024-01-17T23:59:59+08:00",
    "sites": [{"site": "shenyang", "area_m2": 18.0, "quota": 5, "extra": 1, "used": 2}],
}

EXAMPLES = {
    "applications_staff_list": Example(response=page(PERSON)),
    "applications_staff_create": Example(request=NEW, response=PERSON),
    "applications_staff_retrieve": Example(response=PERSON),
    "applications_staff_partial_update": Example(request={"role": "sales", "days": NEW["days"]}, response={**PERSON, "role": "sales"}),
    "applications_passes_retrieve": Example(response=PASSES),
}
