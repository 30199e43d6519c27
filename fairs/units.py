"""Measures as a reader sees them: the number and its unit in the reader's language."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _


def number_text(number: Decimal | float) -> str:
    """``12.5`` for 12.50 and ``9`` for 9.00; in Russian ``12,5``."""
    return str(number_format(Decimal(str(number)).normalize()))


def day_text(day: date) -> str:
    """``27 Jan 2024``; in Russian ``27.01.2024``."""
    return str(date_format(day, "SHORT_DATE_FORMAT"))


def area_text(area_m2: Decimal | float) -> str:
    """``12.5 m²``; in Russian ``12,5 м²``."""
    return _("%(area)s m²") % {"area": number_text(area_m2)}


def power_text(power_kw: Decimal | float) -> str:
    """``0.5 kW``; in Russian ``0,5 кВт``."""
    return _("%(power)s kW") % {"power": number_text(power_kw)}
