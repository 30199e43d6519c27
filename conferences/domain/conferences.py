"""Conferences beside a fair."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conferences.domain import delegates
from conferences.domain.places import lock
from conferences.enums import DelegateKind
from conferences.models import Conference, DelegateQuota
from fairs.models import Fair

REQUIRED = ("slug", "name_en", "site", "starts_on", "ends_on")
OPTIONAL = ("name_ru", "name_zh", "name_zh_hans", "capacity", "offer_hours", "kinds")
TERMS = ("kind", "is_taken", "places", "needs_approval")


@dataclass(frozen=True)
class Ensured:
    """A conference, and what became of it: ``new``, ``changed`` or ``same``."""

    conference: Conference
    outcome: str


@transaction.atomic
def ensure_conference(*, fair: Fair, values: dict[str, Any], now: datetime) -> Ensured:
    """Make the conference with ``values["slug"]`` exist as described: site by its slug, days, names, places.

    ``values["kinds"]``, if given, are the terms of kinds of delegates, each with a ``kind`` and what of ``TERMS`` differs from the usual;
    kinds that it does not name keep theirs.

    Raises ValidationError by field: for unknown, missing and wrong values, and for a slug that another fair's conference has.
    """
    _check_names(values)
    site = fair.sites.filter(slug=values["site"]).first()
    if site is None:
        raise ValidationError({"site": _("This fair has no site “%(slug)s”.") % {"slug": values["site"]}})
    columns = {("name_zh_hans" if name == "name_zh" else name): value for name, value in values.items()}
    columns["site"] = site
    kinds = columns.pop("kinds", [])
    conference = Conference.objects.filter(slug=values["slug"]).first()
    if conference is not None and conference.fair_id != fair.pk:
        raise ValidationError({"slug": _("A conference of another fair has this short name.")})
    outcome = "unchanged" if conference else "new"
    conference = conference or Conference(fair=fair)
    different = {name: value for name, value in columns.items() if getattr(conference, name, None) != value} if conference.pk else columns
    for name, value in different.items():
        setattr(conference, name, value)
    conference.full_clean(validate_unique=False)
    if different:
        conference.save()
        outcome = "new" if outcome == "new" else "changed"
    if _ensure_kinds(conference, kinds) and outcome == "unchanged":
        outcome = "changed"
    if outcome == "changed":  # there may be more places: who waits comes before who registers next
        delegates.fill_places(conference_id=conference.pk, now=now)
    return Ensured(conference, outcome)


def _ensure_kinds(conference: Conference, kinds: Any) -> bool:
    """Give kinds of delegates these terms. Returns whether any were different. Raises ValidationError for ``kinds``."""
    is_changed = False
    known = {quota.kind: quota for quota in conference.delegate_quotas.all()}
    for terms in _checked_kinds(kinds):
        quota = known.get(terms["kind"]) or DelegateQuota(conference=conference)
        different = {name: value for name, value in terms.items() if getattr(quota, name) != value}
        if not different:
            continue
        for name, value in different.items():
            setattr(quota, name, value)
        try:
            quota.clean_fields(exclude=["conference"])
        except ValidationError as error:
            raise ValidationError({"kinds": [f"{terms['kind']}: {text}" for text in error.messages]}) from error
        quota.save()
        is_changed = True
    return is_changed


def _checked_kinds(kinds: Any) -> list[dict[str, Any]]:
    if not isinstance(kinds, list) or not all(isinstance(terms, dict) for terms in kinds):
        raise ValidationError({"kinds": _("Write the terms of each kind as a table [[conference.kinds]].")})
    for terms in kinds:
        if terms.get("kind") not in DelegateKind.values:
            raise ValidationError({"kinds": _("Write a kind out of: %(choices)s.") % {"choices": ", ".join(DelegateKind.values)}})
        if other := [name for name in terms if name not in TERMS]:
            unknown = _("This value is not known.")
            raise ValidationError({"kinds": f"{other[0]}: {unknown}"})
    return list(kinds)


def _check_names(values: dict[str, Any]) -> None:
    errors = {name: _("This value is missing.") for name in REQUIRED if not values.get(name)}
    errors |= {name: _("This value is not known.") for name in values if name not in (*REQUIRED, *OPTIONAL)}
    for name in ("starts_on", "ends_on"):
        if name not in errors and type(values[name]) is not date:
            errors[name] = _("Write a day like 2024-01-28, without quotes.")
    if errors:
        raise ValidationError({(name if name in (*REQUIRED, *OPTIONAL) else "__all__"): f"{name}: {text}" for name, text in errors.items()})


@transaction.atomic
def set_capacity(*, conference_id: int, capacity: int, now: datetime) -> Conference:
    """Have more or fewer places. More go to those who wait, at once; fewer take nobody's place away."""
    conference = lock(conference_id)
    conference.capacity = capacity
    conference.save(update_fields=["capacity"])
    delegates.fill_places(conference_id=conference_id, now=now)
    return conference


def conference_of(fair: Fair, slug: str = "") -> Conference:
    """The fair's only conference, or the one with ``slug``. Raises ValidationError when that is none, or not clear."""
    found = list(fair.conferences.filter(slug=slug) if slug else fair.conferences.all())
    if len(found) == 1:
        found[0].fair = fair
        return found[0]
    if not found:
        raise ValidationError(_("The fair %(fair)s has no such conference.") % {"fair": fair.slug})
    slugs = ", ".join(conference.slug for conference in found)
    raise ValidationError(_("The fair has several conferences: say which one you mean: %(slugs)s.") % {"slugs": slugs})
