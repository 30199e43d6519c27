"""The letters about letters, which go as shipped, and why."""

from django.utils.translation import gettext_lazy as _

from notifications.occasions import Fixed

_WHY = _("It says that something is wrong with a text or a letter, so it must not depend on one.")

FIXED = (
    Fixed("fairs.template_broken", _("To staff: an own text cannot be used"), _WHY),
    Fixed("fairs.letters_failed", _("To staff: letters that did not arrive"), _WHY),
)
