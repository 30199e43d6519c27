"""What the fuzzing stands on: the two fairs of tests/roles, and for each operation an address and a body with which it succeeds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Model

from allocations.models import AllocationRun, Proposal, ProposalLine
from api.file_kinds import FileKind
from api.file_links import file_path
from api.files import keep
from api.models import StoredFile
from conferences.domain.delegates import hash_of
from conferences.domain.own_speaker import upload_slides
from conferences.domain.releases import changes_of, fingerprint
from conferences.models import SignUp, Speaker
from exhibitors.domain import applications, moves
from exhibitors.enums import STEPS, ApplicationStatus, QuestionType, Step
from exhibitors.models import Answer, Application, Company
from tests.conftest import MOMENT
from tests.exhibitors.pictures import picture
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.conferences import DelegateFactory, ParticipationFactory, SpeakerFactory, VisaInvitationFactory, at
from tests.factories.exhibitors import (
    CompanyContactFactory,
    CompanyFactory,
    CompanyInvitationFactory,
    CompanyMemberFactory,
    QuestionFactory,
    inn,
)
from tests.factories.fairs import square
from tests.roles.expectations import CALLERS, TABLE
from tests.roles.operations import Operation
from tests.roles.tokens import session_token
from tests.roles.world import PARTS, Corner, World, build
from tests.uploaded import pdf, upload

# Who asks, as tests/roles/expectations.py calls them.
PERSONAS = ("company owner", "owner")
# What an exhibitor may change as long as the application is a draft.
ON_A_DRAFT = ("applications_partial_update", "file_answers_", "products_", "represented_companies_")
# What the exhibitor ticks off is asked of those who have accepted.
ON_AN_ACCEPTED = ("applications_checklist_tick", "applications_checklist_untick", "applications_staff_register_as_delegates")
# Where the first of the states that a step begins from is not enough by itself: what is held was decided in another.
BEGINS = {Step.TAKE_BACK: ApplicationStatus.SUBMITTED, Step.WITHDRAW_OFFER: ApplicationStatus.STAND_OFFERED}
# What a file in the address or the body opens, which tests/roles/expectations.py has no file for.
WITH_A_FILE = {"files_retrieve", "file_answers_retrieve", "applications_documents_create"}
QUESTION = "a-file"
DONE_RUN = {"state": "done", "started_at": MOMENT, "ended_at": MOMENT}
FORM = "multipart/form-data"
CODE = "K7QX-2M4P-9TRD"  # the one of the example: whoever has it confirms
# What an example says of the demo fair's days and rows, said of this one's; of a product more, whose names others have as well.
FITTING: dict[str, Callable[[Corner], Any]] = {
    "at": lambda here: (MOMENT + timedelta(days=1)).isoformat(),
    "until": lambda here: (MOMENT + timedelta(days=3)).isoformat(),
    "deadline": lambda here: here.rows["fairs.deadline"][0].code,
    "due_at": lambda here: (here.rows["fairs.deadline"][0].due_at + timedelta(days=3)).isoformat(),
    "valid_until": lambda here: "2031-03-31",
    "tax_number": lambda here: inn(404),
    "rank": lambda here: 1,
    "seen": lambda here: fingerprint(changes_of(here.rows["conferences.conference"][0].pk)),
    "away": lambda here: [{"exhibitor": here.beyond["exhibitors.exhibitor"][0].pk}],
}
FITTING_A_SIGN_UP: dict[str, Callable[[Corner], Any]] = {"sessions": lambda here: [here.rows["conferences.session"][0].code]}
FITTING_AN_INVITATION: dict[str, Callable[[Corner], Any]] = {
    "entry_on": lambda here: here.rows["conferences.conference"][0].starts_on.isoformat(),
    "leave_on": lambda here: here.rows["conferences.conference"][0].ends_on.isoformat(),
}
FITTING_A_PLACE: dict[str, Callable[[Corner], Any]] = {"starts_at": lambda here: at(here.rows["conferences.conference"][0], 14).isoformat()}
FITTING_A_PRODUCT: dict[str, Callable[[Corner], Any]] = {
    "code": lambda here: "0303670000",
    "gacc_valid_until": lambda here: "2031-06-14",
    "sites": lambda here: [here.rows["fairs.site"][0].slug],
}


@dataclass
class Seeds:
    world: World
    people: dict[str, Any]
    tokens: dict[str, str]
    new_company: dict[str, Company]  # that has not applied yet and may, by who asks
    invited: dict[str, str]  # the code of an invitation, by whom it is for
    uninvited: Company  # that nobody acts for
    file: StoredFile
    open_to: dict[str, Application] = field(default_factory=dict)  # by the step that it may take
    of_the_draft: dict[str, Model] = field(default_factory=dict)  # its parts, by their word in the address
    slides: dict[str, int] = field(default_factory=dict)  # that somebody on the programme handed in
    runs: dict[str, Any] = field(default_factory=dict)  # that an operation can be done with, by its name

    def url(self, operation: Operation, caller: str) -> str:
        return "/api/v1/" + operation.path.format(**self.path_parameters(operation, caller))

    def path_parameters(self, operation: Operation, caller: str) -> dict[str, Any]:
        found = operation.values(self.world.here)
        application = self._application(operation)
        confirmed = self.world.here.rows["exhibitors.coexhibitor"][0]
        own: dict[str, Any] = {
            **({"id": application.pk} if application and "id" in found else {}),
            **({"part": self.of_the_draft[operation.path.split("/")[4]].pk} if application and "part" in found else {}),
            **({"id": confirmed.application_id, "part": confirmed.pk} if operation.name == "applications_co_exhibitors_admit" else {}),
            **({"id": self.uninvited.pk} if operation.last_word == "invite-contact" else {}),
            **({"id": self.runs[operation.name].pk} if operation.name in self.runs else {}),
            **({"id": self.slides[caller]} if operation.name == "conferences_speakers_own_slides_file" else {}),
            **({"code": QUESTION} if "code" in found else {}),
            **({"token": self._link(caller)} if "token" in found else {}),
        }
        return {**found, **own}

    def _link(self, caller: str) -> str:
        """Signed for the caller a moment ago."""
        return file_path(self.file, user=self.people[caller]).rstrip("/").rpartition("/")[2]

    def _application(self, operation: Operation) -> Application | None:
        """The one in the address where it may not be just any."""
        if operation.name.startswith(ON_A_DRAFT):
            return self.open_to[Step.SUBMIT]
        if operation.name in ON_AN_ACCEPTED:
            return self.open_to[Step.REQUEST_MOVE]
        return None if "{part}" in operation.path else self.open_to.get(operation.last_word)

    def body(self, operation: Operation, caller: str) -> Any:
        """The example with ids that exist and days to come; None where there is no body."""
        if operation.content is None:
            return None
        body = operation.filled_example(self.world.here)
        application = self._application(operation)
        fitting = {
            **FITTING,
            **(FITTING_A_PRODUCT if operation.name.startswith("products_") else {}),
            **(FITTING_A_PLACE if operation.name.startswith("conferences_draft_") else {}),
            **(FITTING_AN_INVITATION if operation.name.startswith("conferences_invitation") else {}),
            **(FITTING_A_SIGN_UP if operation.name.startswith("conferences_sign_up") else {}),
        }
        body |= {name: made(self.world.here) for name, made in fitting.items() if name in body}
        if application and "stand" in body:
            body["stand"] = stand_at(site_of(application.fair), outline=square(21, 21)).pk
        if application and "placement" in body:
            del body["placement"]  # one offer is open
        if operation.name == "applications_create":
            body["company"] = self.new_company[caller].pk
        if operation.name == "announcements_create":
            body["applications"] = [self.open_to[Step.TAKE_BACK].pk]
        if operation.name == "allocation_runs_take_over":
            body["lines"] = [self.world.here.part("allocation-runs/lines").pk]
        if operation.name == "invitations_accept":
            body["token"] = self.invited[caller]
        return body

    def form(self, operation: Operation, as_file: Callable[[bytes], Any]) -> dict[str, Any]:
        """What is taken with a PDF where a file is handed in; a photo is none. ``as_file`` makes a part of the form from its bytes."""
        further = {
            "applications_documents_create": {"title": "Booklet"},
            "conferences_speakers_own_slides_send": {"session": self.world.here.rows["conferences.session"][0].code},
            "conferences_speakers_own_photo": {"file": as_file(picture("PNG"))},
        }
        return {"file": as_file(pdf()), **further.get(operation.name, {})}


def is_let_in(operation: Operation, caller: str) -> bool:
    line = TABLE[operation.method, operation.pattern]
    return operation.name in WITH_A_FILE or line.split()[CALLERS.index(caller)] == "in"


def sow() -> Seeds:
    world = build()
    here = world.here
    owner = world.person(PERSONAS[0])
    own = CompanyMemberFactory(user=owner, company__region=here.company.region).company
    new_company = {PERSONAS[0]: own, PERSONAS[1]: here.rows["exhibitors.coexhibitor"][0].company}
    DelegateFactory(
        conference=here.rows["conferences.conference"][0], email="code@example.com", code_hash=hash_of(CODE),
        confirmed_at=None, confirm_by=MOMENT + timedelta(hours=48),
    )  # fmt: skip
    people = {caller: world.person(caller) for caller in PERSONAS}
    session = here.rows["conferences.session"][0]
    session.takes_sign_ups = True
    session.draft_room = None  # something to release
    session.save(update_fields=["takes_sign_ups", "draft_room"])
    for person in people.values():  # whose addresses _invite verifies
        delegate = DelegateFactory(conference=here.rows["conferences.conference"][0], email=person.email)
        VisaInvitationFactory(delegate=delegate, status="issued", issued_at=MOMENT)
        speaker = SpeakerFactory(conference=here.rows["conferences.conference"][0], email=person.email)
        ParticipationFactory(session=session, speaker=speaker)
        SignUp.objects.create(
            session=session, delegate=delegate, status="offered", signed_up_at=MOMENT, confirm_by=MOMENT + timedelta(hours=48)
        )
    tokens = {caller: session_token(person) for caller, person in people.items()}
    uninvited = application_in("submitted", fair=here.fair, company=CompanyFactory(region=here.company.region)).company
    CompanyContactFactory(company=uninvited)
    file = keep(upload(pdf(), "seed.pdf"), kinds=list(FileKind), by=None, now=MOMENT)
    seeds = Seeds(world, people, tokens, new_company, _invite(people), uninvited, file)
    for caller, person in people.items():
        speaker = Speaker.objects.get(email=person.email)
        own = upload_slides(speaker_id=speaker.pk, session_id=session.pk, file=upload(pdf(), "own.pdf"), by=person, now=MOMENT)
        seeds.slides[caller] = own.pk
    for step in STEPS:
        seeds.open_to[step] = _open_to(step, here, owner)
    draft = seeds.open_to[Step.SUBMIT]
    seeds.of_the_draft = {word: PARTS[f"applications/{word}"](draft, "Draft") for word in ("products", "represented-companies")}
    seeds.runs = _allocate(here)
    QuestionFactory(fair=here.fair, code="refrigerated-transport", type=QuestionType.YES_NO)  # the one of the example
    question = QuestionFactory(fair=here.fair, code=QUESTION, type=QuestionType.FILE)
    value = {"name": file.original_name, "size": file.size}
    Answer.objects.create(application=draft, question=question, file=file, value=value, answered_at=MOMENT)
    return seeds


def _allocate(here: Corner) -> dict[str, Any]:
    """The world's proposal places somebody; a run that waits can be cancelled, and offers that have a moment called off."""
    line = ProposalLine.objects.filter(pk=here.part("allocation-runs/lines").pk)
    line.update(stand=stand_at(here.rows["fairs.site"][0], outline=square(18, 21)))
    waiting, dated = (AllocationRun.objects.create(fair=here.fair, created_at=MOMENT, **columns) for columns in ({}, DONE_RUN))
    Proposal.objects.create(run=dated, created_at=MOMENT, publish_at=MOMENT + timedelta(days=1))
    return {"allocation_runs_cancel": waiting, "allocation_runs_call_off": dated}


def _invite(people: dict[str, Any]) -> dict[str, str]:
    codes = {caller: f"7K2QD-9XW4R-M3TNA-PZ5H8-V6CJE-{number}BYGS" for number, caller in enumerate(people, 1)}
    for caller, code in codes.items():
        EmailAddress.objects.create(user=people[caller], email=people[caller].email, verified=True)
        CompanyInvitationFactory(email=people[caller].email, code_hash=hash_of(code))
    return codes


def _open_to(step: Step, here: Corner, owner: Any) -> Application:
    """A complete application of the owner's, in a state that the step begins from."""
    status = BEGINS.get(step, STEPS[step][0])
    application = application_in(status, fair=here.fair, company=CompanyFactory(region=here.company.region))
    CompanyMemberFactory(company=application.company, user=owner)
    CompanyContactFactory(company=application.company)
    application.company.categories.set(application.categories.all())
    if step == Step.TAKE_BACK:
        applications.admit(application_id=application.pk, by=None, now=MOMENT, hold=True)
    if step == Step.CLOSE_MOVE:
        moves.request_move(application_id=application.pk, by=None, now=MOMENT, reason="More room.")
    return application
