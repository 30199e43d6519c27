"""A company and who may act for it. Its tax numbers pass their checks and belong to nobody."""

from api.examples import Example, page

CONTACT = {
    "role": "operations",
    "name": "Серафима Пасечная",
    "email": "export@lipovy-uval.example",
    "phone": "+74232550135",
    "language": "ru",
    "time_zone": "Asia/Vladivostok",
}
TAX_IDS = {"inn": "0036261246", "ogrn": "1090097267303", "kpp": "000301001"}
NEW_COMPANY = {
    "legal_name": "ООО «Липовый увал»",
    "name": {"ru": "Липовый увал", "zh-hans": "椴树岗蜂蜜", "en": "Linden Ridge Honey"},
    "brands": {"ru": ["Липовый увал"], "zh-hans": ["椴树岗"], "en": ["Linden Ridge"]},
    "description": {"en": "Honey of the Amur linden, never blended."},
    "country": "RU",
    "region": "RU-PRI",
    "tax_ids": TAX_IDS,
    "website": "https://lipovy-uval.example",
    "categories": ["04"],
    "contacts": [CONTACT],
}
COMPANY = {
    **NEW_COMPANY,
    "id": 31,
    "name": "Linden Ridge Honey",
    "brands": ["Linden Ridge"],
    "description": "Honey of the Amur linden, never blended.",
    "tax_ids": {**TAX_IDS, "uscc": ""},
}
MEMBER = {"id": 12, "email": "export@lipovy-uval.example", "name": "Серафима Пасечная", "role": "owner"}
INVITATION = {
    "id": 4,
    "email": "logistics@lipovy-uval.example",
    "role": "logistics",
    "language": "zh-hans",
    "created_at": "2023-10-02T07:15:00Z",
    "expires_at": "2023-10-16T07:15:00Z",
}

EXAMPLES = {
    "companies_list": Example(response=page(COMPANY)),
    "companies_create": Example(request=NEW_COMPANY, response=COMPANY),
    "companies_retrieve": Example(response=COMPANY),
    "companies_partial_update": Example(request={"website": "https://lipovy-uval.example", "categories": ["04"]}, response=COMPANY),
    "companies_members_list": Example(response=page(MEMBER)),
    "companies_members_retrieve": Example(response=MEMBER),
    "companies_members_partial_update": Example(request={"role": "editor"}, response={**MEMBER, "role": "editor"}),
    "companies_members_destroy": Example(),
    "companies_members_create": Example(
        request={"email": INVITATION["email"], "role": "logistics", "language": "zh-hans"}, response=INVITATION
    ),
    "companies_invite_contact": Example(request={}, response={**INVITATION, "email": CONTACT["email"], "role": "owner", "language": "ru"}),
    "companies_invitations_list": Example(response=page(INVITATION)),
    "companies_invitations_create": Example(
        request={"email": INVITATION["email"], "role": "logistics", "language": "zh-hans"}, response=INVITATION
    ),
    "companies_invitations_retrieve": Example(response=INVITATION),
    "companies_invitations_destroy": Example(),
    "invitations_accept": Example(
        request={"token": "7K2QD-9XW4R-M3TNA-PZ5H8-V6CJE-1BYGS"},
        response={"id": 31, "legal_name": "ООО «Липовый увал»", "role": "logistics"},
    ),
}
