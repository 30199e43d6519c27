"""Ids and slugs inside request bodies: somebody else's answers exactly as one that nobody has."""

from collections.abc import Callable
from typing import Any

from allocations.models.settings import WEIGHTS
from tests.factories.exhibitors import ApplicationFactory
from tests.roles.world import Corner


def earlier_application(corner: Corner) -> int:
    """One of the corner's company at a fair before."""
    found = corner.company.applications.exclude(fair=corner.fair).first()
    return (found or ApplicationFactory(company=corner.company)).pk


# What a property of this name names: from a fair's corner the value of a row there. A new one gets its line here.
REFERENCES: dict[str, Callable[[Corner], Any]] = {
    "company": lambda corner: corner.company.pk,
    "application": lambda corner: corner.rows["exhibitors.application"][0].pk,
    "stand": lambda corner: corner.rows["fairs.stand"][0].pk,
    "placement": lambda corner: corner.rows["exhibitors.placement"][0].pk,
    "exhibitor": lambda corner: corner.rows["exhibitors.exhibitor"][0].pk,
    "pavilion": lambda corner: corner.rows["exhibitors.pavilion"][0].slug,
    "from_application": earlier_application,
    "site": lambda corner: corner.rows["fairs.site"][0].slug,
    "hall": lambda corner: corner.rows["fairs.hall"][0].slug,
    "deadline": lambda corner: corner.rows["fairs.deadline"][0].code,
    "room": lambda corner: corner.rows["conferences.room"][0].code,
}
# What else an example says that must fit the world.
FILLED: dict[str, Callable[[Corner], Any]] = {
    "categories": lambda corner: ["03"],
    "number": lambda corner: corner.rows["fairs.stand"][0].number,
    "halls": lambda corner: [corner.rows["fairs.hall"][0].slug],
    "first_day": lambda corner: corner.rows["fairs.site"][0].starts_on.isoformat(),
    "last_day": lambda corner: corner.rows["fairs.site"][0].ends_on.isoformat(),
}
UNKNOWN = {int: 10**9, str: "no-such-thing"}
# Whole numbers in bodies that name no row.
NUMBERS = {"rank", "minutes", "open_sides", "shelf_life_days", "min", "max", "seed", "time_limit_seconds", *WEIGHTS}
# Who tries, one after the other: whoever is let in must not tell the two apart.
READERS = ("company owner", "company logistics", "owner")
