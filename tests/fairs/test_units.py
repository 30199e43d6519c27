"""Measures in the reader's language."""

from decimal import Decimal

from django.utils import translation

from fairs.units import area_text, power_text


def test_the_number_is_as_short_as_it_can_be() -> None:
    with translation.override("en"):
        assert [area_text(Decimal("9.00")), area_text(Decimal("12.50")), area_text(Decimal("120.00")), power_text(0.5)] == [
            "9 m²",
            "12.5 m²",
            "120 m²",
            "0.5 kW",
        ]


def test_the_comma_and_the_unit_are_the_readers() -> None:
    with translation.override("ru"):
        assert [area_text(Decimal("12.50")), power_text(Decimal("0.50"))] == ["12,5 м²", "0,5 кВт"]
