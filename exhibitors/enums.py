"""Choices of the exhibitor's nouns and the one table of allowed steps. A leaf: imports nothing of ours."""

from enum import StrEnum, nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApplicationStatus(models.TextChoices):
    """Where an application stands (CONTRACT of the API, DOMAIN part 2)."""

    DRAFT = "draft", pgettext_lazy("application", "draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "submitted")
    IN_REVIEW = "in_review", pgettext_lazy("application", "in review")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("application", "changes requested")
    ADMITTED = "admitted", pgettext_lazy("application", "admitted")
    WAITLISTED = "waitlisted", pgettext_lazy("application", "on the waiting list")
    REJECTED = "rejected", pgettext_lazy("application", "rejected")
    STAND_OFFERED = "stand_offered", pgettext_lazy("application", "stand offered")
    ACCEPTED = "accepted", pgettext_lazy("application", "accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
    CANCELLED = "cancelled", pgettext_lazy("application", "cancelled")

    # Over for good: the company may apply to the fair anew.
    ended = nonmember(("rejected", "withdrawn", "cancelled"))
    # Sent and not over: the organiser works with these.
    live = nonmember(("submitted", "in_review", "changes_requested", "admitted", "waitlisted", "stand_offered", "accepted"))


class Step(StrEnum):
    """A step in the life of an application; the values are the path names of the API."""

    SUBMIT = "submit"
    START_REVIEW = "start-review"
    REQUEST_CHANGES = "request-changes"
    ADMIT = "admit"
    WAITLIST = "waitlist"
    REJECT = "reject"
    OFFER_STAND = "offer-stand"
    WITHDRAW_OFFER = "withdraw-offer"
    ACCEPT_OFFER = "accept-offer"
    DECLINE_OFFER = "decline-offer"
    RELOCATE = "relocate"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    LAPSE = "lapse"
    TAKE_BACK = "take-back"
    EXTEND_DEADLINE = "extend-deadline"
    REQUEST_MOVE = "request-move"
    CLOSE_MOVE = "close-move"


_S = ApplicationStatus
_BEFORE_A_DECISION = (_S.SUBMITTED, _S.IN_REVIEW)
_PLACED = (_S.STAND_OFFERED, _S.ACCEPTED)
_NOT_OVER = (_S.DRAFT, *_BEFORE_A_DECISION, _S.CHANGES_REQUESTED, _S.ADMITTED, _S.WAITLISTED, *_PLACED)

# From which states a step may be taken. Admin, API and tests read this table and no other.
STEPS: dict[Step, tuple[ApplicationStatus, ...]] = {
    Step.SUBMIT: (_S.DRAFT, _S.CHANGES_REQUESTED),
    Step.START_REVIEW: (_S.SUBMITTED,),
    Step.REQUEST_CHANGES: _BEFORE_A_DECISION,
    Step.ADMIT: (*_BEFORE_A_DECISION, _S.WAITLISTED),
    Step.WAITLIST: (*_BEFORE_A_DECISION, _S.ADMITTED, _S.WAITLISTED),
    Step.REJECT: (*_BEFORE_A_DECISION, _S.WAITLISTED),
    Step.OFFER_STAND: (_S.ADMITTED, *_PLACED),  # a second site may be offered while the first is open or accepted
    Step.WITHDRAW_OFFER: (_S.ADMITTED, *_PLACED),  # admitted: an offer that is held
    Step.ACCEPT_OFFER: _PLACED,
    Step.DECLINE_OFFER: _PLACED,
    Step.RELOCATE: _PLACED,
    Step.WITHDRAW: _NOT_OVER,
    Step.CANCEL: _NOT_OVER[1:],
    Step.LAPSE: _PLACED,
    Step.TAKE_BACK: (_S.CHANGES_REQUESTED, _S.ADMITTED, _S.WAITLISTED, _S.REJECTED, *_PLACED),
    Step.EXTEND_DEADLINE: _NOT_OVER,
    Step.REQUEST_MOVE: (_S.ACCEPTED,),
    Step.CLOSE_MOVE: (_S.ACCEPTED,),
}

# The one that usually follows, which a page may show first. Where the exhibitor is to act, or the way is at its end, there is none.
USUAL_STEPS: dict[ApplicationStatus, Step] = {
    _S.DRAFT: Step.SUBMIT,
    _S.SUBMITTED: Step.START_REVIEW,
    _S.IN_REVIEW: Step.ADMIT,
    _S.WAITLISTED: Step.ADMIT,
    _S.ADMITTED: Step.OFFER_STAND,
    _S.STAND_OFFERED: Step.ACCEPT_OFFER,
}

# What the exhibitor's side may do by itself; the rest is the organiser's. Possible from what the exhibitor has been told.
EXHIBITOR_STEPS = (Step.SUBMIT, Step.ACCEPT_OFFER, Step.DECLINE_OFFER, Step.WITHDRAW, Step.REQUEST_MOVE)

# Taken by the clock alone; nobody asks for them.
CLOCK_STEPS = (Step.LAPSE,)
PEOPLE_STEPS = tuple(step for step in Step if step not in CLOCK_STEPS)

# Decided now, told later if the organiser wishes.
DECISIONS = (Step.REQUEST_CHANGES, Step.ADMIT, Step.WAITLIST, Step.REJECT)
OFFERS = (Step.OFFER_STAND, Step.RELOCATE)
# Taken with thousands of applications in one go, at the desk.
MASS_STEPS = (Step.START_REVIEW, Step.ADMIT, Step.WAITLIST, Step.REJECT)
HOLDABLE_STEPS = (*DECISIONS, *OFFERS)


class CompanyRole(models.TextChoices):
    """What a member may do for the company. What each role may: exhibitors/roles.py and docs/roles.md."""

    OWNER = "owner", pgettext_lazy("company role", "owner")
    EDITOR = "editor", pgettext_lazy("company role", "editor")
    LOGISTICS = "logistics", pgettext_lazy("company role", "logistics")
    ON_SITE = "on_site", pgettext_lazy("company role", "on site")


class ContactRole(models.TextChoices):
    OPERATIONS = "operations", pgettext_lazy("contact", "operations")
    BILLING = "billing", pgettext_lazy("contact", "billing")
    PRESS = "press", pgettext_lazy("contact", "press")
    ON_SITE = "on_site", pgettext_lazy("contact", "on site")


class ExhibitorRole(models.TextChoices):
    """Role of a company at a fair. Represented companies are never exhibitors (DOMAIN, glossary)."""

    MAIN = "MAIN", _("main exhibitor")
    CO = "CO", _("co-exhibitor")


class Scheme(models.TextChoices):
    RAW = "raw", _("raw space")
    SHELL = "shell", _("shell scheme")


class NeighbourKind(models.TextChoices):
    NEAR = "near", pgettext_lazy("neighbour", "near to")
    AWAY = "away", pgettext_lazy("neighbour", "away from")


class ProductFate(models.TextChoices):
    """What becomes of a product at the fair: China's customs ask."""

    SELL = "sell", pgettext_lazy("fate of a product", "is sold")
    TASTE = "taste", pgettext_lazy("fate of a product", "is tasted")
    RETURN = "return", pgettext_lazy("fate of a product", "goes back")
    DESTROY = "destroy", pgettext_lazy("fate of a product", "is destroyed")


class ProductUnit(models.TextChoices):
    PIECE = "piece", pgettext_lazy("unit", "pieces")
    PACK = "pack", pgettext_lazy("unit", "packs")
    KG = "kg", pgettext_lazy("unit", "kg")
    L = "l", pgettext_lazy("unit", "litres")


class FormSection(models.TextChoices):
    """The parts of the application form, in their order."""

    COMPANY = "company", pgettext_lazy("part of the form", "Company")
    SITES = "sites", pgettext_lazy("part of the form", "Sites and stand")
    PRODUCTS = "products", pgettext_lazy("part of the form", "Products")
    SERVICES = "services", pgettext_lazy("part of the form", "Services and logistics")
    PROGRAMME = "programme", pgettext_lazy("part of the form", "Programme and meetings")
    OTHER = "other", pgettext_lazy("part of the form", "Other")


class QuestionType(models.TextChoices):
    TEXT = "text", pgettext_lazy("kind of answer", "one line of text")
    LONG_TEXT = "long_text", pgettext_lazy("kind of answer", "several lines of text")
    CHOICE = "choice", pgettext_lazy("kind of answer", "one of several options")
    SEVERAL = "several", pgettext_lazy("kind of answer", "any of several options")
    NUMBER = "number", pgettext_lazy("kind of answer", "a number")
    DATE = "date", pgettext_lazy("kind of answer", "a day")
    YES_NO = "yes_no", pgettext_lazy("kind of answer", "yes or no")
    FILE = "file", pgettext_lazy("kind of answer", "a file")


class QuestionAudience(models.TextChoices):
    """Whom a question concerns, by what else the application says."""

    ALL = "all", _("all applicants")
    RAW_SPACE = "raw_space", _("applicants for raw space")
    SHELL_SCHEME = "shell", _("applicants for shell scheme")
    FOOD = "food", _("applicants with food")


class CoExhibitorStatus(models.TextChoices):
    DECLARED = "declared", pgettext_lazy("co-exhibitor", "declared")
    CONFIRMED = "confirmed", pgettext_lazy("co-exhibitor", "confirmed by the company")
    ADMITTED = "admitted", pgettext_lazy("co-exhibitor", "admitted")
    REFUSED = "refused", pgettext_lazy("co-exhibitor", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("co-exhibitor", "withdrawn by the main exhibitor")
    ENDED = "ended", pgettext_lazy("co-exhibitor", "ended with the main exhibitor's application")

    # Neither refused nor over.
    open = nonmember(("declared", "confirmed", "admitted"))


class PlacementStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("placement", "planned")
    OFFERED = "offered", pgettext_lazy("placement", "offered")
    ACCEPTED = "accepted", pgettext_lazy("placement", "accepted")
    DECLINED = "declined", pgettext_lazy("placement", "declined")
    LAPSED = "lapsed", pgettext_lazy("placement", "lapsed")
    WITHDRAWN = "withdrawn", pgettext_lazy("placement", "withdrawn")
    ENDED = "ended", pgettext_lazy("placement", "ended")

    # Occupies its days (DOMAIN, glossary: Placement).
    live = nonmember(("planned", "offered", "accepted"))
    # Over, and by the exhibitor's doing or silence.
    let_go = nonmember(("declined", "lapsed"))


class PlanChangeKind(models.TextChoices):
    """What was done with a planned placement."""

    PLANNED = "planned", pgettext_lazy("change of the plan", "planned")
    MOVED = "moved", pgettext_lazy("change of the plan", "moved")
    REMOVED = "removed", pgettext_lazy("change of the plan", "taken off the plan")
    SENT = "sent", pgettext_lazy("change of the plan", "offered")
    GIVEN_WAY = "given_way", pgettext_lazy("change of the plan", "another stand was offered")
    ENDED = "ended", pgettext_lazy("change of the plan", "fell free with a decision")


class HoldEnd(models.TextChoices):
    """How the hold of a stand came to its end."""

    OFFERED = "offered", pgettext_lazy("hold", "the stand was offered")
    RELEASED = "released", pgettext_lazy("hold", "released")
    EXPIRED = "expired", pgettext_lazy("hold", "expired")
    EXTENDED = "extended", pgettext_lazy("hold", "held anew")
    APPLICATION_ENDED = "application_ended", pgettext_lazy("hold", "the application ended")


class DocumentState(models.TextChoices):
    """Where one version of a document stands."""

    UPLOADED = "uploaded", pgettext_lazy("document", "waiting for review")
    APPROVED = "approved", pgettext_lazy("document", "approved")
    RETURNED = "returned", pgettext_lazy("document", "returned")
    EXPIRED = "expired", pgettext_lazy("document", "expired")
    SUPERSEDED = "superseded", pgettext_lazy("document", "replaced by a newer version")

    # The versions that count; of a superseded one only the history remains.
    current = nonmember(("uploaded", "approved", "returned", "expired"))


class ChangeSubject(models.TextChoices):
    """What of a company was changed (models/company_change.py)."""

    COMPANY = "company", pgettext_lazy("change", "the company's details")
    CONTACTS = "contacts", pgettext_lazy("change", "contacts")
    MEMBERS = "members", pgettext_lazy("change", "members")
    INVITATION = "invitation", pgettext_lazy("change", "an invitation")
    APPLICATION = "application", pgettext_lazy("change", "an application")
    DOCUMENTS = "documents", pgettext_lazy("change", "documents")
    STAFF = "staff", pgettext_lazy("change", "people on the stand")
    PRODUCTS = "products", pgettext_lazy("change", "products")
    REPRESENTED = "represented", pgettext_lazy("change", "represented companies")
    CO_EXHIBITORS = "co_exhibitor", pgettext_lazy("change", "co-exhibitors")


class ChangeSource(models.TextChoices):
    """Who changed it: the company itself, an organiser for it, or a table."""

    MEMBER = "member", pgettext_lazy("change", "the company")
    STAFF = "staff", pgettext_lazy("change", "an organiser for the company")
    IMPORT = "import", pgettext_lazy("change", "an import")


class ClaimStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("claim", "open")
    GRANTED = "granted", pgettext_lazy("claim", "granted")
    REFUSED = "refused", pgettext_lazy("claim", "refused")


class DuplicateReason(models.TextChoices):
    """Why two companies may be the same one; the strongest first."""

    NUMBER = "number", pgettext_lazy("duplicate", "the same tax or registration number")
    NAME = "name", pgettext_lazy("duplicate", "the same name in another spelling")
    LOOK = "look", pgettext_lazy("duplicate", "a name that looks the same")
    WEBSITE = "website", pgettext_lazy("duplicate", "the same website")
    PHONE = "phone", pgettext_lazy("duplicate", "the same phone number")


class StandRole(models.TextChoices):
    """What somebody does on the stand; it is printed on the badge."""

    MANAGER = "manager", pgettext_lazy("on the stand", "manager")
    SALES = "sales", pgettext_lazy("on the stand", "sales")
    INTERPRETER = "interpreter", pgettext_lazy("on the stand", "interpreter")
    TECHNICIAN = "technician", pgettext_lazy("on the stand", "technician")
    HOST = "host", pgettext_lazy("on the stand", "host, tasting")
    OTHER = "other", pgettext_lazy("on the stand", "other")


class ReminderOutcome(models.TextChoices):
    """What became of a step of a deadline's ladder for one reader."""

    TOLD = "told", pgettext_lazy("reminder", "told")
    EXPIRED = "expired", pgettext_lazy("reminder", "expired")  # its moment passed while nothing ran
    SKIPPED = "skipped", pgettext_lazy("reminder", "left out")  # an organiser chose so when a deadline or its ladder was changed


class MassItemState(models.TextChoices):
    """What has become of one application of a mass decision."""

    WAITING = "waiting", pgettext_lazy("mass decision", "waiting")
    DONE = "done", pgettext_lazy("mass decision", "decided")
    REFUSED = "refused", pgettext_lazy("mass decision", "not decided")
    STOPPED = "stopped", pgettext_lazy("mass decision", "stopped before it")

    # Over without the decision.
    left_out = nonmember(("refused", "stopped"))


class ImportState(models.TextChoices):
    """How far a table of companies is that was uploaded at the desk."""

    CHECKING = "checking", pgettext_lazy("import", "being checked")
    CHECKED = "checked", pgettext_lazy("import", "to be confirmed")
    IMPORTING = "importing", pgettext_lazy("import", "being imported")
    DONE = "done", pgettext_lazy("import", "imported")
    REFUSED = "refused", pgettext_lazy("import", "not imported")
    DISCARDED = "discarded", pgettext_lazy("import", "discarded")

    working = nonmember(("checking", "importing"))
    open = nonmember(("checking", "checked", "importing"))


class RecipientState(models.TextChoices):
    """What has become of one address of a mailing; of a letter that is written, the letter says more."""

    WAITING = "waiting", pgettext_lazy("recipient", "waiting")
    WRITTEN = "written", pgettext_lazy("recipient", "letter written")
    FAILED = "failed", pgettext_lazy("recipient", "could not be written")
    CANCELLED = "cancelled", pgettext_lazy("recipient", "cancelled")
