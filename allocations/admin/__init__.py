from allocations.admin.freed_stand import FreedStandAdmin
from allocations.admin.priority import PriorityCorrectionAdmin
from allocations.admin.rules import ApartPairAdmin, StandLockAdmin
from allocations.admin.run import AllocationRunAdmin
from allocations.admin.settings import AllocationSettingsAdmin

__all__ = [
    "AllocationRunAdmin",
    "AllocationSettingsAdmin",
    "ApartPairAdmin",
    "FreedStandAdmin",
    "PriorityCorrectionAdmin",
    "StandLockAdmin",
]
