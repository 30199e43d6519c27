"""What a proposal keeps as codes and numbers, in words: terms of a score, rules that leave somebody without a stand, rules that exclude
each other."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from allocations.models import ProposalLine
from api.text import labelled, listed
from exhibitors.models import SiteWish
from fairs.models import Stand
from fairs.units import area_text, number_text

TERM_NAMES: dict[str, Any] = {
    "preference": gettext_lazy("stand that was named"),
    "open_sides": gettext_lazy("open sides"),
    "area": gettext_lazy("area"),
    "zone": gettext_lazy("zone of the product group"),
    "priority": gettext_lazy("priority points"),
    "near": gettext_lazy("near to"),
    "away": gettext_lazy("competitor close by"),
    "products": gettext_lazy("products that do not go together"),
    "moved_offered": gettext_lazy("another stand than was offered"),
    "moved_planned": gettext_lazy("another stand than was planned"),
}

# Why stands are not for an application: %(count)d of its site's %(of)d stands.
RULE_NAMES: dict[str, Any] = {
    "site": gettext_lazy("at another site"),
    "days": gettext_lazy("not free on its days"),
    "blocked": gettext_lazy("blocked"),
    "kept_out": gettext_lazy("kept out of the run or held for others"),
    "area": gettext_lazy("too small or too large"),
    "area_too_small": gettext_lazy("too small"),
    "area_too_large": gettext_lazy("too large"),
    "power": gettext_lazy("without enough power"),
    "water": gettext_lazy("without water"),
    "drain": gettext_lazy("without a drain"),
    "lock": gettext_lazy("fixed otherwise"),
    "accepted": gettext_lazy("accepted by somebody"),
    "pavilion": gettext_lazy("apart from its pavilion"),
    "taken": gettext_lazy("given to others, who come before it or fit better"),
    "double": gettext_lazy("two on one stand"),
    "unknown": gettext_lazy("not part of the run"),
    "gone": gettext_lazy("the application takes no part any more"),
}

# The same of a stand that somebody is fixed to.
FIXED_NAMES: dict[str, Any] = {"lock": gettext_lazy("fixed for it"), "accepted": pgettext_lazy("placement", "accepted")}

# How far a wish is fulfilled, by what the engine's values stand for (engine/objective.py).
VALUE_NAMES: dict[tuple[str, float], Any] = {
    ("preference", 1.0): gettext_lazy("the stand that was named first"),
    ("preference", 0.7): gettext_lazy("the stand that was named second"),
    ("preference", 0.4): gettext_lazy("the stand that was named third"),
    ("preference", 0.0): gettext_lazy("none of the stands that were named"),
    ("zone", 1.0): gettext_lazy("in the zone of its product group"),
    ("zone", 0.5): gettext_lazy("in a zone of all product groups, or in none"),
    ("zone", 0.0): gettext_lazy("in a zone of other product groups"),
}
WISHES = ("preference", "open_sides", "area", "zone")


def terms_in_words(line: ProposalLine, wish: SiteWish | None, names: Mapping[int, str]) -> list[str]:
    """The score of a placed line term by term. A wish that is not fulfilled is said too, another term only where it counts."""
    counted = [term for term in line.terms if term["name"] in WISHES or round(term["points"], 1)]
    return [term_text(term, names, stand=line.stand, wish=wish) for term in counted]


def term_text(term: Mapping[str, Any], names: Mapping[int, str], *, stand: Stand | None = None, wish: SiteWish | None = None) -> str:
    """Such as “area 9 m², wished 12 m²: +18.5”; ``names`` has the companies' names by id of their application."""
    label = _measured(term["name"], stand, wish) or str(
        VALUE_NAMES.get((term["name"], term.get("value", -1.0))) or TERM_NAMES.get(term["name"], term["name"])
    )
    if term.get("other") is not None:
        label = f"{label} {names.get(term['other'], '…')}"
    return labelled(label, f"{'+' if term['points'] > 0 else ''}{points_text(term['points'])}")


def points_text(points: float) -> str:
    """To a tenth, with the minus sign of the term beside it."""
    rounded = round(float(points), 1)
    return f"{'−' if rounded < 0 else ''}{number_text(abs(rounded))}"


def _measured(name: str, stand: Stand | None, wish: SiteWish | None) -> str:
    """What the stand has beside what was wished, or ''."""
    if stand is None or wish is None:
        return ""
    if name == "area" and wish.area_wished_m2 is not None:
        return _("area %(area)s, wished %(wished)s") % {"area": area_text(stand.area_m2), "wished": area_text(wish.area_wished_m2)}
    if name == "open_sides" and wish.open_sides is not None:
        return _("open sides %(sides)d, wished %(wished)d") % {"sides": stand.open_sides, "wished": wish.open_sides}
    return ""


def reason_text(reason: Mapping[str, Any]) -> str:
    """Such as “12 of 40 stands: too small or too large”; of a placed line which rule it breaks."""
    name = str(RULE_NAMES.get(reason["rule"], reason["rule"]))
    if "count" not in reason:
        return name
    facts = {"count": reason["count"], "of": reason["of"], "why": name}
    return ngettext("%(count)d of %(of)d stands: %(why)s", "%(count)d of %(of)d stands: %(why)s", reason["count"]) % facts


def problem_text(problem: Mapping[str, Any], names: Mapping[int, str], numbers: Mapping[int, str]) -> str:
    """Why a run has no proposal; ``names`` by id of an application, ``numbers`` by id of a stand."""
    if problem["code"] == "worker_died":
        return _("The worker ended three times in the middle of this run. Try again with fewer halls or a shorter time.")
    if problem["code"] != "contradiction":
        return str(problem.get("text", ""))
    if problem["rules"] == ["taken"]:
        return _crowd(problem, names, numbers)
    if problem["rules"] == ["pavilion"]:
        facts = problem.get("facts", {})
        who = ", ".join(names.get(pk, f"{pk}") for pk in problem["applications"])
        text = _("A pavilion of %(members)d (%(company)s) needs as many stands side by side; the largest block that fits has %(block)d.")
        return text % {"members": facts.get("members", 0), "block": facts.get("largest_block", 0), "company": who}
    where = ", ".join(numbers.get(pk, f"{pk}") for pk in problem["stands"])
    rule_names = {**RULE_NAMES, **FIXED_NAMES} if where else RULE_NAMES
    rules = " + ".join(str(rule_names.get(rule, rule)) for rule in problem["rules"])
    who = ", ".join(names.get(pk, f"{pk}") for pk in problem["applications"])
    if not where and len(problem["rules"]) == 1:
        return _("%(company)s: every stand is %(rule)s.") % {"company": who, "rule": rules}
    if not where:
        return _("%(company)s: no stand is left by these rules together: %(rules)s.") % {"company": who, "rules": rules}
    return _("%(company)s, stand %(stand)s: these exclude each other: %(rules)s.") % {"company": who, "stand": where, "rules": rules}


def _crowd(problem: Mapping[str, Any], names: Mapping[int, str], numbers: Mapping[int, str]) -> str:
    """Too many for the same few stands."""
    who = ", ".join(names.get(pk, f"{pk}") for pk in problem["applications"][:10])
    where = ", ".join(numbers.get(pk, f"{pk}") for pk in problem["stands"][:10])
    few = len(problem["stands"])
    text = ngettext(
        "%(many)d applications fit the same stand and no other: %(company)s; stand %(stand)s.",
        "%(many)d applications fit the same %(few)d stands and no others: %(company)s; stands %(stand)s.",
        few,
    )
    return text % {"many": len(problem["applications"]), "few": few, "company": who, "stand": where}


def alternative_text(one: Mapping[str, Any], numbers: Mapping[int, str], names: Mapping[int, str]) -> str:
    """Such as “C3-01 (3.9)”, with who has it and which rule it would break."""
    text = f"{numbers.get(one['stand'], '…')} ({alternative_points_text(one)})"
    facts = [names.get(pk, "…") for pk in one.get("taken_by", ())] + [str(RULE_NAMES.get(rule, rule)) for rule in one.get("broken", ())]
    return labelled(text, listed(facts)) if facts else text


def alternative_points_text(one: Mapping[str, Any]) -> str:
    """Such as “3.9”, or “−463.6, of which −500 because it would move”."""
    points = points_text(one["points"])
    if not one.get("move"):
        return points
    return _("%(points)s, of which %(move)s because it would move") % {"points": points, "move": points_text(one["move"])}
