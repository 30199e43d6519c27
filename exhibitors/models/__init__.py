from exhibitors.models.announcement import Announcement
from exhibitors.models.application import Application, ApplicationStep, CoExhibitor, SiteWish
from exhibitors.models.catalogue import Exhibitor
from exhibitors.models.company import Company, CompanyContact, CompanyInvitation, CompanyMember
from exhibitors.models.company_change import CompanyChange
from exhibitors.models.company_import import CompanyImport, CompanyImportFile
from exhibitors.models.company_twin import CompanyClaim, DuplicateFlag
from exhibitors.models.deadline_extension import DeadlineExtension
from exhibitors.models.deadline_tick import DeadlineTick
from exhibitors.models.document import Document, DocumentRequirement
from exhibitors.models.mailing import Mailing, MailingRecipient
from exhibitors.models.mass_decision import MassDecision, MassDecisionItem
from exhibitors.models.pavilion import Pavilion
from exhibitors.models.placement import Placement, PlacementDay
from exhibitors.models.plan_change import PlanChange
from exhibitors.models.product import Product, ProductSite
from exhibitors.models.question import Answer, Question, QuestionOption
from exhibitors.models.reference import ProductCategory, Region
from exhibitors.models.reminder import DeadlineReminder
from exhibitors.models.represented import RepresentedCompany
from exhibitors.models.review import ReviewCriterion, ReviewLook, ReviewNote, ReviewScore
from exhibitors.models.staff_task import StaffTask
from exhibitors.models.stand_hold import StandHold
from exhibitors.models.stand_staff import ExtraPasses, PassQuota, StandStaff, StandStaffDays
from exhibitors.models.wishes import NeighbourWish, StandPreference

__all__ = [
    "Announcement",
    "Answer",
    "Application",
    "ApplicationStep",
    "CoExhibitor",
    "Company",
    "CompanyChange",
    "CompanyClaim",
    "CompanyContact",
    "CompanyImport",
    "CompanyImportFile",
    "CompanyInvitation",
    "CompanyMember",
    "DeadlineExtension",
    "DeadlineReminder",
    "DeadlineTick",
    "Document",
    "DocumentRequirement",
    "DuplicateFlag",
    "Exhibitor",
    "ExtraPasses",
    "Mailing",
    "MailingRecipient",
    "MassDecision",
    "MassDecisionItem",
    "NeighbourWish",
    "PassQuota",
    "Pavilion",
    "Placement",
    "PlacementDay",
    "PlanChange",
    "Product",
    "ProductCategory",
    "ProductSite",
    "Question",
    "QuestionOption",
    "Region",
    "RepresentedCompany",
    "ReviewCriterion",
    "ReviewLook",
    "ReviewNote",
    "ReviewScore",
    "SiteWish",
    "StaffTask",
    "StandHold",
    "StandPreference",
    "StandStaff",
    "StandStaffDays",
]
