from exhibitors.admin.application import ApplicationAdmin
from exhibitors.admin.co_exhibitor import CoExhibitorAdmin
from exhibitors.admin.placement import ExhibitorAdmin, PlacementAdmin

__all__ = ["ApplicationAdmin", "CoExhibitorAdmin", "ExhibitorAdmin", "PlacementAdmin"]
