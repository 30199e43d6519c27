"""The product's settings without the limit on writes, which one client of a benchmark would reach in a second.

BENCH_BROKER: the folder for the hints to workers, which nobody takes: in the checkout's own the demo would find them.
"""

import os
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import CELERY_BROKER_TRANSPORT_OPTIONS, REST_FRAMEWORK

REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anonymous-write": "1000000/min", "write": "1000000/min"}}
_folders = {name: Path(os.environ["BENCH_BROKER"]) / name for name in ("messages", "control")}
for _folder in _folders.values():
    _folder.mkdir(exist_ok=True)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "data_folder_in": str(_folders["messages"]),
    "data_folder_out": str(_folders["messages"]),
    "control_folder": str(_folders["control"]),
}
