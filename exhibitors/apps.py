from django.apps import AppConfig
from django.db.models import Exists, OuterRef
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class ExhibitorsConfig(AppConfig):
    name = "exhibitors"
    verbose_name = _("Exhibitors")

    def ready(self) -> None:
        from accounts.registry import register_me_section
        from api.files import sweep_folder
        from exhibitors import cloned_models, rules  # these need the app registry
        from exhibitors.api.companies import companies_of
        from exhibitors.api.company_serializers import MyCompanySerializer
        from exhibitors.domain import letter_concerns, logos, reference, site_days, stand_holds, stand_use
        from exhibitors.domain.reminder_watch import ReminderWatch
        from exhibitors.letter_occasions import FIXED, OCCASIONS
        from exhibitors.models import Company, Placement
        from fairs import at_once, cloning, triggers
        from fairs.domain import stand_queries, stands
        from fairs.letters import register_letters
        from fairs.region_names import register_region_names
        from fairs.roles import Right
        from fairs.site_days import register_use
        from notifications import concerns
        from notifications.occasions import register_fixed, register_occasions

        sweep_folder(logos.FOLDER, logos.used_names)
        post_delete.connect(logos.forget_file, sender=Company, dispatch_uid="exhibitors.logos")
        triggers.register(*rules.ALL)
        at_once.register(ReminderWatch)
        cloning.register(*cloned_models.COPIED, left=cloned_models.LEFT)
        register_letters(self.name, Right.VIEW_APPLICATIONS)
        register_occasions(*OCCASIONS)
        register_fixed(*FIXED)
        concerns.register(letter_concerns.letters_found_by, letter_concerns.present_reader)
        register_me_section("companies", companies_of, MyCompanySerializer(many=True))
        register_use(site_days.wished_days, _("Applications ask for this site from %(first)s to %(last)s: change them first."))
        register_use(site_days.placed_days, _("Stands of this site are given from %(first)s to %(last)s: change the placements first."))
        stands.register_in_use(
            lambda stand_ids, _now: stand_use.given_away(stand_ids),
            _("An exhibitor has this stand, or it is offered or planned: take that back or relocate the exhibitor first."),
        )
        stands.register_days_in_use(
            stand_use.given_days, _("An exhibitor has this stand from %(first)s to %(last)s: change the placement first.")
        )
        stands.register_in_use(
            lambda stand_ids, now: stand_holds.kept(stand_ids, now=now), _("This stand is held for somebody: release it first.")
        )
        register_region_names(reference.region_name)
        stand_queries.register_uses(stand_use.uses_of)
        stand_queries.register_used_as(stand_use.used_as)
        stand_queries.register_taken(lambda: Exists(Placement.objects.public().filter(stand=OuterRef("pk"))))
