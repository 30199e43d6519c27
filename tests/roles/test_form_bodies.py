"""Requests with a file: strangers' codes in their fields, and fields that nobody may write."""

from tempfile import TemporaryDirectory
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from rest_framework.test import APIClient

from exhibitors.enums import QuestionType
from exhibitors.models import Application
from tests.cases import case
from tests.factories.conferences import ParticipationFactory, SpeakerFactory
from tests.factories.exhibitors import DocumentRequirementFactory, QuestionFactory
from tests.roles.base import RolesTestCase, unchanged
from tests.roles.expectations_bodies import READERS
from tests.roles.operations import Operation, described, operations
from tests.roles.test_api import OURS
from tests.roles.world import Corner
from tests.uploaded import pdf

FORM = "multipart/form-data"
# What a field of this name names: from a fair's corner the value of a row there.
REFERENCES = {
    "requirement": lambda corner: corner.fair.document_requirements.get(code__startswith="each-site").code,
    "site": lambda corner: corner.rows["fairs.site"][0].slug,
    "session": lambda corner: corner.rows["conferences.session"][0].code,
}
# Fields that name nothing.
PLAIN = {"file", "title", "valid_until"}


def form_operations() -> list[Operation]:
    return [operation for operation in operations(with_body_only=False) if operation.kinds == [FORM]]


def fields_of(operation: Operation) -> set[str]:
    told = described()["paths"][f"/api/v1/{operation.path}"][operation.method.lower()]
    name = told["requestBody"]["content"][FORM]["schema"]["$ref"].rpartition("/")[2]
    return set(described()["components"]["schemas"][name]["properties"])


class FormBodiesTest(RolesTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for number, corner in enumerate((cls.world.here, cls.world.there)):
            DocumentRequirementFactory(fair=corner.fair, code=f"each-site-{number}", per_site=True, kinds=["pdf"])
            QuestionFactory(fair=corner.fair, code=f"file-{number}", type=QuestionType.FILE)

    def setUp(self) -> None:
        super().setUp()
        application = self.world.here.rows["exhibitors.application"][0]
        Application.objects.filter(pk=application.pk).update(status="draft", told_status="draft")
        self.people = {caller: self.world.person(caller) for caller in READERS}
        session = self.world.here.rows["conferences.session"][0]
        for person in self.people.values():  # each is on the programme
            EmailAddress.objects.create(user=person, email=person.email, verified=True)
            ParticipationFactory(session=session, speaker=SpeakerFactory(conference=session.conference, email=person.email))

    def send(self, operation: Operation, caller: str, _question: str = "file-0", **fields: Any) -> tuple[int, bytes]:
        client = APIClient()
        client.force_authenticate(self.people[caller])
        body = {"file": SimpleUploadedFile("a.pdf", pdf()), **fields}
        media = override_settings(MEDIA_ROOT=self.enterContext(TemporaryDirectory()))
        with case(f"{caller}: {operation.name} {fields}"), media:
            url = operation.url(self.world.here).replace("0" * 43, _question)
            answer = client.post(url, body, format="multipart")
            return answer.status_code, answer.content.replace(_question.encode(), b"(the code)")

    def example(self, operation: Operation, corner: Corner) -> dict[str, Any]:
        return {name: value(corner) for name, value in REFERENCES.items() if name in fields_of(operation)}

    def test_every_field_is_declared(self) -> None:
        assert set().union(*(fields_of(operation) for operation in form_operations())) == {*REFERENCES, *PLAIN}

    def test_somebody_elses_code_answers_as_an_unknown_one(self) -> None:
        here, there = self.world.here, self.world.there
        for operation in form_operations():
            for name in self.example(operation, here):
                reached = False
                for caller in READERS:
                    own = self.example(operation, here)
                    answers = {
                        kind: self.send(operation, caller, **{**own, name: value})
                        for kind, value in (("own", own[name]), ("strange", REFERENCES[name](there)), ("unknown", "no-such-thing"))
                    }
                    assert answers["strange"] == answers["unknown"], (operation.name, name, caller)
                    reached = reached or (answers["own"][0] == 201 and answers["unknown"][0] == 400)
                assert reached, (operation.name, name)

    def test_somebody_elses_question_answers_as_an_unknown_one(self) -> None:
        (operation,) = [operation for operation in form_operations() if operation.name == "file_answers_create"]
        for caller in READERS:
            strange, unknown = (self.send(operation, caller, code) for code in ("file-1", "no-such-thing"))
            assert strange == unknown
            assert strange[0] in (400, 403)
        assert self.send(operation, "company owner")[0] == 201

    def test_no_field_that_is_only_read_can_be_written(self) -> None:
        """Every column of every model of ours, sent along with what would be taken by itself."""
        columns = {name for model in OURS for column in model._meta.concrete_fields for name in (column.name, column.attname)}
        with unchanged(*OURS):
            for operation in form_operations():
                thrown = dict.fromkeys(sorted(columns - fields_of(operation)), "1")
                status, content = self.send(operation, "company owner", **self.example(operation, self.world.here), **thrown)
                assert status == 400
                assert not [name for name in thrown if f'"/{name}"'.encode() not in content]
