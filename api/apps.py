from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        from api import converters, files  # noqa: F401  # the first makes <id:…> known to every urls.py
        from api.models import StoredFile

        if connection.vendor == "sqlite":
            # Django tries it out on each connection, in a transaction that waits for whoever writes, and takes a long wait for a no.
            type(connection.features).supports_json_field = True
        post_delete.connect(files.forget_file, sender=StoredFile, dispatch_uid="api.files")
