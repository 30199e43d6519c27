"""What the system can see of a deadline: is it done, and if not, why not. What has no sign here is ticked off by hand."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from api.languages import COLUMNS
from exhibitors.domain.checklist_facts import Facts
from exhibitors.domain.exhibit_list import lacking
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models.application import LONGEST_FASCIA
from fairs.enums import Audience

_PRODUCTS_NAMED = 3  # of those that lack something


class Seen(NamedTuple):
    """``is_done`` None: it is not needed yet. ``due_at`` where the sign knows better than the deadline."""

    is_done: bool | None
    why: str
    path: str = ""  # of the part to act on, below the application
    due_at: datetime | None = None


Sign = Callable[[Facts], Seen]
_signs: dict[str, Sign] = {}


def register_sign(beginning: str, sign: Sign) -> None:
    """Let ``sign`` tell of the deadlines whose code begins so; the longest beginning wins."""
    _signs[beginning] = sign


def sign_of(code: str) -> Sign | None:
    found = [beginning for beginning in _signs if code.startswith(beginning)]
    return _signs[max(found, key=len)] if found else None


def _application(facts: Facts) -> Seen:
    if facts.status == ApplicationStatus.DRAFT:
        return Seen(False, _("The application is a draft: submit it."), "submit/")
    if facts.status == ApplicationStatus.CHANGES_REQUESTED:
        return Seen(False, _("The organiser asked for changes: make them and submit the application again."), "submit/")
    return Seen(True, _("The application is submitted."))


def _offer(facts: Facts) -> Seen:
    offered = [placement for placement in facts.placements if placement.status == PlacementStatus.OFFERED]
    if offered:
        stands = ", ".join(f"{placement.site} {placement.stand.number}" for placement in offered)
        answer_by = min((placement.answer_by for placement in offered if placement.answer_by), default=None)
        return Seen(False, _("A stand is offered and waits for your answer: %(stands)s.") % {"stands": stands}, "accept-offer/", answer_by)
    if facts.is_accepted:
        return Seen(True, _("The stand is accepted."))
    return Seen(None, _("No stand has been offered yet."))


def _catalogue(facts: Facts) -> Seen:
    company = facts.application.company
    missing = [
        f"{label} ({language})"
        for code, language in (("ru", _("Russian")), ("zh-hans", _("Chinese")), ("en", _("English")))
        for name, label in (("name", _("name")), ("description", _("description")))
        if not getattr(company, f"{name}_{COLUMNS[code]}")
    ]
    if missing:
        return Seen(False, _("The catalogue entry lacks: %(what)s.") % {"what": ", ".join(missing)}, f"/companies/{company.pk}/")
    return Seen(True, _("The catalogue entry is complete in three languages."))


def _people(facts: Facts) -> Seen:
    if not facts.staff:
        return Seen(False, _("Nobody is named yet who works on the stand."), "staff/")
    text = ngettext("%(count)d person is named for the stand.", "%(count)d people are named for the stand.", facts.staff)
    return Seen(True, text % {"count": facts.staff}, "staff/")


def _exhibit_list(facts: Facts) -> Seen:
    """Every product is there with all that customs ask: its code it always has."""
    if not facts.products:
        return Seen(False, _("No product is named yet: add each with its TN VED or HS code."), "products/")
    gaps = [(product, lacking(product, ends_on=facts.fair.ends_on)) for product in facts.products]
    gaps = [(product, what) for product, what in gaps if what]
    count = len(facts.products)
    if not gaps:
        text = ngettext(
            "%(count)d product is listed, with all that customs ask.", "%(count)d products are listed, with all that customs ask.", count
        )
        return Seen(True, text % {"count": count}, "products/")
    named = "; ".join(f"{product} – {', '.join(what)}" for product, what in gaps[:_PRODUCTS_NAMED])
    if len(gaps) > _PRODUCTS_NAMED:
        named += "; …"
    text = ngettext(
        "%(lacking)d of %(count)d product lacks something: %(what)s.", "%(lacking)d of %(count)d products lack something: %(what)s.", count
    )
    return Seen(False, text % {"lacking": len(gaps), "count": count, "what": named}, "products/")


def _fascia(facts: Facts) -> Seen:
    if facts.wishes and not facts.wishes_with(Audience.SHELL_SCHEME):
        return Seen(None, _("A stand on raw space has no fascia."))
    if facts.application.fascia_text:
        return Seen(True, _("The fascia will read: %(text)s") % {"text": facts.application.fascia_text})
    return Seen(False, _("Nobody has written what the fascia is to read: at most %(count)d characters.") % {"count": LONGEST_FASCIA})


def day_text(day: object) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))  # type: ignore[arg-type]


register_sign("application", _application)
register_sign("offer_answer", _offer)
register_sign("catalogue", _catalogue)
register_sign("badges", _people)
register_sign("visa", _people)
register_sign("exhibit_list", _exhibit_list)
register_sign("fascia_text", _fascia)
