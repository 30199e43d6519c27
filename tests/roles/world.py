"""Two fairs with a row of everything, every text of the one marked, and everybody who may come along."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from accounts.models import User
from allocations.enums import RunState
from allocations.models import (
    AllocationRun,
    AllocationSettings,
    ApartPair,
    FreedStand,
    PriorityCorrection,
    Proposal,
    StandLock,
)
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, CompanyRole
from exhibitors.models import (
    Company,
    CompanyClaim,
    CompanyImport,
    CompanyMember,
    DuplicateFlag,
    Mailing,
    MassDecision,
    PassQuota,
    ReviewCriterion,
    StaffTask,
)
from fairs.enums import StaffRole
from fairs.models import Fair
from notifications.enums import LetterStatus, SuppressionReason
from notifications.models import DomainLimit, Letter, LetterTemplate, Suppression
from tests.factories.accounts import UserFactory
from tests.factories.conferences import (
    ConferenceFactory,
    DelegateFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    TrackFactory,
    VisaInvitationFactory,
)
from tests.factories.exhibitors import (
    SUBMITTED_AT,
    AnnouncementFactory,
    ApplicationFactory,
    CoExhibitorFactory,
    CompanyFactory,
    CompanyInvitationFactory,
    CompanyMemberFactory,
    DocumentFactory,
    DocumentRequirementFactory,
    ExhibitorFactory,
    PavilionFactory,
    PlacementFactory,
    ProductCategoryFactory,
    ProductFactory,
    QuestionFactory,
    RegionFactory,
    RepresentedCompanyFactory,
    SiteWishFactory,
    StandHoldFactory,
    StandStaffFactory,
)
from tests.factories.fairs import (
    BuildingFactory,
    DeadlineFactory,
    FairFactory,
    HallFactory,
    OpeningHoursFactory,
    SiteFactory,
    StaffMembershipFactory,
    StandFactory,
    TradeFigureFactory,
    ZoneFactory,
    square,
)

# In every text of the rows that a reader of the first fair must never meet, and of those beyond a coordinator's region.
MARK = "Zzother"
BEYOND = "Yybeyond"
REGION, REGION_BEYOND = "RU-PRI", "RU-KHA"
REGIONAL = (
    "exhibitors.duplicateflag",
    "exhibitors.application",
    "exhibitors.company",
    "exhibitors.coexhibitor",
    "exhibitors.placement",
    "exhibitors.exhibitor",
    "exhibitors.standstaff",
    "exhibitors.stafftask",
    "exhibitors.document",
    "exhibitors.product",
    "exhibitors.representedcompany",
)

Rows = dict[str, list[Any]]

# What has an address below an application or a company, such as …/applications/{pk}/documents/{part}/: a function that makes one
# for the application (the company) it is given, with ``mark`` in its texts. A new kind of part gets its line here, and the tests of
# strangers' ids know it.
PARTS: dict[str, Callable[[Any, str], Model]] = {
    "allocation-runs/lines": lambda run, _mark: run.proposal.lines.get(),
    "applications/documents": lambda application, mark: DocumentFactory(application=application, file__original_name=f"{mark}.pdf"),
    "companies/invitations": lambda company, mark: CompanyInvitationFactory(company=company, email=f"{mark.lower()}-invited@example.com"),
    "companies/members": lambda company, mark: CompanyMemberFactory(company=company, role=CompanyRole.ON_SITE, user__name=mark),
    "applications/co-exhibitors": lambda application, mark: CoExhibitorFactory(
        application=application,
        company=CompanyFactory(legal_name=f"{mark} beside", **names("name", f"{mark} beside"), region=application.company.region),
    ),
    "applications/products": lambda application, mark: ProductFactory(application=application, **names("name", f"{mark} part")),
    "applications/represented-companies": lambda application, mark: RepresentedCompanyFactory(
        application=application, legal_name=f"{mark} part"
    ),
    "applications/staff": lambda application, mark: StandStaffFactory(application=application, name_in_latin=f"{mark} PART"),
}
PARENTS = {"applications": "exhibitors.application", "companies": "exhibitors.company", "allocation-runs": "allocations.allocationrun"}
# What stands in an address where neither a row's id nor a slug does: a secret that nobody has.
VALUES = {"token": "0" * 43, "code": "0" * 43}


def names(word: str, text: str) -> dict[str, str]:
    return {f"{word}_{code}": text for code in ("ru", "zh_hans", "en")}


@dataclass
class Corner:
    """One fair with a row of everything; ``beyond`` are the rows of the second region, by page like ``rows``."""

    fair: Fair
    rows: Rows
    beyond: Rows
    letters: dict[str, Letter]
    people: dict[str, User] = field(default_factory=dict)
    parts: dict[tuple[str, int], Model] = field(default_factory=dict)  # by the key in PARTS and the id of whose part it is

    def row(self, kind: str) -> Any:
        """The row of the own fair that stands for ``{pk}`` after ``kind`` in an address."""
        found = {
            "applications": self.rows["exhibitors.application"][0],
            "companies": self.company,
            "exhibitors": self.rows["exhibitors.exhibitor"][0],
            "sessions": self.rows["conferences.session"][0],
            "speakers": self.rows["conferences.speaker"][0],
            "slides": self.rows["conferences.session"][0],  # nobody's: tests/conferences/api/test_own_speaker.py has the rest
            "stands": self.rows["fairs.stand"][0],
            "announcements": self.rows["exhibitors.announcement"][0],
            "allocation-runs": self.rows["allocations.allocationrun"][0],
        }
        return found[kind]

    def part(self, key: str, parent: Any = None) -> Any:
        """A part of ``parent``; without one that of the own application or company."""
        return self.parts[key, (parent or self.row(key.partition("/")[0])).pk]

    @property
    def company(self) -> Company:
        """Whose application was submitted."""
        return self.rows["exhibitors.application"][0].company

    def all(self, page: str) -> list[Any]:
        return [*self.rows.get(page, []), *self.beyond.get(page, [])]


def corner(mark: str) -> Corner:
    """A fair whose every text begins with ``mark``."""
    fair = FairFactory(**names("name", f"{mark} fair"))
    owner = StaffMembershipFactory(fair=fair, user__email=f"{mark.lower()}-owner@example.com", user__name=f"{mark} owner")
    site = SiteFactory(fair=fair, **names("name", f"{mark} site"), **names("city", f"{mark} city"))
    OpeningHoursFactory(site=site)
    hall = HallFactory(site=site, **names("name", f"{mark} hall"))
    stand = StandFactory(hall=hall, number=f"{mark[:6]}-1", outline=square(27, 27))
    rows: Rows = {
        "fairs.fair": [fair],
        "fairs.site": [site],
        "fairs.building": [BuildingFactory(site=site, **names("name", f"{mark} building"))],
        "fairs.hall": [hall],
        "fairs.zone": [ZoneFactory(hall=hall, **names("name", f"{mark} zone"))],
        "fairs.deadline": [DeadlineFactory(fair=fair, **names("title", f"{mark} deadline"))],
        "exhibitors.documentrequirement": [DocumentRequirementFactory(fair=fair, **names("title", f"{mark} requirement"))],
        "fairs.tradefigure": [TradeFigureFactory(fair=fair, source=f"{mark} customs")],
        "fairs.staffmembership": [owner],
        "exhibitors.announcement": [AnnouncementFactory(fair=fair, created_by=owner.user)],
        "exhibitors.mailing": [
            Mailing.objects.create(
                fair=fair,
                token=mark,
                at=SUBMITTED_AT,
                created_at=SUBMITTED_AT,
                **names("subject", f"{mark} mailing"),
                **names("text", mark),
            )
        ],
        "exhibitors.companyimport": [
            CompanyImport.objects.create(fair=fair, file_name=f"{mark} table.csv", language="en", created_at=SUBMITTED_AT)
        ],
        "exhibitors.massdecision": [
            MassDecision.objects.create(fair=fair, step="admit", token=mark, language="en", reason=f"{mark} why", created_at=SUBMITTED_AT)
        ],
        "exhibitors.reviewcriterion": [ReviewCriterion.objects.create(fair=fair, **names("name", f"{mark} criterion"))],
        "exhibitors.passquota": [PassQuota.objects.create(fair=fair, site=site, from_area_m2=0, passes=4)],
        "exhibitors.question": [QuestionFactory(fair=fair, **names("text", f"{mark} question"))],
        "exhibitors.pavilion": [PavilionFactory(fair=fair, **names("name", f"{mark} pavilion"), **names("institution", f"{mark} centre"))],
        **_participation(fair, hall, mark, region=REGION, responsible=owner.user, column=0),
        **_conference(site, mark),
    }
    rows |= _allocation(fair, hall, rows, mark)
    beyond = _participation(fair, hall, mark + BEYOND, region=REGION_BEYOND, responsible=owner.user, column=9)
    StandHoldFactory(stand=stand, application=rows["exhibitors.application"][0], note=f"{mark} hold")
    StandHoldFactory(
        stand=StandFactory(hall=hall, number=f"{mark[:6]}-2", outline=square(24, 27)),
        application=beyond["exhibitors.application"][0],
        note=f"{mark}{BEYOND} hold",
    )
    rows["fairs.stand"] = [stand, rows["exhibitors.placement"][0].stand, beyond["exhibitors.placement"][0].stand]
    letters = {
        "application": _letter(fair, "exhibitors.admitted", mark),
        "delegate": _letter(fair, "conferences.delegate_confirmed", mark),
    }
    rows["notifications.lettertemplate"] = [
        LetterTemplate.objects.create(
            fair=fair, occasion="exhibitors.admitted", language="en", subject=f"{mark} own", text="{{ greeting }}"
        )
    ]
    rows["notifications.suppression"] = [
        Suppression.objects.create(address=f"{mark.lower()}@example.com", reason=SuppressionReason.UNKNOWN_MAILBOX)
    ]
    made = Corner(fair=fair, rows=rows, beyond=beyond, letters=letters, people={"owner": owner.user})
    for key, make in PARTS.items():
        for parent in made.all(PARENTS[key.partition("/")[0]]):
            made.parts[key, parent.pk] = make(parent, mark)
    return made


def _participation(fair: Fair, hall: Any, mark: str, *, region: str, responsible: User, column: int) -> Rows:
    def company(word: str) -> Company:
        return CompanyFactory(legal_name=f"{mark} {word}", **names("name", f"{mark} {word}"), region=RegionFactory(code=region))

    fields = {"fair": fair, "responsible": responsible}
    submitted = ApplicationFactory(company=company("applicant"), submitted=True, **fields)
    submitted.categories.add(ProductCategoryFactory())
    SiteWishFactory(application=submitted, site=hall.site)
    accepted = ApplicationFactory(company=company("exhibitor"), accepted=True, **fields)
    placement = PlacementFactory(
        application=accepted, stand=StandFactory(hall=hall, number=f"{mark[:6]}-{column}", outline=square(column, column))
    )
    co = CoExhibitorFactory(application=accepted, company=company("co-exhibitor"), status=CoExhibitorStatus.CONFIRMED)
    exhibitor = ExhibitorFactory(fair=fair, company=accepted.company, application=accepted)
    claimant = UserFactory(email=f"{mark.lower()}-claimant@example.com", name=f"{mark} claimant")
    entered = CompanyFactory(legal_name=f"{mark} entered again", **names("name", f"{mark} entered again"), inn=submitted.company.inn)
    claim = CompanyClaim.objects.create(person=claimant, entered=entered, existing=submitted.company, opened_at=SUBMITTED_AT)
    flag = DuplicateFlag.objects.create(company_a=submitted.company, company_b=accepted.company, reason="name", found_at=SUBMITTED_AT)
    return {
        "exhibitors.application": [submitted, accepted],
        "exhibitors.company": [submitted.company, accepted.company, co.company],
        "exhibitors.placement": [placement],
        "exhibitors.coexhibitor": [co],
        "exhibitors.product": [ProductFactory(application=submitted, **names("name", f"{mark} product"))],
        "exhibitors.representedcompany": [RepresentedCompanyFactory(application=submitted, legal_name=f"{mark} represented")],
        "exhibitors.standstaff": [StandStaffFactory(application=submitted, name_in_latin=f"{mark} PERSON")],
        "exhibitors.stafftask": [
            StaffTask.objects.create(fair=fair, application=submitted, title=f"{mark} task", assignee=responsible, created_at=SUBMITTED_AT)
        ],
        "exhibitors.exhibitor": [exhibitor],
        "exhibitors.document": [DocumentFactory(application=accepted, requirement=None, title=f"{mark} document")],
        "exhibitors.companyclaim": [claim],
        "exhibitors.duplicateflag": [flag],
    }


def _conference(site: Any, mark: str) -> Rows:
    conference = ConferenceFactory(site=site, **names("name", f"{mark} conference"))
    room = RoomFactory(conference=conference, **names("name", f"{mark} room"))
    track = TrackFactory(conference=conference, **names("name", f"{mark} track"))
    session = SessionFactory(conference=conference, room=room, track=track, **names("title", f"{mark} session"))
    speaker = SpeakerFactory(conference=conference, **names("name", f"{mark} speaker"))
    ParticipationFactory(session=session, speaker=speaker)
    delegate = DelegateFactory(conference=conference, name=f"{mark} delegate", email=f"{mark.lower()}@example.com")
    return {
        "conferences.conference": [conference],
        "conferences.room": [room],
        "conferences.track": [track],
        "conferences.session": [session],
        "conferences.speaker": [speaker],
        "conferences.delegate": [delegate],
        "conferences.visainvitation": [VisaInvitationFactory(delegate=delegate, host=f"{mark} host")],
    }


def _allocation(fair: Fair, hall: Any, rows: Rows, mark: str) -> Rows:
    submitted, accepted = rows["exhibitors.application"]
    (placement,) = rows["exhibitors.placement"]
    run = AllocationRun.objects.create(
        fair=fair, state=RunState.DONE, created_at=SUBMITTED_AT, started_at=SUBMITTED_AT, ended_at=SUBMITTED_AT
    )
    run.halls.add(hall)
    days = {"first_day": placement.first_day, "last_day": placement.last_day}
    Proposal.objects.create(run=run, created_at=SUBMITTED_AT).lines.create(application=submitted, site=hall.site, **days)
    pair = {"company_a": submitted.company, "company_b": accepted.company, "note": f"{mark} pair"}
    return {
        "allocations.allocationrun": [run],
        "allocations.allocationsettings": [AllocationSettings.objects.create(fair=fair)],
        "allocations.apartpair": [ApartPair.objects.create(fair=fair, **pair)],
        "allocations.standlock": [
            StandLock.objects.create(
                stand=StandFactory(hall=hall, number=f"{mark[:6]}-3", outline=square(21, 27)),
                application=submitted,
                reason=f"{mark} lock",
                at=SUBMITTED_AT,
            )
        ],
        "allocations.prioritycorrection": [
            PriorityCorrection.objects.create(application=accepted, reason=f"{mark} points", at=SUBMITTED_AT)
        ],
        "allocations.freedstand": [
            FreedStand.objects.create(
                fair=fair, placement=placement, stand=placement.stand, freed_at=SUBMITTED_AT, candidate=submitted, **days
            )
        ],
    }


def _letter(fair: Fair | None, occasion: str, mark: str) -> Letter:
    key = f"{mark}:{occasion}"
    return Letter.objects.create(
        key=key,
        occasion=occasion,
        fair=fair,
        recipient_email=f"{mark.lower()}@example.com",
        language="en",
        subject=f"{mark} letter",
        text="Text",
        message_id=f"<{key}@example.com>",
        status=LetterStatus.FAILED,
    )


@dataclass
class World:
    here: Corner
    there: Corner
    common: Rows
    company_people: dict[CompanyRole, User]

    def __deepcopy__(self, memo: Any) -> "World":
        """Django would copy what a class has set up for each of its tests; these only read the rows that they have in hand."""
        return self

    def person(self, caller: str) -> Any:
        """Whoever ``caller`` names: a staff role at the first fair, or one of the others."""
        if caller == "anonymous":
            return AnonymousUser()
        if caller == "superuser":
            return UserFactory(is_staff=True, is_superuser=True)
        if caller == "owner of another fair":
            return self.there.people["owner"]
        if caller.startswith("company "):
            return self.company_people[CompanyRole(caller.removeprefix("company "))]
        if caller == "another exhibitor":
            return CompanyMember.objects.get(company=self.there.company, role=CompanyRole.OWNER).user
        region = REGION if caller == StaffRole.REGIONAL_COORDINATOR else ""
        return StaffMembershipFactory(fair=self.here.fair, role=caller, region_code=region, user__name="Colleague").user


def build() -> World:
    here, there = corner("Aahere"), corner(MARK)
    # nobody's at either fair: an account's letter, a company that somebody entered and one that only its members know
    _letter(None, "accounts.verification_code", MARK)
    CompanyFactory(legal_name=f"{MARK} entered", entered_by=there.people["owner"])
    CompanyMemberFactory(company__legal_name=f"{MARK} unknown")
    ApplicationFactory(fair=there.fair, company__legal_name=f"{MARK} draft", status=ApplicationStatus.DRAFT)
    CompanyMemberFactory(company=there.company, user__email=f"{MARK.lower()}-member@example.com")
    people = {role: CompanyMemberFactory(company=here.company, role=role).user for role in CompanyRole}
    common: Rows = {
        "exhibitors.region": [here.company.region],
        "exhibitors.productcategory": [ProductCategoryFactory()],
        "notifications.domainlimit": [DomainLimit.objects.create(domain="qq.com", per_minute=60)],
        "accounts.user": [people[CompanyRole.OWNER]],
    }
    return World(here=here, there=there, common=common, company_people=people)


__all__ = ["BEYOND", "MARK", "PARTS", "REGIONAL", "SUBMITTED_AT", "VALUES", "Corner", "World", "build"]
