"""Apply for the next fair from the last one: what makes sense is copied into a new draft, and what was not is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.languages import COLUMNS
from api.problems import Invalid, field_error
from exhibitors.domain import applications, changes, questions
from exhibitors.domain.answer_values import normal
from exhibitors.domain.form import FormValues
from exhibitors.domain.neighbours import Neighbour
from exhibitors.domain.products import is_same
from exhibitors.domain.questions import Facts
from exhibitors.domain.site_wishes import SiteWishInput
from exhibitors.domain.standing import AREAS, SERVICES
from exhibitors.enums import QuestionType
from exhibitors.models import Application, Product, Question, RepresentedCompany
from fairs.models import Fair, Site


@dataclass(frozen=True)
class Copied:
    """The new draft, and an error-like entry (pointer, code, detail) for everything of the old one that it lacks."""

    application: Application
    not_taken: list[dict[str, Any]]


@transaction.atomic
def apply_again(*, source: Application, fair: Fair, by: User | None, now: datetime, as_staff: bool = False) -> Copied:
    """Draft an application of the same company at ``fair`` from ``source``. Raises what create_draft raises.

    Wishes are matched by city, else by kind of site; answers by code and type; the pavilion by its short name. Stands, days and
    neighbours of the public catalogue are the old fair's and stay there.
    """
    not_taken: list[dict[str, Any]] = []
    values: FormValues = {
        "categories": list(source.categories.all()),
        "sites": _sites(source, fair, not_taken),
        "fascia_text": source.fascia_text,
    }
    for kind in ("near", "away"):
        named = source.neighbour_wishes.filter(kind=kind)
        values[kind] = [Neighbour(name=one.name, inn=one.inn) for one in named]  # type: ignore[literal-required]
    values["pavilion"] = fair.pavilions.filter(slug=source.pavilion.slug).first() if source.pavilion else None
    if source.pavilion and values["pavilion"] is None:
        not_taken.append(field_error("/pavilion", "other_fair", _("Choose a pavilion of this fair.")))
    if source.fascia_text and values["sites"] and not any(wish.scheme == "shell" for wish in values["sites"]):
        values["fascia_text"] = ""
    draft = applications.create_draft(company=source.company, fair=fair, by=by, now=now, as_staff=as_staff, **values)
    _answer(source, draft, not_taken, by=by, now=now, as_staff=as_staff)
    _copy_represented(source, draft)
    _copy_products(source, draft, not_taken, today=fair.day_of(now))
    return Copied(application=draft, not_taken=not_taken)


def _sites(source: Application, fair: Fair, not_taken: list[dict[str, Any]]) -> Sequence[SiteWishInput]:
    free = list(Site.objects.filter(fair=fair).order_by("starts_on", "pk"))
    wishes = []
    for number, wish in enumerate(source.site_wishes.select_related("site").order_by("site__starts_on", "site")):
        site = next((one for one in free if _same_city(one, wish.site)), None) or next(
            (one for one in free if one.kind == wish.site.kind), None
        )
        if site is None:
            text = _("This fair has no site like %(site)s.") % {"site": wish.site}
            not_taken.append(field_error(f"/sites/{number}", "no_such_site", text))
            continue
        free.remove(site)
        kept = {name: getattr(wish, name) for name in (*AREAS, *SERVICES, "open_sides", "scheme")}
        wishes.append(SiteWishInput(site=site, **kept))
        if wish.preferences.exists():
            text = _("Stands are preferred anew: this fair has other ones.")
            not_taken.append(field_error(f"/sites/{number}/stand_preferences", "other_fair", text))
    return wishes


def _same_city(one: Site, other: Site) -> bool:
    names = [{getattr(site, f"city_{column}") for column in COLUMNS.values()} - {None, ""} for site in (one, other)]
    return bool(names[0] & names[1])


def _answer(
    source: Application, draft: Application, not_taken: list[dict[str, Any]], *, by: User | None, now: datetime, as_staff: bool
) -> None:
    """Answers to questions of the same code and type, as far as they are still right and asked."""
    old = {answer.question.code: answer for answer in source.answers.select_related("question")}
    if not old:
        return
    asked = {question.code: question for question in questions.asked_at(draft.fair_id)}
    given = {code: answer.value for code, answer in old.items() if _fits(asked.get(code), answer.question, answer.value)}
    shown = {question.code for question in questions.shown(list(asked.values()), given, Facts.of(draft))}
    given = {code: value for code, value in given.items() if code in shown}
    for code, answer in old.items():
        if code not in given:
            text = _("Not answered from the last time: %(question)s") % {"question": answer.question}
            not_taken.append(field_error(f"/answers/{code}", "not_taken", text))
    if given:
        source_of_edit = changes.source_of(by=by, as_staff=as_staff)
        applications.update(application_id=draft.pk, by=by, now=now, as_staff=True, source=source_of_edit, answers=given)


def _fits(question: Question | None, old: Question, value: Any) -> bool:
    if question is None or question.type != old.type or question.type == QuestionType.FILE:
        return False
    try:
        return normal(question, value) is not None
    except Invalid:
        return False


def _copy_represented(source: Application, draft: Application) -> None:
    rows = list(source.represented_companies.all())
    for row in rows:
        row.pk, row.application = None, draft
        row._state.adding = True
    RepresentedCompany.objects.bulk_create(rows)


def _copy_products(source: Application, draft: Application, not_taken: list[dict[str, Any]], *, today: Any) -> None:
    """At every site; a GACC number that has run out is left out, the product stays."""
    rows: list[Product] = []
    for number, row in enumerate(source.products.all()):
        if any(is_same(row, other) for other in rows):
            text = _("%(product)s is on the list twice: it is taken once.") % {"product": row}
            not_taken.append(field_error(f"/products/{number}", "twice", text))
            continue
        if row.gacc_valid_until and row.gacc_valid_until < today:
            text = _("The GACC number of %(product)s has run out.") % {"product": row}
            not_taken.append(field_error(f"/products/{number}/gacc_number", "expired", text))
            row.gacc_number, row.gacc_valid_until = "", None
        row.pk, row.application = None, draft
        row._state.adding = True
        rows.append(row)
    Product.objects.bulk_create(rows)
