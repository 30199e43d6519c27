from exhibitors.models.announcement import Announcement
from exhibitors.models.application import Application, ApplicationStep, CoExhibitor, SiteWish
from exhibitors.models.catalogue import Exhibitor
from exhibitors.models.company import Company, CompanyContact, CompanyMember
from exhibitors.models.deadline_extension import DeadlineExtension
from exhibitors.models.document import Document, DocumentRequirement
from exhibitors.models.placement import Placement, PlacementDay
from exhibitors.models.reference import ProductCategory, Region
from exhibitors.models.reminder import DeadlineReminder

__all__ = [
    "Announcement",
    "Application",
    "ApplicationStep",
    "CoExhibitor",
    "Company",
    "CompanyContact",
    "CompanyMember",
    "DeadlineExtension",
    "DeadlineReminder",
    "Document",
    "DocumentRequirement",
    "Exhibitor",
    "Placement",
    "PlacementDay",
    "ProductCategory",
    "Region",
    "SiteWish",
]
