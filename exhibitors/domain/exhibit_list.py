"""What China's customs still have to be told of the products."""

from datetime import date

from django.utils.translation import gettext as _

from exhibitors.models import Product

FOOD_CHAPTERS = [f"{chapter:02}" for chapter in range(2, 25)]  # of the Harmonized System: meat (02) to tobacco (24)


def is_food(product: Product) -> bool:
    return product.code[:2] in FOOD_CHAPTERS


def lacking(product: Product, *, ends_on: date) -> list[str]:
    """What is missing of a product, in the reader's words; ``ends_on`` is the fair's last day. Its code is never missing."""
    found = []
    if product.quantity is None:
        found.append(_("quantity"))
    if is_food(product):
        if not product.gacc_number:
            found.append(_("GACC number"))
        elif product.gacc_valid_until is not None and product.gacc_valid_until < ends_on:
            found.append(_("a GACC number that is valid until the fair ends"))
        if product.shelf_life_days is None:
            found.append(_("shelf life"))
    return found
