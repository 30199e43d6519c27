"""The product's settings without the limit on writes, which one client of a benchmark would reach in a second."""

from config.settings import *  # noqa: F403
from config.settings import REST_FRAMEWORK

REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anonymous-write": "1000000/min", "write": "1000000/min"}}
