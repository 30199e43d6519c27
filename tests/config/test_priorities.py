"""What somebody waits for at a screen stands in no line behind a mailing, on either broker."""

import pytest
from django.conf import settings
from kombu import Connection

from config.celery import app

TASKS = ("deliver_letters", "deliver_letter", "sweep_letters")


@pytest.fixture
def channel(tmp_path):
    options = dict(app.conf.broker_transport_options)
    if not settings.REDIS_URL:
        folders = {name: tmp_path / name for name in ("data_folder_in", "control_folder", "processed_folder")}
        for folder in folders.values():
            folder.mkdir()
        folders["data_folder_out"] = folders["data_folder_in"]
        options |= {name: str(folder) for name, folder in folders.items()} | {"store_processed": True}
    with Connection(app.conf.broker_url, transport_options=options) as connection:
        yield connection.default_channel


def test_batches_of_letters_come_out_last(channel):
    for name in TASKS:
        priority = app.amqp.router.route({}, f"notifications.tasks.{name}").get("priority")
        channel._put("priorities", {"name": name, "properties": {"priority": priority}})
    come_out = [channel._get("priorities")["name"] for _turn in TASKS]
    assert come_out[-1] == "deliver_letters"
    assert sorted(come_out) == sorted(TASKS)
