import pytest

from tests.conferences.exports.world import World, build


@pytest.fixture
def world(db: None) -> World:
    return build()
