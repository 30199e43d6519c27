"""Documents: handed in by the exhibitor, reviewed by staff."""

from api.examples import Example, page

LABEL = {
    "id": 311,
    "requirement": "label-proofs",
    "requirement_title": "Chinese label proofs",
    "title": "",
    "site": None,
    "version": 1,
    "state": "uploaded",
    "reason": "",
    "valid_until": None,
    "expires_before_end": False,
    "file_name": "Этикетка минтай.pdf",
    "file_kind": "pdf",
    "file_size": 184320,
    "file_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "file_url": "https://fair.example/api/v1/files/901-17~1r9pQe~0f3Kx5n4o2w1l7j8q9s0t1u2v3w4x5y6z7A8B9C0D1/",
    "uploaded_at": "2023-12-05T16:40:00+08:00",
    "uploaded_by": "Анна Пчелинцева",
    "reviewed_at": None,
}
CERTIFICATE = {
    **LABEL,
    "id": 312,
    "requirement": "health-certificate",
    "requirement_title": "Veterinary or health certificate",
    "valid_until": "2024-01-15",
    "expires_before_end": True,
    "file_name": "Сертификат.pdf",
}
STAFF = {**LABEL, "reviewed_by": None}
APPROVED = {**STAFF, "state": "approved", "reviewed_at": "2023-12-06T10:05:00+08:00", "reviewed_by": "Игорь Мезенцев"}
REASON = "The importer is missing on the label (GB 7718)."

DUE = {
    "kind": "document",
    "code": "label-proofs",
    "title": "Chinese label proofs",
    "state": "returned",
    "why": "Version 1 was returned: The importer is missing on the label (GB 7718).",
    "required": True,
    "due_at": "2023-12-06T23:59:59+08:00",
    "due_at_local": "2023-12-06T18:59:59+03:00",
    "extended": False,
    "site": None,
    "document": 311,
    "by_hand": False,
    "ticked_by": None,
    "link": "/api/v1/fairs/made-in-russia-2024/applications/17/documents/",
}
ENTRY = {
    **DUE,
    "kind": "deadline",
    "code": "catalogue_entry",
    "title": "Catalogue entry in Russian, Chinese and English",
    "state": "missing",
    "why": "The catalogue entry lacks: description (Chinese).",
    "due_at": "2023-12-13T23:59:59+08:00",
    "due_at_local": "2023-12-13T18:59:59+03:00",
    "document": None,
    "link": "/api/v1/companies/31/",
}
CHECKLIST = {
    "application": 17,
    "fair_time_zone": "Asia/Shanghai",
    "time_zone": "Europe/Moscow",
    "done": 0,
    "waiting": 0,
    "open": 2,
    "items": [DUE, ENTRY],
}

CONTRACT = {
    **ENTRY,
    "code": "contract",
    "title": "Contract signed",
    "state": "done",
    "why": "The exhibitor has ticked this off on 5 December 2023.",
    "by_hand": True,
    "ticked_by": "exhibitor",
    "link": "",
}
TICKED = {**CHECKLIST, "done": 1, "items": [*CHECKLIST["items"], CONTRACT]}
UNTICKED = {
    **CHECKLIST,
    "open": 3,
    "items": [
        *CHECKLIST["items"],
        {
            **CONTRACT,
            "state": "open",
            "why": "Nothing here can see whether this is done: the exhibitor or the organiser ticks it off by hand.",
            "ticked_by": None,
            "link": "/api/v1/fairs/made-in-russia-2024/applications/17/checklist/tick/",
        },
    ],
}

EXAMPLES = {
    "applications_checklist_tick": Example(request={"deadline": "contract", "note": "Sent by courier on 4 December."}, response=TICKED),
    "applications_checklist_untick": Example(request={"deadline": "contract"}, response=UNTICKED),
    "applications_checklist": Example(response=CHECKLIST),
    "applications_documents_list": Example(response=page(LABEL, CERTIFICATE)),
    "applications_documents_create": Example(
        request={"file": "(the bytes of the file)", "requirement": "label-proofs"},
        response=LABEL,
    ),
    "applications_documents_retrieve": Example(response=LABEL),
    "applications_documents_partial_update": Example(
        request={"valid_until": "2024-03-31"}, response={**CERTIFICATE, "valid_until": "2024-03-31", "expires_before_end": False}
    ),
    "applications_documents_approve": Example(request={}, response=APPROVED),
    "applications_documents_return": Example(request={"reason": REASON}, response={**APPROVED, "state": "returned", "reason": REASON}),
}
