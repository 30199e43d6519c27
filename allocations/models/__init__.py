from allocations.models.freed_stand import FreedStand
from allocations.models.priority import PriorityCorrection
from allocations.models.proposal import Proposal, ProposalLine
from allocations.models.rules import ApartPair, StandLock
from allocations.models.run import AllocationRun
from allocations.models.settings import AllocationSettings

__all__ = [
    "AllocationRun",
    "AllocationSettings",
    "ApartPair",
    "FreedStand",
    "PriorityCorrection",
    "Proposal",
    "ProposalLine",
    "StandLock",
]
