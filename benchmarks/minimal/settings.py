"""Our tables and no more: no middleware, no REST framework. The minimal view inserts what an application inserts."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.minimal.urls"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # without which its app does not start
