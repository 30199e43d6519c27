from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferencesConfig(AppConfig):
    name = "conferences"
    verbose_name = _("Conferences")

    def ready(self) -> None:
        from conferences import rules  # needs the app registry
        from fairs import triggers

        triggers.register(*rules.ALL)
