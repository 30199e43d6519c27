"""The description of the whole API: somebody who knows nothing else can build a portal on it."""

import json
import re
from importlib import import_module
from pathlib import Path

import drf_spectacular.validation
import jsonschema_rs
import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from jsonschema import Draft202012Validator, FormatChecker

from api import examples as api_examples
from config.openapi import TAGS
from exhibitors.enums import PEOPLE_STEPS


@pytest.fixture(scope="module")
def schema():
    GENERATOR_STATS.reset()
    made = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, "the description warns"
    return made


@pytest.fixture(scope="module")
def operations(schema):
    return {(method, path): operation for path, methods in schema["paths"].items() for method, operation in methods.items()}


def test_it_is_valid(schema):
    """By the OpenAPI 3.1 schema that drf-spectacular brings, with a faster validator than its own."""
    openapi_3_1 = json.loads(Path(drf_spectacular.validation.__file__).with_name("openapi_3_1_schema.json").read_bytes())
    served = json.loads(OpenApiJsonRenderer().render(schema))
    is_valid = jsonschema_rs.validator_for(openapi_3_1)
    is_valid.validate(served)
    served["paths"]["/api/v1/fairs/"]["get"]["parameters"].append({"name": "nowhere"})
    assert not is_valid.is_valid(served)


def test_every_operation_has_an_id_of_its_own(operations):
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(set(ids)) == len(ids)
    assert not [name for name in ids if not re.fullmatch("[a-z][a-z_]+", name)]


def test_every_operation_stands_under_one_known_heading(operations):
    known = [name for name, _text in TAGS]
    assert {path: operation["tags"] for (_method, path), operation in operations.items() if operation["tags"][0] not in known} == {}
    assert {len(operation["tags"]) for operation in operations.values()} == {1}
    assert {operation["tags"][0] for operation in operations.values()} == set(known)


def test_every_operation_says_in_sentences_what_it_does(operations):
    texts = {key: operation.get("description", "") for key, operation in operations.items()}
    assert {key: text for key, text in texts.items() if not re.fullmatch(r"[A-Z].{12,}\.", text, re.DOTALL)} == {}
    assert {key: text for key, text in texts.items() if "``" in text} == {}
    assert len({operation["summary"] for operation in operations.values()}) == len(operations)


def test_every_parameter_is_typed_and_told(operations):
    parameters = [(key, parameter) for key, operation in operations.items() for parameter in operation["parameters"]]
    assert [(key, found["name"]) for key, found in parameters if "type" not in found["schema"]] == []
    silent = {(key, found["name"]) for key, found in parameters if not found.get("description")}
    assert {pair for pair in silent if pair[1] not in ("page", "page_size")} == set()
    ids = [found["schema"]["type"] for _key, found in parameters if found["in"] == "path" and found["name"] == "id"]
    assert set(ids) == {"integer"}


def test_every_path_with_a_name_in_it_may_lead_nowhere(operations):
    assert [key for key, operation in operations.items() if "{" in key[1] and "404" not in operation["responses"]] == []


def test_every_step_has_a_path_and_may_come_too_late(operations):
    for step in PEOPLE_STEPS:
        operation = operations["post", f"/api/v1/fairs/{{fair}}/applications/{{id}}/{step.value}/"]
        assert {"200", "400", "401", "403", "404", "409"} <= set(operation["responses"])


def test_components_are_named_by_the_field(schema):
    names = set(schema["components"]["schemas"])
    assert {"Text", "Lines", "Problem", "StepEnum", "StaffRoleEnum", "CompanyRoleEnum", "SessionRoleEnum"} <= names
    assert [name for name in names if re.search(r"[0-9A-F]{3}Enum$", name)] == []
    assert [
        name for name, found in schema["components"]["schemas"].items() if "refuses what it does not" in found.get("description", "")
    ] == []


def test_what_is_always_answered_is_required(schema):
    company, application = (schema["components"]["schemas"][name] for name in ("Company", "Application"))
    assert set(company["required"]) == set(company["properties"])
    assert set(application["properties"]) - set(application["required"]) == {
        "responsible",
        "held",
        "held_stands",
        "answers",
        "not_taken",
        "warnings",
    }
    assert company["properties"]["region"]["type"] == ["string", "null"]


def bodies(operation):
    """Each content of an operation that wants an example: what it takes, and what it answers as JSON when all is well."""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"request {kind}", content
    for status, answer in operation["responses"].items():
        if status.startswith("2") and "application/json" in answer.get("content", {}):
            yield f"response {status}", answer["content"]["application/json"]


def test_every_operation_has_an_example(operations):
    missing = [
        (operation["operationId"], name)
        for operation in operations.values()
        for name, content in bodies(operation)
        if "example" not in content
    ]
    assert missing == [], "write it in the app's api/examples"


def test_every_example_fits_its_own_schema(schema, operations):
    wrong = {
        (operation["operationId"], name): found
        for operation in operations.values()
        for name, content in bodies(operation)
        if "example" in content and (found := complaints(content, schema))
    }
    assert wrong == {}


def complaints(content, schema):
    described = {**content["schema"], "components": schema["components"]}
    validator = Draft202012Validator(described, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(content["example"])]


def test_every_example_belongs_to_an_operation(operations):
    known = {operation["operationId"] for operation in operations.values()}
    written = [*api_examples.EXAMPLES]
    for name in ("accounts", "fairs", "exhibitors", "allocations", "conferences"):
        written += import_module(f"{name}.api.examples").EXAMPLES
    assert sorted(set(written) - known) == []
    assert len(set(written)) == len(written)
