"""The open sides that a stand has: those of the plan, unless somebody states others and is told where the two differ.

What the plan says is kept beside what holds. A stand whose two numbers are equal follows the plan when its neighbours or the hall's
walls change; one whose number was stated otherwise keeps it.
"""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairs.domain.open_sides import open_sides
from fairs.models import Hall, Stand

FEWEST = 1  # a stand with no open side cannot be entered; it counts as a row stand until the plan is mended


def settled(stated: int | None, *, before: int | None, drawn: int) -> int:
    """The open sides that hold: what is ``stated``, or what the plan says where nothing is, or only what the plan said ``before``."""
    follows = stated is None or (before is not None and stated == max(before, FEWEST))
    return max(drawn, FEWEST) if follows or stated is None else stated


def refresh(hall: Hall) -> list[Stand]:
    """Read the open sides of every stand of ``hall``, locked by the caller, from the plan; the stands that changed."""
    stands = list(Stand.objects.filter(hall=hall).only("pk", "number", "outline", "open_sides", "open_sides_drawn").order_by("pk"))
    drawn = open_sides({stand.pk: stand.outline for stand in stands}, hall=hall.outline)
    changed = [stand for stand in stands if set_drawn(stand, drawn[stand.pk])]
    Stand.objects.bulk_update(changed, ["open_sides", "open_sides_drawn"], batch_size=500)
    return changed


def set_drawn(stand: Stand, drawn: int) -> bool:
    """Set what the plan says; whether anything is other than before."""
    holds = settled(stand.open_sides, before=stand.open_sides_drawn, drawn=drawn)
    if (holds, drawn) == (stand.open_sides, stand.open_sides_drawn):
        return False
    stand.open_sides, stand.open_sides_drawn = holds, drawn
    return True


def notices(stands: Iterable[Stand]) -> Iterator[str]:
    """A sentence for every stand that nobody can enter, or whose open sides are stated otherwise than drawn."""
    for stand in stands:
        if stand.open_sides_drawn == 0:
            yield _("Stand %(number)s is closed in: no visitor can enter it.") % {"number": stand.number}
        elif stand.open_sides_drawn not in (None, stand.open_sides):
            sentence = ngettext(
                "Stand %(number)s: %(stated)d open side is stated; by the plan it has %(drawn)d.",
                "Stand %(number)s: %(stated)d open sides are stated; by the plan it has %(drawn)d.",
                stand.open_sides,
            )
            yield sentence % {"number": stand.number, "stated": stand.open_sides, "drawn": stand.open_sides_drawn}
