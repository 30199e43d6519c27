"""Examples of the description; see api/examples.py."""

from api.examples import Example

ME = {
    "id": 214,
    "email": "export@lipovy-uval.example",
    "name": "Серафима Пасечная",
    "language": "ru",
    "time_zone": "Asia/Vladivostok",
    "companies": [{"id": 31, "legal_name": "ООО «Липовый увал»", "role": "owner"}],
    "roles": [],
}

EXAMPLES = {
    "me_retrieve": Example(response=ME),
    "me_partial_update": Example(request={"language": "ru", "time_zone": "Asia/Vladivostok"}, response=ME),
}
