"""Co-exhibitors; the companies are invented."""

from typing import Any

from api.examples import Example, page

NEW = {"legal_name": "ООО «Солнечный берег»", "country": "RU", "tax_number": "0012345674", "contact_email": "info@sunny-shore.example"}
DECLARED: dict[str, Any] = {
    "id": 12,
    **NEW,
    "status": "declared",
    "reason": "",
    "declared_at": "2023-10-02T11:00:00+08:00",
    "confirmed_at": None,
    "decided_at": None,
}
CONFIRMED = {**DECLARED, "status": "confirmed", "confirmed_at": "2023-10-03T09:30:00+08:00"}
ADMITTED = {**CONFIRMED, "status": "admitted", "decided_at": "2023-10-05T10:00:00+08:00"}
REFUSED = {**ADMITTED, "status": "refused", "reason": "The goods do not fit the fair."}
CO_EXHIBIT: dict[str, Any] = {
    "id": 12,
    "fair": "made-in-russia-2024",
    "application": 1042,
    "main_exhibitor": "ООО «Липовый увал»",
    "status": "declared",
    "reason": "",
    "declared_at": "2023-10-02T11:00:00+08:00",
    "confirmed_at": None,
    "decided_at": None,
    "allowed_actions": ["confirm"],
}

EXAMPLES = {
    "applications_co_exhibitors_list": Example(response=page(DECLARED)),
    "applications_co_exhibitors_create": Example(request=NEW, response=DECLARED),
    "applications_co_exhibitors_retrieve": Example(response=DECLARED),
    "applications_co_exhibitors_confirm": Example(
        request={}, response={**CO_EXHIBIT, "status": "confirmed", "confirmed_at": CONFIRMED["confirmed_at"], "allowed_actions": []}
    ),
    "applications_co_exhibitors_admit": Example(request={}, response=ADMITTED),
    "applications_co_exhibitors_refuse": Example(request={"reason": "The goods do not fit the fair."}, response=REFUSED),
    "companies_co_exhibits_list": Example(response=page(CO_EXHIBIT)),
}
