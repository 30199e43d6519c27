from django.apps import AppConfig
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _


class ExhibitorsConfig(AppConfig):
    name = "exhibitors"
    verbose_name = _("Exhibitors")

    def ready(self) -> None:
        from exhibitors import rules  # needs the app registry
        from exhibitors.models import Placement
        from fairs import triggers
        from fairs.domain import stand_queries

        triggers.register(*rules.ALL)
        stand_queries.register_taken(lambda: Exists(Placement.objects.public().filter(stand=OuterRef("pk"))))
