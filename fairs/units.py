"""Measures as a reader sees them: the number and its unit in the reader's language."""

from decimal import Decimal

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _


def area_text(area_m2: Decimal | float) -> str:
    """``12.5 m²``; in Russian ``12,5 м²``."""
    return _("%(area)s m²") % {"area": floatformat(area_m2, -2)}


def power_text(power_kw: Decimal | float) -> str:
    """``0.5 kW``; in Russian ``0,5 кВт``."""
    return _("%(power)s kW") % {"power": floatformat(power_kw, -2)}
