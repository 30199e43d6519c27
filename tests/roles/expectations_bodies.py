"""Ids and slugs inside request bodies: somebody else's answers exactly as one that nobody has."""

from collections.abc import Callable
from typing import Any

from tests.roles.world import Corner

# What a property of this name names: from a fair's corner the value of a row there. A new one gets its line here.
REFERENCES: dict[str, Callable[[Corner], Any]] = {
    "company": lambda corner: corner.company.pk,
    "stand": lambda corner: corner.rows["fairs.stand"][0].pk,
    "placement": lambda corner: corner.rows["exhibitors.placement"][0].pk,
    "site": lambda corner: corner.rows["fairs.site"][0].slug,
}
# What else an example says that must fit the world.
FILLED: dict[str, Callable[[Corner], Any]] = {
    "categories": lambda corner: ["03"],
    "first_day": lambda corner: corner.rows["fairs.site"][0].starts_on.isoformat(),
    "last_day": lambda corner: corner.rows["fairs.site"][0].ends_on.isoformat(),
}
UNKNOWN = {int: 10**9, str: "no-such-thing"}
# Whole numbers in bodies that name no row.
NUMBERS = {"rank", "open_sides"}
# Who tries, one after the other: whoever is let in must not tell the two apart.
READERS = ("company owner", "company logistics", "owner")
