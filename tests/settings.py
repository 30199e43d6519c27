"""The product's settings, with what a test run needs otherwise: fast passwords, eager tasks, letters in memory."""

import os

os.environ.setdefault("SITE_URL", "http://testserver")

from config.settings import *  # noqa: F403
from config.settings import ALLOWED_HOSTS

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
