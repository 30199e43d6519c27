"""The description says what every operation can answer, and warns about nothing."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema


@pytest.fixture
def schema(db):
    GENERATOR_STATS.reset()
    made = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, "the description warns"
    return made


def names(operation):
    return {parameter["name"] for parameter in operation["parameters"]}


def test_it_is_valid(schema):
    validate_schema(schema)
    assert schema["openapi"] == "3.1.1"


def test_a_creating_post(schema):
    operation = schema["paths"]["/api/v1/groups/"]["post"]
    assert {"lang", "Accept-Language", "Idempotency-Key"} <= names(operation)
    assert set(operation["responses"]) == {"201", "400", "403", "409", "413", "415", "422", "429"}
    assert operation["tags"] == ["groups"]
    content = operation["responses"]["422"]["content"]
    assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_a_conditional_object(schema):
    operations = schema["paths"]["/api/v1/groups/{id}/"]
    assert "If-None-Match" in names(operations["get"])
    assert set(operations["get"]["responses"]) == {"200", "304", "400", "404"}
    assert "ETag" in operations["get"]["responses"]["200"]["headers"]
    for method in ("put", "patch", "delete"):
        assert "If-Match" in names(operations[method])
        assert {"412", "428", "404", "409", "429"} <= set(operations[method]["responses"])


def test_a_private_list(schema):
    assert set(schema["paths"]["/api/v1/private/"]["get"]["responses"]) == {"200", "400", "401", "403", "404"}
    assert schema["paths"]["/api/v1/private/"]["get"]["security"] == [{"sessionToken": []}, {"cookie": []}]


def test_a_public_list_has_a_tag(schema):
    assert {"If-None-Match", "page", "page_size", "lang"} <= names(schema["paths"]["/api/v1/groups/"]["get"])


def test_a_strict_request_takes_nothing_else(schema):
    assert schema["components"]["schemas"]["GroupRequest"]["additionalProperties"] is False
    assert "additionalProperties" not in schema["components"]["schemas"]["Group"]


def test_a_translated_text_is_a_string_or_an_object(schema):
    written = schema["components"]["schemas"]["EchoRequest"]["properties"]["text"]["oneOf"]
    assert schema["components"]["schemas"]["Echo"]["properties"]["text"] == {"$ref": "#/components/schemas/Text"}
    read = schema["components"]["schemas"]["Text"]["oneOf"]
    assert written[0] == {"type": "string", "maxLength": 10}
    assert set(written[1]["properties"]) == {"ru", "zh-hans", "en"}
    assert read[1]["required"] == ["ru", "zh-hans", "en"]


@pytest.mark.django_db
def test_both_pages_answer(client):
    assert client.get("/api/v1/schema/").status_code == 200
    assert client.get("/api/v1/schema/?lang=all").status_code == 200
    page = client.get("/api/v1/docs/", headers={"Accept": "text/html"})
    assert (page.status_code, "swagger-ui-bundle.js" in page.content.decode()) == (200, True)
    assert "<script>" not in page.content.decode()
    assert client.get("/api/v1/docs/?script=")["Content-Type"].startswith("application/javascript")
