"""The figures of one run of ``make chaos`` and what they must be."""

import json
import os
from pathlib import Path

FILE = Path(__file__).parent.parent / "var" / "chaos.json"

# name → (lowest, highest) that passes
PASSES: dict[str, tuple[float, float]] = {
    "stand_race_winners_max": (1, 1),
    "stand_race_winners_min": (1, 1),
    "stand_race_conflicts_min": (199, 199),
    "stand_race_5xx": (0, 0),
    "stand_race_p99_seconds": (0, 3),
    "stand_race_winners_unguarded": (2, 200),
    "offer_race_invariants_broken": (0, 0),
    "offer_race_5xx": (0, 0),
    "offer_race_first_to_come": (3, 5),  # kinds of step: a race that always ends alike is none
    "capacity_race_reserved": (100, 100),
    "capacity_race_waiting": (200, 200),
    "capacity_race_out_of_order": (0, 0),
    "capacity_race_5xx": (0, 0),
    "session_race_reserved": (100, 100),
    "session_race_waiting": (200, 200),
    "session_race_out_of_order": (0, 0),
    "session_race_5xx": (0, 0),
    "session_race_reserved_unguarded": (101, 300),
    "room_race_winners_max": (1, 1),
    "room_race_winners_min": (1, 1),
    "room_race_refused_min": (1, 1),
    "room_race_5xx": (0, 0),
    "room_race_winners_unguarded": (2, 2),
    "idempotency_race_rows": (1, 1),
    "idempotency_race_answers": (1, 1),
    "idempotency_other_body_status": (422, 422),
    "idempotency_other_person_rows": (1, 1),
    "idempotency_killed_request_seconds": (0, 60),
    "stale_patch_overwrites": (0, 0),
    "stale_patch_5xx": (0, 0),
    "letters_kills_idle": (0, 0),  # a kill when everything has left shows nothing
    "letters_lost": (0, 0),
    "letters_doubled_off_wire": (0, 0),
    "letters_doubled": (0, 60),
    "letters_doubled_new_id": (0, 0),
    "recovery_seconds": (0, 120),
    "letters_lost_unguarded": (1, 5000),
    "letters_doubled_off_wire_unguarded": (1, 5000),
    "run_killed_seconds": (0, 180),
    "run_killed_attempts": (2, 2),
    "run_killed_proposals": (1, 1),
    "run_woken_proposals": (1, 1),
    "redis_outage_errors": (0, 0),
    "redis_outage_letters_lost": (0, 0),
    "redis_outage_letters_doubled": (0, 0),
    "redis_outage_recovery_seconds": (0, 120),
    "postgres_restart_errors": (0, 0),
    "postgres_restart_letters_lost": (0, 0),
    "postgres_restart_half_done": (0, 0),
    "killer_attempts": (5, 5),
    "killer_others_lost": (0, 0),
    "two_beats_doubled": (0, 0),
    "two_beats_lost": (0, 0),
    "two_beats_doubled_unguarded": (60, 60),  # every digest, for two schedulers that looked at the same moment
    "beat_down_late_lost": (0, 0),
    "beat_down_late_doubled": (0, 0),
    "beat_down_outdated_sent": (0, 0),
}


def is_wanted(*names: str) -> bool:
    """Whether ``ONLY`` (the beginning of a name) asks for one of the races, or for one of their figures."""
    only = os.environ.get("ONLY", "")
    return any(name.startswith(only) or only.startswith(name) for name in names)


class Figures:
    """Printed as they are found, kept in var/chaos.json; those of an earlier run stay when only some races run."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}

    def add(self, name: str, value: float) -> None:
        self.values[name] = round(value, 3)
        low, high = PASSES[name]
        verdict = "" if low <= value <= high else f"  FAILED: must be {low:g}" + (f" to {high:g}" if high != low else "")
        print(f"{name} {self.values[name]:g}{verdict}", flush=True)

    def failed(self, *, with_seconds: bool = True) -> list[str]:
        """The figures that are not as they must be; what a clock measured may be left out, on a machine that others use as well."""
        wrong = [name for name, value in self.values.items() if not PASSES[name][0] <= value <= PASSES[name][1]]
        return [name for name in wrong if with_seconds or not name.endswith("_seconds")]

    def save(self) -> None:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        kept = json.loads(FILE.read_text()) if FILE.is_file() else {}
        FILE.write_text(json.dumps({**kept, **self.values}, indent=2, sort_keys=True) + "\n")
