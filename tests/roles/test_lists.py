"""What the lists of the API may be asked: no question reaches a column that the reader cannot read, or a row that the list leaves out."""

from collections import defaultdict
from functools import cache
from typing import Any

from django.db.models import CharField, TextField
from rest_framework.test import APIClient

from accounts.models import User
from api.text import fold
from fairs.enums import StaffRole
from tests.cases import case
from tests.factories.exhibitors import ApplicationFactory
from tests.roles.base import RolesTestCase
from tests.roles.operations import Operation, described, operations
from tests.roles.test_api import OURS

READERS = ("company owner", "owner", "regional_coordinator", "check_in")
LONGEST_SEARCH = 200  # a longer one is refused
OF_EVERY_LIST = {"lang", "page", "page_size"}
# What each list may be narrowed and sorted by: all of it stands in the rows that the reader gets. A new parameter has to be looked at here.
PARAMETERS: dict[str, set[str]] = {
    "allocation_runs_lines_list": {"gone", "placed", "site"},
    "applications_documents_list": {"current", "requirement", "state"},
    "applications_list": {
        *("category", "company", "held", "late", "moving", "ordering", "pavilion", "region", "responsible", "search", "site", "status")
    },
    "companies_list": {"category", "country", "fair", "mine", "region", "search"},
    "conferences_delegates_list": {"kind", "search", "status"},
    "conferences_draft_sessions_list": {"placed"},
    "conferences_draft_speakers_list": {"answer", "invited"},
    "conferences_sessions_list": {"day", "kind", "language", "room", "search", "track"},
    "conferences_speakers_list": {"search"},
    "exhibitors_list": {"category", "hall", "ordering", "region", "search", "site"},
    "stands_list": {"building", "hall", "kind", "site", "status", "uses", "zone"},
}
QUESTIONS = (
    "company__members__user__password__startswith",
    "user__password__startswith",
    "code_hash__startswith",
    "fair__staff__user__email",
    "id__gt",
    "order_by",
    "sort",
    "o",
    "q",
    "fields",
)
SORTED_BY = ("password", "-company__members__user__password", "company__inn", "?", "code_hash", "told_status")


@cache
def lists() -> list[Operation]:
    found = operations(with_body_only=False)
    return [operation for operation in found if operation.method == "GET" and "page" in _names(operation)]


def _names(operation: Operation) -> set[str]:
    return set(_schemas(operation))


def _schemas(operation: Operation) -> dict[str, dict[str, Any]]:
    """What the description says of each parameter of the query."""
    told = described()["paths"][f"/api/v1/{operation.path}"]["get"]
    return {parameter["name"]: parameter["schema"] for parameter in told.get("parameters", []) if parameter["in"] == "query"}


def two_values(schema: dict[str, Any]) -> list[str]:
    one = schema.get("items", schema)
    if "enum" in one:
        return one["enum"][:2]
    if one.get("format") == "date":
        return ["2030-05-01", "2030-05-02"]
    return {"integer": ["1", "2"], "boolean": ["true", "false"]}.get(one["type"], ["03", "RU"])


class ListsTest(RolesTestCase):
    def client_of(self, caller: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(self.world.person(caller))
        return client

    def asked(self, client: APIClient, operation: Operation, **query: Any) -> Any:
        return client.get(operation.url(self.world.here), {"lang": "all", "page_size": 250, **query})

    def test_every_parameter_is_declared(self) -> None:
        found = {operation.name: _names(operation) - OF_EVERY_LIST for operation in lists()}
        assert {name: names for name, names in found.items() if names} == PARAMETERS

    def test_other_questions_are_refused(self) -> None:
        """All at once, and each is named in the refusal; of a list that is sorted otherwise each order is asked."""
        asked: set[str] = set()
        for caller in READERS[:2]:
            client = self.client_of(caller)
            for operation in lists():
                with case(f"{caller}: {operation.name}"):
                    is_sorted = "ordering" in PARAMETERS.get(operation.name, ())
                    strange = QUESTIONS if is_sorted else (*QUESTIONS, "ordering")
                    refused = self.asked(client, operation, **dict.fromkeys(strange, "a"))
                    if refused.status_code in (403, 404):
                        continue  # who may not see the list learns nothing of what it takes
                    asked.add(operation.name)
                    assert refused.status_code == 400
                    found = [(error["parameter"], error["code"]) for error in refused.json()["errors"]]
                    assert sorted(found) == sorted((name, "unknown_parameter") for name in strange)
                    for value in SORTED_BY if is_sorted else ():
                        assert self.asked(client, operation, ordering=value).status_code == 400, value
        assert asked == {operation.name for operation in lists()}

    def test_a_parameter_given_twice_means_both_or_is_refused_by_name(self) -> None:
        """What the description calls a list takes both and finds what each finds; of all else no value is passed over.

        A list reads its parameters alike for everybody: each is asked by one of those who may see it, in turn.
        """
        clients = {caller: self.client_of(caller) for caller in READERS}
        for turn, operation in enumerate(lists()):
            callers = [*READERS[turn % len(READERS) :], *READERS]
            caller = next((caller for caller in callers if self.asked(clients[caller], operation).status_code == 200), "")
            assert caller, operation.name
            url, client = operation.url(self.world.here), clients[caller]
            values = {name: two_values(schema) for name, schema in _schemas(operation).items()}
            several = {name for name, schema in _schemas(operation).items() if schema.get("type") == "array"}
            with case(f"{caller}: {operation.name}"):
                for name in several:
                    both = client.get(url, {name: values[name], "page_size": 250})
                    assert both.status_code == 200, name
                    rows, narrowed = self.rows_and_filters(both)
                    apart = [narrowed[name].filter(rows, narrowed[name].field.clean([value])) for value in values[name]]
                    assert {row["id"] for row in both.json()["results"]} == {row.pk for found in apart for row in found}, name
                refused = client.get(url, values)
                assert refused.status_code == 400
                errors = sorted((error["parameter"], error["code"]) for error in refused.json()["errors"])
                assert errors == sorted((name, "repeated") for name in values.keys() - several)

    def test_a_fair_that_the_reader_does_not_work_on_tells_nothing_of_who_applies_there(self) -> None:
        here, there = self.world.here, self.world.there
        ApplicationFactory(fair=there.fair, company=here.company, submitted=True)
        for caller in ("owner", "regional_coordinator"):
            client = self.client_of(caller)
            assert here.company.pk in {row["id"] for row in client.get("/api/v1/companies/", {"fair": here.fair.slug}).json()["results"]}
            elsewhere = client.get("/api/v1/companies/", {"fair": there.fair.slug}).json()["results"]
            assert here.company.pk not in {row["id"] for row in elsewhere}, caller

    def test_a_search_finds_nothing_by_a_word_that_its_reader_cannot_read(self) -> None:
        """Staff search the same columns: of a second of them only the words are asked that the first can read."""
        columns = self.words_in_the_tables()
        asked: dict[tuple[bool, str], set[str]] = defaultdict(set)
        for caller in READERS:
            client = self.client_of(caller)
            answers = {operation.name: self.asked(client, operation) for operation in lists()}
            hidden = self.a_hidden_word_of_each(columns, fold(self.all_that_is_read(client, answers)))
            assert len(hidden) > 20, "the world hides nothing: the test shows nothing"
            for operation in lists():
                if "search" not in PARAMETERS.get(operation.name, ()) or answers[operation.name].status_code != 200:
                    continue
                words = set(hidden) - asked[caller in StaffRole.values, operation.name]
                asked[caller in StaffRole.values, operation.name] |= words
                with case(f"{caller}: {operation.name}"):
                    assert self.found(client, operation, words) == set()

    def found(self, client: APIClient, operation: Operation, words: set[str]) -> set[str]:
        """Those of the words by which the list finds something: one over HTTP, and the others by the filter of the view that answered."""
        first, *others = sorted(words) or ["nothing"]
        answer = client.get(operation.url(self.world.here), {"search": first[:LONGEST_SEARCH]})
        found = {first} if answer.json()["count"] else set()
        rows, filters = self.rows_and_filters(answer)
        search = filters["search"]
        return found | {word for word in others if search.filter(rows, search.field.clean(word[:LONGEST_SEARCH])).exists()}

    def rows_and_filters(self, answer: Any) -> tuple[Any, Any]:
        """What the view that answered chose from, and by what: to be asked again without a request."""
        view = answer.renderer_context["view"]
        rows = view.get_queryset()
        return rows, view.filterset_class({}, rows, request=view.request).filters

    def all_that_is_read(self, client: APIClient, answers: dict[str, Any]) -> str:
        """The lists and, of each of their companies, its own page."""
        ids = {row["company"] for row in answers["applications_list"].json()["results"]}
        read = [*answers.values(), *(client.get(f"/api/v1/companies/{pk}/", {"lang": "all"}) for pk in ids)]
        return "\n".join(answer.content.decode() for answer in read if answer.status_code == 200)

    def words_in_the_tables(self) -> list[set[str]]:
        """The words of each column of our tables, whoever the row belongs to."""
        found = []
        for model in (User, *OURS):
            for column in model._meta.concrete_fields:
                if isinstance(column, (CharField, TextField)):
                    texts = [text for text in model._default_manager.values_list(column.name, flat=True) if isinstance(text, str)]
                    found.append({word for text in texts for word in fold(text).split() if len(word) > 3})
        return found

    def a_hidden_word_of_each(self, columns: list[set[str]], readable: str) -> list[str]:
        """A search reads columns, not rows: the last word of each that its reader cannot read, each once."""
        hidden = [[word for word in words if word not in readable] for words in columns]
        return sorted({max(words) for words in hidden if words})
