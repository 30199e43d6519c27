"""Both frab exports against the published schemas; ``.ci/run`` says where they are (tools/check_frab.py)."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
from rest_framework.test import APIClient

from tests.conferences.exports.world import World

FOLDER = os.environ.get("FRAB_SCHEMAS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="FRAB_SCHEMAS names no folder: .ci/run looks for one")


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_the_xml(api: APIClient, world: World, language: str) -> None:
    import xmlschema

    schema = xmlschema.XMLSchema(str(Path(FOLDER) / "schedule.xml.xsd"))
    answer = api.get(world.url("schedule.xml"), {"lang": language})
    schema.validate(answer.content.decode())
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema.validate(answer.content.decode().replace("<persons>", "<people>").replace("</persons>", "</people>"))


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_the_json(api: APIClient, world: World, language: str) -> None:
    schema = json.loads((Path(FOLDER) / "schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
    answer = api.get(world.url("schedule.json"), {"lang": language}).json()
    assert [error.message for error in validator.iter_errors(answer)] == []
    first_room = next(iter(answer["schedule"]["conference"]["days"][0]["rooms"].values()))
    del first_room[0]["guid"]
    assert not validator.is_valid(answer)
