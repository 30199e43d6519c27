"""Examples of the description: a run, its proposal, a line of it. The company is invented."""

from typing import Any

from api.examples import Example, page

WEIGHTS = {
    "preference": 30,
    "open_sides": 15,
    "area": 20,
    "zone": 15,
    "priority": 20,
    "near": 20,
    "away": 30,
    "products": 15,
    "moved_offered": 40,
    "moved_planned": 0,
}
WAITING: dict[str, Any] = {
    "id": 7,
    "status": "queued",
    "phase": "waiting",
    "progress_percent": 0,
    "halls": ["shenyang-atrium"],
    "statuses": ["admitted"],
    "weights": WEIGHTS,
    "seed": 1,
    "time_limit_seconds": 30,
    "keeps_plan": False,
    "input_hash": "",
    "created_by": "floor@made-in-russia.example",
    "created_at": "2023-12-12T10:15:00+08:00",
    "started_at": None,
    "ended_at": None,
    "problems": [],
    "proposal": None,
}
PROPOSAL: dict[str, Any] = {
    "method": "solver",
    "score": 9120.5,
    "greedy_score": 8301.25,
    "bound": 9180.0,
    "is_optimal": False,
    "placed": 128,
    "unplaced": 2,
    "gone": 0,
    "edited_at": None,
    "taken_over_at": None,
    "publish_at": None,
    "published_at": None,
}
DONE = {
    **WAITING,
    "status": "done",
    "phase": "over",
    "progress_percent": 100,
    "input_hash": "9f2c1b7a4e6d8035c1f0a2b3d4e5f60718293a4b5c6d7e8f9012a3b4c5d6e7f8",
    "started_at": "2023-12-12T10:15:01+08:00",
    "ended_at": "2023-12-12T10:15:07+08:00",
    "proposal": PROPOSAL,
}
LINE: dict[str, Any] = {
    "id": 311,
    "application": 1042,
    "company_name": "ООО «Северный мёд»",
    "co_exhibitors": ["ООО «Таёжные травы»"],
    "site": "shenyang",
    "hall": "shenyang-atrium",
    "stand": 508,
    "number": "B2-014",
    "first_day": "2024-01-27",
    "last_day": "2024-02-05",
    "difference": "new",
    "score": 71.5,
    "terms": [
        {"name": "preference", "points": 30.0, "application": None},
        {"name": "area", "points": 31.5, "application": None},
        {"name": "near", "points": 10.0, "application": 1043},
    ],
    "reasons": [],
    "alternatives": [{"stand": 509, "points": 64.0, "move": 0.0, "taken_by": [], "broken": []}],
    "locked": False,
    "by_hand": False,
    "status": "open",
    "refusal": "",
    "placement": None,
}

EXAMPLES = {
    "allocation_runs_list": Example(response=page(DONE)),
    "allocation_runs_create": Example(
        request={"halls": ["shenyang-atrium"], "statuses": ["admitted"], "weights": WEIGHTS, "seed": 1, "time_limit_seconds": 30},
        response=WAITING,
    ),
    "allocation_runs_retrieve": Example(response=DONE),
    "allocation_runs_cancel": Example(request={}, response={**WAITING, "status": "cancelled", "phase": "over"}),
    "allocation_runs_take_over": Example(
        request={"lines": [311, 312]}, response={"new": [311], "moved": [], "same": [], "dropped": [], "waiting": [], "refused": [312]}
    ),
    "allocation_runs_publish": Example(
        request={"at": "2023-12-20T18:00:00+08:00"},
        response={**DONE, "proposal": {**PROPOSAL, "publish_at": "2023-12-20T18:00:00+08:00"}},
    ),
    "allocation_runs_call_off": Example(request={}, response=DONE),
    "allocation_runs_lines_list": Example(response=page(LINE)),
    "allocation_runs_lines_retrieve": Example(response=LINE),
    "allocation_runs_lines_partial_update": Example(
        request={"stand": 508, "locked": True}, response={**LINE, "locked": True, "by_hand": True}
    ),
}
