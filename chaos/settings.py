"""The product's settings with throttles out of reach: what is raced is what lies behind them.

CHAOS_SECONDS_A_MINUTE: the schedulers' minutes last that long. CHAOS_IS_BREAKING: errors are expected and not told.
CHAOS_FORGETS_LOOKS: schedulers look at every minute for what they look for once a quarter of an hour; what is noted of a look may be lost.
"""

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES, CELERY_BEAT_SCHEDULE, LOGGING, REST_FRAMEWORK

REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anonymous-write": "1000000/min", "write": "1000000/min"}}
# Thousands of refusals are what is wanted; what fails is still told, unless it is we who break it.
_level = "CRITICAL" if os.environ.get("CHAOS_IS_BREAKING") else "ERROR"
LOGGING = {**LOGGING, "loggers": {**LOGGING["loggers"], "django": {"handlers": [], "level": _level}}}
_minute = float(os.environ.get("CHAOS_SECONDS_A_MINUTE", "60"))
CELERY_BEAT_SCHEDULE = {name: {**entry, "schedule": entry["schedule"] * _minute / 60} for name, entry in CELERY_BEAT_SCHEDULE.items()}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1.0
if os.environ.get("CHAOS_FORGETS_LOOKS"):
    CACHES = {**CACHES, "shared": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
