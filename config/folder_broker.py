"""The embedded broker: Celery's folder of messages, in which a message is seen whole or not at all."""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "folder"


class Channel(filesystem.Channel):
    """Kombu's own writes into a file that a worker may take before there is anything in it, which ends the worker, and knows no priorities.

    Messages are read in the order of their names: 0 comes first, as on Redis.
    """

    def _put(self, queue: str, payload: Any, **_given: Any) -> None:
        priority = self._get_message_priority(payload, reverse=False)
        name = f"{priority}_{round(monotonic() * 1000):015}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.unfinished"
        try:
            unfinished.write_text(dumps(payload), encoding="utf-8")
            unfinished.replace(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot write the message {name}.") from error


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Let broker addresses that begin with ``folder://`` lead here."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
