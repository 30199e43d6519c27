from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllocationsConfig(AppConfig):
    name = "allocations"
    verbose_name = _("Allocation of stands")

    def ready(self) -> None:
        from allocations import rules  # needs the app registry
        from fairs import triggers

        triggers.register(*rules.ALL)
