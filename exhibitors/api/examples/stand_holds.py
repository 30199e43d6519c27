"""A stand kept for somebody."""

from api.examples import Example, page

NEW = {"application": 1042, "note": "Waits for the answer of the head office.", "until": "2023-12-20T18:00:00+08:00"}
HOLD = {
    "id": 12,
    "stand": 508,
    "site": "shenyang",
    "hall": "shenyang-atrium",
    "number": "B2-014",
    "application": 1042,
    "company_name": "ООО «Северный мёд»",
    "note": NEW["note"],
    "until": NEW["until"],
    "by": "floor@made-in-russia.example",
    "created_at": "2023-12-12T10:15:00+08:00",
}

EXAMPLES = {
    "stand_holds_list": Example(response=page(HOLD)),
    "stand_holds_retrieve": Example(response=HOLD),
    "stand_holds_create": Example(request=NEW, response=HOLD),
}
