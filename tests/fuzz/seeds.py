"""What the fuzzing stands on: the two fairs of tests/roles, and for each operation an address and a body with which it succeeds."""

from dataclasses import dataclass, field
from typing import Any

from conferences.domain.delegates import hash_of
from exhibitors.enums import STEPS
from exhibitors.models import Application, Company
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.conferences import DelegateFactory
from tests.factories.exhibitors import CompanyContactFactory, CompanyFactory, CompanyMemberFactory
from tests.factories.fairs import square
from tests.roles.operations import Operation
from tests.roles.tokens import session_token
from tests.roles.world import World, build

# Who asks, as tests/roles/expectations.py calls them.
PERSONAS = ("company owner", "owner")
CODE = "K7QX-2M4P-9TRD"  # the one of the example: whoever has it confirms


@dataclass
class Seeds:
    world: World
    tokens: dict[str, str]
    new_company: Company  # that has not applied yet
    open_to: dict[str, Application] = field(default_factory=dict)  # by the step that it may take

    def path_parameters(self, operation: Operation) -> dict[str, Any]:
        found = operation.values(self.world.here)
        application = self.open_to.get(operation.last_word)
        return {**found, "id": application.pk} if application else found

    def body(self, operation: Operation) -> Any:
        """The example with ids that exist; None where there is no body."""
        if operation.content is None:
            return None
        body = operation.filled_example(self.world.here)
        application = self.open_to.get(operation.last_word)
        if application and "stand" in body:
            body["stand"] = self._stand(application)
            for name in ("first_day", "last_day"):
                body.pop(name, None)
        if application and "placement" in body:
            del body["placement"]  # one offer is open
        if operation.name == "applications_create":
            body["company"] = self.new_company.pk
        for site in body.get("sites", ()) if isinstance(body, dict) else ():
            for name in ("first_day", "last_day"):
                site.pop(name, None)
        return body

    def _stand(self, application: Application) -> int:
        return stand_at(site_of(application.fair), outline=square(21, 21)).pk


def sow() -> Seeds:
    world = build()
    here = world.here
    owner = world.person(PERSONAS[0])
    new_company = CompanyMemberFactory(user=owner, company__region=here.company.region).company
    DelegateFactory(conference=here.rows["conferences.conference"][0], email="code@example.com", code_hash=hash_of(CODE))
    seeds = Seeds(world, {caller: session_token(world.person(caller)) for caller in PERSONAS}, new_company)
    for step, origins in STEPS.items():
        application = application_in(origins[0], fair=here.fair, company=CompanyFactory(region=here.company.region))
        CompanyMemberFactory(company=application.company, user=owner)
        CompanyContactFactory(company=application.company)
        application.company.categories.set(application.categories.all())
        seeds.open_to[step.value] = application
    return seeds
