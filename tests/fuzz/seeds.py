"""What the fuzzing stands on: the two fairs of tests/roles, and for each operation an address and a body with which it succeeds."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from schemathesis.transport.serialization import Binary

from api.file_kinds import FileKind
from api.file_links import file_path
from api.files import keep
from api.models import StoredFile
from conferences.domain.delegates import hash_of
from exhibitors.enums import STEPS, QuestionType
from exhibitors.models import Answer, Application, Company
from tests.conftest import MOMENT
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.conferences import DelegateFactory
from tests.factories.exhibitors import CompanyContactFactory, CompanyFactory, CompanyMemberFactory, QuestionFactory
from tests.factories.fairs import square
from tests.roles.operations import Operation
from tests.roles.tokens import session_token
from tests.roles.world import World, build
from tests.uploaded import pdf, upload

# Who asks, as tests/roles/expectations.py calls them.
PERSONAS = ("company owner", "owner")
# What an exhibitor may change as long as the application is a draft.
ON_A_DRAFT = {"applications_partial_update", "file_answers_create", "file_answers_retrieve"}
# What a file in the address or the body opens, which tests/roles/expectations.py has no file for.
WITH_A_FILE = {"files_retrieve", "file_answers_retrieve", "applications_documents_create"}
QUESTION = "a-file"
FORM = "multipart/form-data"
CODE = "K7QX-2M4P-9TRD"  # the one of the example: whoever has it confirms


@dataclass
class Seeds:
    world: World
    people: dict[str, Any]
    tokens: dict[str, str]
    new_company: dict[str, Company]  # that has not applied yet and may, by who asks
    uninvited: Company  # that nobody acts for
    file: StoredFile
    open_to: dict[str, Application] = field(default_factory=dict)  # by the step that it may take

    def path_parameters(self, operation: Operation, caller: str) -> dict[str, Any]:
        found = operation.values(self.world.here)
        application = self._application(operation)
        own: dict[str, Any] = {
            **({"id": application.pk} if application else {}),
            **({"id": self.uninvited.pk} if operation.last_word == "invite-contact" else {}),
            **({"code": QUESTION} if "code" in found else {}),
            **({"token": self._link(caller)} if "token" in found else {}),
        }
        return {**found, **own}

    def _link(self, caller: str) -> str:
        """Signed for the caller a moment ago."""
        return file_path(self.file, user=self.people[caller]).rstrip("/").rpartition("/")[2]

    def _application(self, operation: Operation) -> Application | None:
        """The one in the address where it may not be just any."""
        return self.open_to.get("submit" if operation.name in ON_A_DRAFT else operation.last_word)

    def body(self, operation: Operation, caller: str) -> Any:
        """The example with ids that exist; None where there is no body."""
        if operation.content is None:
            return None
        body = operation.filled_example(self.world.here)
        application = self._application(operation)
        if application and "stand" in body:
            body["stand"] = self._stand(application)
        if application and "placement" in body:
            del body["placement"]  # one offer is open
        if operation.name == "applications_create":
            body["company"] = self.new_company[caller].pk
        return body

    def file_body(self) -> dict[str, Any]:
        """What is taken wherever a file is handed in."""
        return {"file": Binary(pdf())}

    def _stand(self, application: Application) -> int:
        return stand_at(site_of(application.fair), outline=square(21, 21)).pk


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
    tokens = {caller: session_token(person) for caller, person in people.items()}
    uninvited = application_in("submitted", fair=here.fair, company=CompanyFactory(region=here.company.region)).company
    CompanyContactFactory(company=uninvited)
    file = keep(upload(pdf(), "seed.pdf"), kinds=list(FileKind), by=None, now=MOMENT)
    seeds = Seeds(world, people, tokens, new_company, uninvited, file)
    for step, origins in STEPS.items():
        application = application_in(origins[0], fair=here.fair, company=CompanyFactory(region=here.company.region))
        CompanyMemberFactory(company=application.company, user=owner)
        CompanyContactFactory(company=application.company)
        application.company.categories.set(application.categories.all())
        seeds.open_to[step.value] = application
    question = QuestionFactory(fair=here.fair, code=QUESTION, type=QuestionType.FILE)
    value = {"name": file.original_name, "size": file.size}
    Answer.objects.create(application=seeds.open_to["submit"], question=question, file=file, value=value, answered_at=MOMENT)
    return seeds
