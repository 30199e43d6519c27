from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        from accounts.api import schema  # noqa: F401  # tells drf-spectacular how to describe the parts of ``me``; needs the settings
        from accounts.fixed_letters import FIXED
        from notifications.occasions import register_fixed

        register_fixed(*FIXED)
