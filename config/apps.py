"""Apps of others under names that organisers understand."""

from axes.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignInLimitsConfig(AppConfig):
    """The limiter of sign-in at the desk: its own name, Axes, says nothing to who reads the failed sign-ins there."""

    verbose_name = _("sign-in limits")
