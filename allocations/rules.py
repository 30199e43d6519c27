"""The cross-table rules of allocation, held by the database (see fairs/triggers.py)."""

from fairs.triggers import Effect, Rule, immutable

RULES = [
    immutable("allocation_run_keeps_fair", "allocations_allocationrun", "fair_id"),
    immutable("proposal_keeps_run", "allocations_proposal", "run_id"),
    immutable("proposal_line_keeps_its_application", "allocations_proposalline", "proposal_id", "application_id", "site_id"),
    immutable("freed_stand_keeps_its_placement", "allocations_freedstand", "placement_id", "stand_id", "fair_id"),
    Rule(
        "allocation_hall_of_same_fair",
        "allocations_allocationrun_halls",
        """NOT EXISTS (SELECT 1 FROM fairs_hall h JOIN allocations_allocationrun r ON r.fair_id = h.fair_id
           WHERE h.id = NEW.hall_id AND r.id = NEW.allocationrun_id)""",
        ("hall_id", "allocationrun_id"),
    ),
    Rule(
        "proposal_line_of_same_fair",
        "allocations_proposalline",
        """NOT EXISTS (SELECT 1 FROM allocations_proposal p JOIN allocations_allocationrun r ON r.id = p.run_id
           JOIN exhibitors_application a ON a.fair_id = r.fair_id JOIN fairs_site s ON s.fair_id = r.fair_id
           WHERE p.id = NEW.proposal_id AND a.id = NEW.application_id AND s.id = NEW.site_id)""",
        ("proposal_id", "application_id", "site_id"),
    ),
    Rule(
        "proposal_line_stand_of_its_site",
        "allocations_proposalline",
        """NEW.stand_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fairs_stand st JOIN fairs_hall h ON h.id = st.hall_id
           WHERE st.id = NEW.stand_id AND h.site_id = NEW.site_id)""",
        ("stand_id", "site_id"),
    ),
    Rule(
        "stand_lock_of_its_site",
        "allocations_standlock",
        """NOT EXISTS (SELECT 1 FROM fairs_stand st JOIN fairs_hall h ON h.id = st.hall_id
           WHERE st.id = NEW.stand_id AND h.site_id = NEW.site_id)""",
        ("stand_id", "site_id"),
    ),
    Rule(
        "stand_lock_of_same_fair",
        "allocations_standlock",
        """NEW.application_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fairs_site s
           JOIN exhibitors_application a ON a.fair_id = s.fair_id WHERE s.id = NEW.site_id AND a.id = NEW.application_id)""",
        ("site_id", "application_id"),
    ),
    Rule(
        "freed_stand_candidate_of_same_fair",
        "allocations_freedstand",
        """NEW.candidate_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM exhibitors_application a WHERE a.id = NEW.candidate_id AND a.fair_id = NEW.fair_id)""",
        ("candidate_id", "fair_id"),
    ),
]

# Whoever ends an offered or accepted placement, in whatever way: one row a placement, which a task looks at within a minute.
_COLUMNS = "(fair_id, placement_id, stand_id, first_day, last_day, freed_at, state, why)"
_NOTE = f"""INSERT INTO allocations_freedstand {_COLUMNS}
    SELECT a.fair_id, NEW.id, NEW.stand_id, NEW.first_day, NEW.last_day, COALESCE(NEW.answered_at, CURRENT_TIMESTAMP), 'new', ''
    FROM exhibitors_application a WHERE a.id = NEW.application_id"""
_FIRST = " AND NOT EXISTS (SELECT 1 FROM allocations_freedstand f WHERE f.placement_id = NEW.id)"

FREED = [
    Effect(
        "placement_frees_stand",
        "exhibitors_placement",
        "UPDATE OF status",
        _NOTE + _FIRST,
        _NOTE + _FIRST,
        when="OLD.status IN ('offered', 'accepted') AND NEW.status NOT IN ('planned', 'offered', 'accepted')",
    ),
]

ALL: list[Rule | Effect] = [*RULES, *FREED]
