"""The product's settings, with what a test run needs otherwise: fast passwords, eager tasks, letters in memory."""

import atexit
import os
import tempfile
from pathlib import Path

os.environ.setdefault("SITE_URL", "http://testserver")

from config.settings import *  # noqa: F403
from config.settings import ALLOWED_HOSTS, DATABASES, STATIC_ROOT

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns without it
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: in memory, threads share one cache and get "table is locked" where a file lets them wait.
    _folder = tempfile.TemporaryDirectory(prefix="yarmarka-test-")
    atexit.register(_folder.cleanup)
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder.name) / "test.sqlite3")}
