"""What of a fair's form and rules its next edition gets (see fairs/cloning.py): what organisers laid down, nothing that anybody did."""

from exhibitors import models
from exhibitors.models import DocumentRequirement, PassQuota, Pavilion, Question, QuestionOption, ReviewCriterion
from fairs.cloning import Copied

COPIED = [
    Copied(Pavilion),
    Copied(Question),
    Copied(QuestionOption, "question__fair"),
    Copied(DocumentRequirement),  # its days are those of a law, not of the fair
    Copied(PassQuota),
    Copied(ReviewCriterion),
]

LEFT = [
    # applications, and all that is said, wished, handed in and decided in them
    models.Application,
    models.ApplicationStep,
    models.Answer,
    models.CoExhibitor,
    models.CompanyChange,
    models.Document,
    models.Exhibitor,
    models.ExtraPasses,
    models.NeighbourWish,
    models.Product,
    models.ProductSite,
    models.RepresentedCompany,
    models.ReviewLook,
    models.ReviewNote,
    models.ReviewScore,
    models.SiteWish,
    models.StandPreference,
    models.StandStaff,
    models.StandStaffDays,
    # who stands where, or might
    models.Placement,
    models.PlacementDay,
    models.PlanChange,
    models.StandHold,
    # what was sent, or is to be done
    models.Announcement,
    models.CompanyImport,
    models.CompanyImportFile,
    models.DeadlineExtension,
    models.DeadlineReminder,
    models.DeadlineTick,
    models.Mailing,
    models.MailingRecipient,
    models.MassDecision,
    models.MassDecisionItem,
    models.StaffTask,
]
