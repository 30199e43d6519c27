"""The product's settings, with what a test run needs otherwise: fast passwords, eager tasks, letters in memory.

TEST_DB_SUFFIX gives a second run on the same PostgreSQL a database of its own.
"""

import atexit
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

os.environ["SITE_URL"] = "http://testserver"

from config.settings import *  # noqa: F403
from config.settings import ALLOWED_HOSTS, CACHES, DATABASES, REDIS_URL, STATIC_ROOT

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there, and warnings are errors
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True  # no list of all files for every client of a test
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: in memory, threads share one cache and get "table is locked" where a file lets them wait.
    _folder = tempfile.TemporaryDirectory(prefix="yarmarka-test-")
    atexit.register(_folder.cleanup)
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder.name) / "test.sqlite3")}
else:
    DATABASES["default"]["ENGINE"] = "tests.postgresql"
    # What a crash would lose of a test nobody misses: no commit waits for the disk.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options["options"] = f"{_options.get('options', '')} -c synchronous_commit=off".strip()
    DATABASES["default"]["TEST"] = {"NAME": f"test_yarmarka{os.environ.get('TEST_DB_SUFFIX', '')}"}
if REDIS_URL:
    # Databases of Redis that the product does not use, counted down from 15, one for each test process: a test may flush its own.
    _process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    REDIS_URL = urlsplit(REDIS_URL)._replace(path=f"/{15 - _process}").geturl()
    CELERY_BROKER_URL = REDIS_URL
    CACHES["shared"] = {**CACHES["shared"], "LOCATION": REDIS_URL}
