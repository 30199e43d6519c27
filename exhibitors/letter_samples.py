"""Real applications to preview letters with: what a letter about them would be told. Nothing is written."""

import copy
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models import User
from exhibitors.domain.letters import plan_url_of
from exhibitors.domain.open_deadlines import OpenDeadline, read_open
from exhibitors.domain.reminder_letters import days_ago_text, days_left_text, why_text
from exhibitors.domain.staff_digest_links import links, page_of
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.letter_example import NOBODY, SHOWN_NUMBER, example_application, example_document, example_placement, example_wishes
from exhibitors.letter_figures import FIGURES
from exhibitors.models import Application, ApplicationStep, CoExhibitor, CompanyClaim, DeadlineExtension, Document, Placement, SiteWish
from exhibitors.models.application import wishes_with_sites
from fairs.enums import Audience
from fairs.models import Deadline, Fair
from notifications.occasions import Sample

DEADLINES = 5  # of an example, ahead and over
CHOICES = 30  # applications offered as examples
# Where the button of a letter to staff leads, when that is not the application.
_DESK = {
    "exhibitors.documents_to_review": "exhibitors/document/",
    "exhibitors.staff_digest": "",
    "exhibitors.claim_opened": "exhibitors/companyclaim/",
}


def sample_of(occasion: str, fair: Fair, number: int | None) -> Sample:
    """The application of this number at the fair, or the first that has what the letter speaks of; a made-up one where there is none."""
    rows = Application.objects.filter(fair=fair).select_related("company__region", "responsible")
    rows = rows.annotate(
        placed=Exists(Placement.objects.filter(application=OuterRef("pk"))),
        documented=Exists(Document.objects.filter(application=OuterRef("pk"))),
    )
    first = "-documented" if occasion.startswith("exhibitors.document_") else "-placed"
    offered = list(rows.order_by("-placed", "pk")[:CHOICES])
    chosen = (rows.filter(pk=number).first() if number else None) or rows.order_by(first, "-placed", "pk").first()
    if chosen is None:
        return _made_up(occasion, fair)
    chosen.fair = fair
    choices = [(row.pk, f"{row.pk} · {row.company}") for row in offered]
    if chosen.pk not in dict(choices):
        choices.append((chosen.pk, f"{chosen.pk} · {chosen.company}"))
    return Sample(number=chosen.pk, context=context_of(occasion, chosen), choices=choices)


def _made_up(occasion: str, fair: Fair) -> Sample:
    application = example_application(fair)
    context = context_of(occasion, application)
    application.pk = SHOWN_NUMBER  # it has been asked about; now it is only shown
    return Sample(number=NOBODY, context=context, choices=[(NOBODY, str(application.company))])


def context_of(occasion: str, application: Application) -> dict[str, Any]:
    """Everything that any of our letters is told about an application; what it has not had yet is made up."""
    fair = application.fair
    application.changes_due_at = application.changes_due_at or fair.applications_close_at
    placement = _placement(occasion, application)
    step = _step(application)
    documents = _documents(occasion, application)
    co_exhibitor = CoExhibitor.objects.filter(application=application).select_related("company").first()
    desk = _DESK.get(occasion, f"exhibitors/application/{application.pk}/change/")
    return {
        "fair": fair,
        "fair_zone": fair.time_zone,
        "company": application.company,
        "application": application,
        "step": step,
        "reason": step.reason or ("" if occasion.endswith("stand_offered") else _("Here stands what the organiser wrote.")),
        "placement": placement,
        "kept": None,
        "has_stand": False,
        "wishes": _wishes(application),
        "categories": list(application.categories.all()),
        "rank": application.waitlist_rank or 1,
        "wish": application.move_wish or _("Here stands what is wished for."),
        "extension": _extension(application),
        "days": 3,
        "closes_at": fair.applications_close_at,
        "document": documents[0],
        "documents": documents,
        "has_offer": False,
        "plan_url": plan_url_of(placement) if placement else "",
        "main_exhibitor": application.company,
        "co_exhibitor": str(co_exhibitor.company) if co_exhibitor else _("Co-exhibitor Ltd."),
        "is_placed": application.told_status == ApplicationStatus.ACCEPTED,
        "desk_url": f"{settings.SITE_URL}/admin/{desk}",
        **_digest(application),
        **(_of_the_day(application) if occasion == "exhibitors.staff_digest" else {}),
        "claim": _claim(application),
    }


def _placement(occasion: str, application: Application) -> Placement | None:
    """The latest; in a letter about a lapsed offer as the fair takes silence."""
    fair = application.fair
    found = application.placements.select_related("stand__hall", "site").order_by("-pk").first() or example_placement(application)
    if found is not None:
        found.answer_by = found.answer_by or fair.applications_close_at
        if "offer_lapsed" in occasion:
            found.status = PlacementStatus.ACCEPTED if fair.silence_accepts else PlacementStatus.LAPSED
    return found


def _step(application: Application) -> ApplicationStep:
    closes_at = application.fair.applications_close_at
    steps = ApplicationStep.objects.filter(application=application)
    found = steps.order_by("-pk").first() or ApplicationStep(application=application, step="submit", at=closes_at)
    found.at = found.at or closes_at
    found.on_behalf = False
    return found


def _extension(application: Application) -> DeadlineExtension | None:
    found = DeadlineExtension.objects.filter(application=application).select_related("deadline").order_by("-at").first()
    deadline = application.fair.deadlines.order_by("due_at").first()
    if found is not None or deadline is None:
        return found
    return DeadlineExtension(application=application, deadline=deadline, due_at=deadline.due_at + timedelta(days=3))


def _documents(occasion: str, application: Application) -> list[Document]:
    """In letters about their validity they end before the fair does."""
    fair = application.fair
    rows = Document.objects.filter(application=application).select_related("requirement", "file").order_by("-pk")
    documents = list(rows[:5]) or [example_document(application)]
    for document in documents:
        document.valid_until = fair.starts_on if "expire" in occasion else document.valid_until or fair.ends_on
    return documents


def _of_the_day(application: Application) -> dict[str, Any]:
    """A day on which this application came in, among others."""
    counts = dict.fromkeys((name for name, _what in FIGURES), 1)
    desk = f"{settings.SITE_URL}/admin/"
    new = [{"name": application.company, "url": page_of(application)}]
    urls = links(application.fair, application.fair.starts_on)
    return {**counts, "new": new, "new_more": 0, "urls": urls, "settings_url": f"{desk}accounts/user/my-notices/"}


def _claim(application: Application) -> CompanyClaim:
    """Somebody made up has entered the company once more."""
    entered = copy.copy(application.company)
    entered.legal_name = f"{entered.legal_name} (2)"
    person = User(name=_("Anna Petrova"), email="anna@example.com")
    return CompanyClaim(person=person, entered=entered, existing=application.company)


def _digest(application: Application) -> dict[str, Any]:
    """What the application has to do, the next first; where it has nothing, the first deadlines of the fair as if they were near."""
    now = clock.now()
    found = read_open([application], fair=application.fair, now=now)
    items = [_item(one.deadline, one.due_at, application, one, now=now) for one in sorted(found.values(), key=lambda one: one.due_at)]
    ahead, over = [item for item in items if item["is_ahead"]][:DEADLINES], [item for item in items if not item["is_ahead"]][:DEADLINES]
    if not items:
        rows = application.fair.deadlines.exclude(audience=Audience.STAFF).order_by("due_at", "pk")[:2]
        ahead = [_item(deadline, deadline.due_at, application, None, now=now) for deadline in rows]
    told = [*ahead, *over]
    return {
        "ahead": ahead,
        "over": over,
        "only": told[0] if len(told) == 1 else None,
        "count": len(told),
        "is_coordinator": False,
        "acts": True,
        "has_tasks": bool(over),
        "tasks_url": f"{settings.SITE_URL}/admin/exhibitors/stafftask/",
    }


def _item(deadline: Deadline, due_at: datetime, application: Application, found: OpenDeadline | None, *, now: datetime) -> dict[str, Any]:
    zone = application.fair.zone
    due_day = due_at.astimezone(zone).date()
    left = (due_day - now.astimezone(zone).date()).days
    is_near = found is None and left < 0
    return {
        "deadline": deadline,
        "due_at": due_at,
        "due_day": due_day,
        "is_ahead": is_near or now < due_at,
        "days_left": 7 if is_near else left,
        "days_left_text": days_left_text(7 if is_near else left),
        "days_over_text": days_ago_text(-left),
        "is_task": False,
        "by_hand": found is not None and found.is_by_hand,
        "rows": [{"company": application.company, "why": why_text(found) if found else _("Here stands what is missing.")}],
        "count": 1,
        "more": 0,
    }


def _wishes(application: Application) -> list[SiteWish]:
    found = Application.objects.filter(pk=application.pk).prefetch_related(wishes_with_sites()).first()
    return list(found.site_wishes.all()) if found else example_wishes(application)
