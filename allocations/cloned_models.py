"""What of a fair's rules of allocation its next edition gets (see fairs/cloning.py): weights and pairs, nothing that was allocated."""

from allocations.models import (
    AllocationRun,
    AllocationSettings,
    ApartPair,
    FreedStand,
    PriorityCorrection,
    Proposal,
    ProposalLine,
    StandLock,
)
from fairs.cloning import Copied

COPIED = [Copied(AllocationSettings), Copied(ApartPair)]
LEFT = [AllocationRun, FreedStand, PriorityCorrection, Proposal, ProposalLine, StandLock]
