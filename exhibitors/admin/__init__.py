from exhibitors.admin.announcement import AnnouncementAdmin
from exhibitors.admin.application import ApplicationAdmin
from exhibitors.admin.co_exhibitor import CoExhibitorAdmin
from exhibitors.admin.company import CompanyAdmin
from exhibitors.admin.company_import import CompanyImportAdmin
from exhibitors.admin.document import DocumentAdmin
from exhibitors.admin.document_requirement import DocumentRequirementAdmin
from exhibitors.admin.form_parts import ProductAdmin, RepresentedCompanyAdmin
from exhibitors.admin.hall import PlannedHallAdmin, PlannedSiteAdmin
from exhibitors.admin.mailing import MailingAdmin
from exhibitors.admin.mass_decision import MassDecisionAdmin
from exhibitors.admin.pass_quotas import PassQuotaAdmin
from exhibitors.admin.pavilion import PavilionAdmin
from exhibitors.admin.placement import ExhibitorAdmin, PlacementAdmin
from exhibitors.admin.question import QuestionAdmin
from exhibitors.admin.reference import ProductCategoryAdmin, RegionAdmin
from exhibitors.admin.review_criteria import ReviewCriterionAdmin
from exhibitors.admin.staff_task import StaffTaskAdmin
from exhibitors.admin.stand import HeldStandAdmin
from exhibitors.admin.stand_staff import StandStaffAdmin
from exhibitors.admin.twin import CompanyClaimAdmin, DuplicateFlagAdmin

__all__ = [
    "AnnouncementAdmin",
    "ApplicationAdmin",
    "CoExhibitorAdmin",
    "CompanyAdmin",
    "CompanyClaimAdmin",
    "CompanyImportAdmin",
    "DocumentAdmin",
    "DocumentRequirementAdmin",
    "DuplicateFlagAdmin",
    "ExhibitorAdmin",
    "HeldStandAdmin",
    "MailingAdmin",
    "MassDecisionAdmin",
    "PassQuotaAdmin",
    "PavilionAdmin",
    "PlacementAdmin",
    "PlannedHallAdmin",
    "PlannedSiteAdmin",
    "ProductAdmin",
    "ProductCategoryAdmin",
    "QuestionAdmin",
    "RegionAdmin",
    "RepresentedCompanyAdmin",
    "ReviewCriterionAdmin",
    "StaffTaskAdmin",
    "StandStaffAdmin",
]
