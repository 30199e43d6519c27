"""A Django project with nothing in it: what the trivial view is measured against."""

SECRET_KEY = "bare"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.bare.urls"
WSGI_APPLICATION = "benchmarks.bare.wsgi.application"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
