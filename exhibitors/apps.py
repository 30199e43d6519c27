from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitorsConfig(AppConfig):
    name = "exhibitors"
    verbose_name = _("Exhibitors")

    def ready(self) -> None:
        from exhibitors import rules  # needs the app registry
        from fairs import triggers

        triggers.register(*rules.ALL)
