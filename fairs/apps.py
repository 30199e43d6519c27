from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class FairsConfig(AppConfig):
    name = "fairs"
    verbose_name = _("Fairs")

    def ready(self) -> None:
        from accounts.registry import register_me_section  # these need the app registry
        from fairs import cloned_models, cloning, letters, rules, triggers
        from fairs.api.me import MyRoleSerializer, roles_of
        from fairs.domain import letter_templates, stand_queries
        from fairs.fixed_letters import FIXED
        from fairs.roles import Right
        from fairs.site_days import register_use
        from notifications import own_texts
        from notifications import rules as letter_rules
        from notifications.access import register_letter_rule
        from notifications.occasions import register_fixed

        register_use(stand_queries.days_of_stands, _("Stands of this site are rented from %(first)s to %(last)s: change them first."))
        own_texts.register_teller(letter_templates.tell_broken)
        register_fixed(*FIXED)
        letters.register_letters(self.name, Right.VIEW_FAIR)
        register_letter_rule(letters.letters_seen, handles=letters.letters_handled)
        register_me_section("roles", roles_of, MyRoleSerializer(many=True))
        cloning.register(*cloned_models.COPIED, left=cloned_models.LEFT)
        triggers.register(*rules.ALL, *(triggers.Rule(**rule) for rule in letter_rules.RULES))
        pre_migrate.connect(triggers.remove, sender=self)
        post_migrate.connect(triggers.install_after_migrate, sender=self)
