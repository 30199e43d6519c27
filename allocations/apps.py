from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllocationsConfig(AppConfig):
    name = "allocations"
    verbose_name = _("Allocation of stands")

    def ready(self) -> None:
        from allocations import cloned_models, rules  # these need the app registry
        from fairs import cloning, triggers

        cloning.register(*cloned_models.COPIED, left=cloned_models.LEFT)
        triggers.register(*rules.ALL)
