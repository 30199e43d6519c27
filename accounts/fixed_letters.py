"""The letters about accounts, which go as shipped, and why."""

from django.utils.translation import gettext_lazy as _

from notifications.occasions import Fixed

_WHY = _("It is about somebody's account, which belongs to no fair.")

FIXED = (
    Fixed("accounts.verification_code", _("Account: code that confirms the address"), _WHY),
    Fixed("accounts.reset_code", _("Account: code for a new password"), _WHY),
    Fixed("accounts.already_registered", _("Account: registered already"), _WHY),
    Fixed("accounts.unknown_address", _("Account: no account of this address"), _WHY),
    Fixed("accounts.password_changed", _("Account: password changed"), _WHY),
    Fixed("accounts.sign_in_changed", _("Account: sign-in changed"), _WHY),
)
