from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferencesConfig(AppConfig):
    name = "conferences"
    verbose_name = _("Conferences")

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from api.files import sweep_folder
        from conferences import cloned_models, rules  # these need the app registry
        from conferences.domain import photos
        from conferences.letter_occasions import OCCASIONS
        from conferences.models import Speaker
        from fairs import cloning, triggers
        from fairs.letters import register_letters
        from fairs.roles import Right
        from notifications.occasions import register_occasions

        cloning.register(*cloned_models.COPIED, left=cloned_models.LEFT)
        triggers.register(*rules.ALL)
        register_letters(self.name, Right.VIEW_DELEGATES)
        register_occasions(*OCCASIONS)
        sweep_folder(photos.FOLDER, photos.used_names)
        post_delete.connect(photos.forget_file, sender=Speaker, dispatch_uid="conferences.photos")
