"""The product's settings with throttles out of the way: what is raced is what lies behind them."""

from config.settings import *  # noqa: F403
from config.settings import LOGGING, REST_FRAMEWORK

REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anonymous-write": None, "write": None}}
# Thousands of refusals are what is wanted; what fails is still told.
LOGGING = {**LOGGING, "loggers": {**LOGGING["loggers"], "django": {"handlers": [], "level": "ERROR"}}}
