from exhibitors.admin.application import ApplicationAdmin
from exhibitors.admin.co_exhibitor import CoExhibitorAdmin
from exhibitors.admin.company import CompanyAdmin
from exhibitors.admin.pavilion import PavilionAdmin
from exhibitors.admin.placement import ExhibitorAdmin, PlacementAdmin
from exhibitors.admin.reference import ProductCategoryAdmin, RegionAdmin

__all__ = [
    "ApplicationAdmin",
    "CoExhibitorAdmin",
    "CompanyAdmin",
    "ExhibitorAdmin",
    "PavilionAdmin",
    "PlacementAdmin",
    "ProductCategoryAdmin",
    "RegionAdmin",
]
