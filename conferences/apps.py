from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferencesConfig(AppConfig):
    name = "conferences"
    verbose_name = _("Conferences")

    def ready(self) -> None:
        from conferences import cloned_models, rules  # these need the app registry
        from conferences.letter_occasions import OCCASIONS
        from fairs import cloning, triggers
        from fairs.letters import register_letters
        from fairs.roles import Right
        from notifications.occasions import register_occasions

        cloning.register(*cloned_models.COPIED, left=cloned_models.LEFT)
        triggers.register(*rules.ALL)
        register_letters(self.name, Right.VIEW_DELEGATES)
        register_occasions(*OCCASIONS)
