"""What happens to an application: the exhibitor's steps as the exhibitor reads the answer, the organiser's as staff do."""

from api.examples import Example
from exhibitors.api.examples.applications import SUBMITTED

OFFER = {
    "id": 88,
    "site": "shenyang",
    "hall": "shenyang-atrium",
    "stand": "A1-03",
    "first_day": "2024-01-27",
    "last_day": "2024-02-05",
    "status": "offered",
    "answer_by": "2023-11-22T18:00:00+08:00",
}
STAFF = {
    **SUBMITTED,
    "responsible": "review@made-in-russia.example",
    "held": None,
    "held_stands": [],
    "allowed_actions": ["start-review", "cancel"],
}
REVIEWED = {**STAFF, "status": "in_review", "allowed_actions": ["request-changes", "admit", "waitlist", "reject", "cancel"]}
DUE = "2023-10-09T23:59:59+08:00"
CHANGES = "Please name the importer on the Chinese label, and send the certificate of origin."
KEPT = {"stand": 508, "site": "shenyang", "hall": "shenyang-atrium", "number": "B2-014", "note": "", "until": "2023-11-10T18:00:00+08:00"}
ADMITTED = {
    **STAFF,
    "status": "admitted",
    "held_stands": [KEPT],
    "decided_at": "2023-10-27T11:20:00+08:00",
    "allowed_actions": ["offer-stand", "cancel"],
}
OFFERED = {**ADMITTED, "status": "stand_offered", "held_stands": [], "placements": [OFFER], "allowed_actions": ["withdraw-offer", "cancel"]}
STOOD = {**OFFER, "status": "accepted", "answer_by": None}
ACCEPTED = {**OFFERED, "status": "accepted", "placements": [STOOD], "allowed_actions": ["relocate", "cancel"]}
PLANNED = {name: value for name, value in OFFER.items() if name not in ("status", "answer_by")}
HELD_STEP = {"step": "offer-stand", "at": "2023-11-08T15:00:00+08:00", "placement": PLANNED}
HELD = {"steps": [HELD_STEP], "announcement": None, "at": None}
MOVE = {"requested_at": "2023-12-01T10:00:00+08:00", "placement": 88, "reason": "We need cold storage.", "wish": "Near the water supply."}
REASON = "Frozen fish cannot be kept at this site."

SMALLER = {
    "pointer": "/stand",
    "code": "smaller_than_asked",
    "detail": "The stand has 9 m²; the application asks for at least 12 m².",
}

EXAMPLES = {
    "applications_submit": Example(request={}, response=SUBMITTED),
    "applications_withdraw": Example(
        request={"reason": "We cannot travel in January."}, response={**SUBMITTED, "status": "withdrawn", "allowed_actions": []}
    ),
    "applications_accept_offer": Example(
        request={"placement": 88},
        response={**SUBMITTED, "status": "accepted", "placements": [STOOD], "decided_at": "2023-10-27T11:20:00+08:00"},
    ),
    "applications_decline_offer": Example(
        request={"placement": 88, "reason": "We need a corner."},
        response={**SUBMITTED, "status": "admitted", "decided_at": "2023-10-27T11:20:00+08:00"},
    ),
    "applications_start_review": Example(request={}, response=REVIEWED),
    "applications_request_changes": Example(
        request={"message": CHANGES},
        response={**STAFF, "status": "changes_requested", "message": CHANGES, "changes_due_at": DUE, "allowed_actions": ["cancel"]},
    ),
    "applications_admit": Example(request={}, response=ADMITTED),
    "applications_waitlist": Example(
        request={"rank": 3},
        response={**ADMITTED, "status": "waitlisted", "waitlist_rank": 3, "allowed_actions": ["admit", "reject", "cancel"]},
    ),
    "applications_reject": Example(
        request={"reason": REASON}, response={**ADMITTED, "status": "rejected", "message": REASON, "allowed_actions": []}
    ),
    "applications_offer_stand": Example(
        request={"stand": 508, "first_day": "2024-01-27", "last_day": "2024-02-05", "hold": True},
        response={**ADMITTED, "held": HELD, "allowed_actions": ["take-back", "cancel"], "warnings": [SMALLER]},
    ),
    "applications_withdraw_offer": Example(request={"placement": 88, "reason": "The floor plan has changed."}, response=ADMITTED),
    "applications_relocate": Example(
        request={"stand": 511, "reason": "The fire lane has been moved."},
        response={
            **ACCEPTED,
            "placements": [STOOD, {**OFFER, "id": 91, "stand": "A1-06"}],
            "allowed_actions": ["withdraw-offer", "cancel"],
            "warnings": [],
        },
    ),
    "applications_cancel": Example(
        request={"reason": REASON}, response={**ACCEPTED, "status": "cancelled", "placements": [], "message": REASON, "allowed_actions": []}
    ),
    "applications_take_back": Example(request={"reason": "The stand is too small."}, response=ADMITTED),
    "applications_extend_deadline": Example(
        request={"deadline": "visa_data", "due_at": "2023-12-08T18:00:00+08:00", "reason": "The passport is being renewed."},
        response=ACCEPTED,
    ),
    "applications_request_move": Example(
        request={"placement": 88, "reason": MOVE["reason"], "wish": MOVE["wish"]},
        response={**SUBMITTED, "status": "accepted", "placements": [STOOD], "move_request": MOVE},
    ),
    "applications_close_move": Example(request={"reason": "Every stand with water is taken."}, response=ACCEPTED),
}
