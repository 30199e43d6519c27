"""How priority points came about, in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allocations.domain.priority import PointTerm, PriorityPoints
from api.text import labelled
from fairs.units import area_text, number_text


def _years(term: PointTerm) -> str:
    return ngettext("%(count)d earlier year", "%(count)d earlier years", int(term.amount)) % {"count": int(term.amount)}


def _stands(term: PointTerm) -> str:
    return ngettext("%(count)d earlier stand", "%(count)d earlier stands", int(term.amount)) % {"count": int(term.amount)}


TERM_TEXTS: dict[str, Callable[[PointTerm], str]] = {
    "years": _years,
    "stands": _stands,
    "area": lambda term: _("%(area)s had at earlier fairs") % {"area": area_text(term.amount)},
    "paid": lambda term: _("$%(paid)s paid at earlier fairs") % {"paid": number_text(term.amount)},
    "early": lambda term: _("applied early"),
    "hand": lambda term: _("given by hand") if term.points > 0 else _("taken by hand"),
}


def term_text(term: PointTerm) -> str:
    """Such as “2 earlier years: 6”."""
    return labelled(TERM_TEXTS[term.code](term), number_text(term.points))


def points_text(points: PriorityPoints) -> str:
    """All that gave points, in one line; what gave none is left out."""
    return " · ".join(term_text(term) for term in points.terms if term.points) or _("no points yet")
