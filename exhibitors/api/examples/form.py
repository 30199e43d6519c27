"""What belongs to an application form: its description, products, represented companies, files that answer questions."""

from typing import Any

from api.examples import Example, page
from exhibitors.api.examples.catalogue import HONEY, REGION

PAVILION = {"slug": "primorye", "name": "Primorye pavilion", "region": REGION, "institution": "Export Centre of Primorye"}
NEW_PRODUCT = {
    "name": {"ru": "Мёд липовый", "zh-hans": "椴树蜜", "en": "Linden honey"},
    "code": "0409000000",
    "brand": "Linden Ridge",
    "gacc_number": "CRUS04092206150012",
    "gacc_valid_until": "2027-06-14",
    "shelf_life_days": 730,
    "temperature_c": {"min": 0, "max": 20},
    "fate": "sell",
    "quantity": 120.0,
    "unit": "kg",
    "sites": ["shenyang"],
}
PRODUCT: dict[str, Any] = {
    **NEW_PRODUCT,
    "id": 5,
    "name": "Linden honey",
    "description": "",
    "category": "04",
    "gacc_expires_before_end": False,
}
REPRESENTED = {
    "id": 3,
    "legal_name": "ООО «Пасека Белый ключ»",
    "name": "Bely Klyuch",
    "country": "RU",
    "brands": ["Bely Klyuch"],
    "tax_ids": {"inn": "", "ogrn": "", "kpp": "", "uscc": ""},
}
NEW_REPRESENTED = {"legal_name": "ООО «Пасека Белый ключ»", "country": "RU", "brands": ["Bely Klyuch"]}
FIELD = {
    "name": "sites[].power_kw",
    "type": "number",
    "label": "power wished, kW",
    "help": "",
    "required": False,
    "unit": "kW",
    "min": 0.0,
    "max": 500.0,
    "max_length": None,
    "max_items": None,
    "choices": [],
    "open_until": None,
}
PERSON_FIELD = {
    **FIELD,
    "name": "staff[].name_in_chinese",
    "type": "text",
    "label": "Name in Chinese",
    "unit": None,
    "min": None,
    "max": None,
    "max_length": 60,
}
DOCUMENT = {
    "code": "gacc-certificate",
    "title": "GACC registration",
    "help": "",
    "required": True,
    "concerns": "food",
    "categories": [],
    "per_site": False,
    "needs_expiry": True,
    "kinds": ["pdf", "png", "jpeg"],
    "valid_from": None,
    "valid_to": None,
    "due_at": "2023-12-06T23:59:59+08:00",
}
QUESTION = {
    "code": "refrigerated-transport",
    "text": "Do your goods travel refrigerated?",
    "help": "",
    "type": "yes_no",
    "required": True,
    "concerns": "food",
    "max_length": None,
    "min": None,
    "max": None,
    "options": [],
    "shown_if": None,
}
FORM = {
    "fair": "made-in-russia-2024",
    "applications_open_at": "2023-08-01T09:00:00+08:00",
    "applications_close_at": "2023-10-19T23:59:59+08:00",
    "takes_late_applications": True,
    "silence_accepts": False,
    "deadlines": [{"code": "exhibit_list", "title": "Exhibit list with HS codes", "due_at": "2023-12-01T23:59:59+08:00"}],
    "sites": [
        {"slug": "shenyang", "name": "Shengjing Dajiating Mall", "city": "Shenyang", "first_day": "2024-01-27", "last_day": "2024-02-05"}
    ],
    "categories": [HONEY],
    "pavilions": [{"slug": "primorye", "name": "Primorye pavilion"}],
    "documents": [DOCUMENT],
    "sections": [
        {
            "code": "services",
            "title": "Services and logistics",
            "path": "",
            "open_in": ["draft", "changes_requested"],
            "open_until": None,
            "fields": [FIELD],
            "questions": [QUESTION],
        },
        {
            "code": "staff",
            "title": "People on the stands",
            "path": "staff/",
            "open_in": ["draft", "submitted", "in_review", "changes_requested", "admitted", "waitlisted", "stand_offered", "accepted"],
            "open_until": "2024-01-17T23:59:59+08:00",
            "fields": [PERSON_FIELD],
            "questions": [],
        },
    ],
}
FILE_ANSWER = {
    "question": "stand-sketch",
    "name": "sketch.pdf",
    "size": 48213,
    "answered_at": "2023-09-12T15:02:00+08:00",
    "file_url": "https://fair.example/api/v1/files/17-31~…/",
}

EXAMPLES = {
    "pavilions_list": Example(response=page(PAVILION)),
    "application_form_retrieve": Example(response=FORM),
    "products_list": Example(response=page(PRODUCT)),
    "products_create": Example(request=NEW_PRODUCT, response=PRODUCT),
    "products_retrieve": Example(response=PRODUCT),
    "products_partial_update": Example(request={"fate": "taste"}, response={**PRODUCT, "fate": "taste"}),
    "represented_companies_list": Example(response=page(REPRESENTED)),
    "represented_companies_create": Example(request=NEW_REPRESENTED, response=REPRESENTED),
    "represented_companies_retrieve": Example(response=REPRESENTED),
    "represented_companies_partial_update": Example(request={"brands": ["Bely Klyuch"]}, response=REPRESENTED),
    "file_answers_retrieve": Example(response=FILE_ANSWER),
    "file_answers_create": Example(request={"file": "(binary)"}, response=FILE_ANSWER),
}
