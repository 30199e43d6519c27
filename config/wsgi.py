"""The web application that gunicorn serves: ``gunicorn config.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

from config.call_room import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = with_room(get_wsgi_application())
