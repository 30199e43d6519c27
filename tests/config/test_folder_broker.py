"""The folder that is the broker by default: many write, one reads, and nobody finds half a message."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from config import folder_broker
from config.celery import app

WRITERS, EACH = 4, 50


@pytest.fixture
def channel(tmp_path):
    assert app.conf.broker_url
    for name in ("messages", "control", "processed"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
        "processed_folder": str(tmp_path / "processed"),
        "store_processed": True,
    }
    with Connection("folder://localhost", transport_options=options) as connection:
        assert isinstance(connection.default_channel, folder_broker.Channel)
        yield connection.default_channel


def test_messages_come_out_as_they_went_in_and_in_their_order(channel):
    channel._put("celery", {"text": "Ярмарка"})
    channel._put("other", {"text": "x"})
    assert channel._get("celery") == {"text": "Ярмарка"}
    with pytest.raises(Empty):
        channel._get("celery")


def test_who_reads_while_others_write_never_finds_half_a_message(channel):
    wanted = {f"{writer}:{number}" for writer in range(WRITERS) for number in range(EACH)}

    def write(writer):
        for number in range(EACH):
            channel._put("celery", {"name": f"{writer}:{number}"})

    found = set()
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, writer) for writer in range(WRITERS)]
        while len(found) < len(wanted):
            try:
                found.add(channel._get("celery")["name"])
            except Empty:
                if all(one.done() for one in writing) and not any(Path(channel.data_folder_in).iterdir()):
                    break
        for one in writing:
            one.result()
    assert found == wanted


def test_what_is_being_written_is_no_message_yet(channel, monkeypatch):
    seen = []
    replace = Path.replace

    def looking(*given):
        with pytest.raises(Empty):
            channel._get("celery")
        seen.append(True)
        return replace(*given)

    monkeypatch.setattr(Path, "replace", looking)
    channel._put("celery", {"a": 1})
    assert seen
    assert channel._get("celery") == {"a": 1}


def test_a_folder_that_takes_nothing_is_a_broker_that_is_away(channel, monkeypatch):
    def full(*_given):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ChannelError):
        channel._put("celery", {"a": 1})
