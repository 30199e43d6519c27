"""The fields of an application itself: one function writes whatever of them is given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Findings, Invalid, field_error
from api.text import clean_line
from exhibitors.domain import answers, neighbours
from exhibitors.domain.differences import Diff
from exhibitors.domain.neighbours import Neighbour
from exhibitors.domain.site_wishes import SiteWishInput, write_sites
from exhibitors.domain.standing import Standing, standing
from exhibitors.enums import NeighbourKind, Scheme
from exhibitors.models import Application, Pavilion, ProductCategory
from exhibitors.models.application import LONGEST_FASCIA


class FormValues(TypedDict, total=False):
    """What is left out stays as it is. ``sites``, ``near`` and ``away`` are whole lists."""

    categories: Iterable[ProductCategory]
    sites: Sequence[SiteWishInput]
    pavilion: Pavilion | None
    fascia_text: str
    near: Sequence[Neighbour]
    away: Sequence[Neighbour]
    answers: Mapping[str, Any]  # by the question's code; null takes one away


def write(
    application: Application,
    values: FormValues,
    *,
    by: User | None,
    now: datetime,
    is_new: bool = False,
    diff: Diff | None = None,
    refused: Iterable[dict[str, Any]] = (),
) -> None:
    """Write what is given, in a few queries; ``diff`` gets what it changes.

    Raises Invalid with pointers for all that is wrong, with what the caller ``refused`` before; Conflict where a site with a stand
    is left out.
    """
    diff = Diff() if diff is None else diff
    found = Findings(refused)
    there = Standing() if is_new or not values.keys() & {"categories", "sites"} else standing(application)
    if "categories" in values:
        _write_categories(application, values["categories"], there, diff)
    if "sites" in values:
        with found.more():
            write_sites(application, values["sites"], there, diff, by=by, now=now)
    changed = _set_columns(application, values, diff, found)
    if changed:
        application.save(update_fields=changed)
    lists = {kind: values[kind.value] for kind in NeighbourKind if kind.value in values}  # type: ignore[literal-required]
    if any(lists.values()) or (lists and not is_new):
        with found.more():
            neighbours.write(application, lists, diff)
    if values.get("answers") and found.names("sites", "categories"):
        with found.more():  # which questions are asked is not known before those are right
            answers.check_values(application, values["answers"])
    elif values.get("answers"):
        with found.more():
            answers.write(application, values["answers"], by=by, now=now, diff=diff)
    elif there.has_answers:
        answers.drop_hidden(application, diff)
    found.refuse()


def _write_categories(application: Application, categories: Iterable[ProductCategory], there: Standing, diff: Diff) -> None:
    belongings = Application.categories.through
    wanted = {row.pk: row.code for row in categories}
    if gone := there.categories.keys() - wanted.keys():
        belongings.objects.filter(application=application.pk, productcategory__in=gone).delete()
    if new := [pk for pk in wanted if pk not in there.categories]:
        belongings.objects.bulk_create([belongings(application_id=application.pk, productcategory_id=pk) for pk in new])
    diff.note("categories", sorted(there.categories.values()), sorted(wanted.values()))


def _set_columns(application: Application, values: FormValues, diff: Diff, found: Findings) -> list[str]:
    changed = []
    if "pavilion" in values and values["pavilion"] != application.pavilion:
        pavilion = values["pavilion"]
        if pavilion is not None and pavilion.fair_id != application.fair_id:
            found.errors.append(field_error("/pavilion", "unknown_pavilion", _("This fair has no such pavilion.")))
        before = application.pavilion
        diff.note("pavilion", before.slug if before else None, pavilion.slug if pavilion else None)
        application.pavilion = pavilion
        changed.append("pavilion")
    fascia_text = application.fascia_text
    with found.more():
        fascia_text = _fascia_text(application, values, is_scheme_known=not found.names("sites"))
    if fascia_text != application.fascia_text:
        diff.note("fascia_text", application.fascia_text, fascia_text)
        application.fascia_text = fascia_text
        changed.append("fascia_text")
    return changed


def _fascia_text(application: Application, values: FormValues, *, is_scheme_known: bool) -> str:
    """What is to be on the fascia now: a stand on raw space has none."""
    text = clean_line(values.get("fascia_text", application.fascia_text))
    if len(text) > LONGEST_FASCIA:
        raise Invalid([field_error("/fascia_text", "max_length", _("At most %(count)d characters.") % {"count": LONGEST_FASCIA})])
    if not is_scheme_known or not text or not ("sites" in values or "fascia_text" in values) or not _is_raw_space_only(application):
        return text
    if "fascia_text" in values:
        raise Invalid([field_error("/fascia_text", "no_shell_scheme", _("Only a stand of shell scheme has a fascia: leave this empty."))])
    return ""


def _is_raw_space_only(application: Application) -> bool:
    schemes = set(application.site_wishes.values_list("scheme", flat=True))
    return bool(schemes) and Scheme.SHELL not in schemes
