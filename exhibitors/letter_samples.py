"""Real applications to preview letters with: what a letter about them would be told. Nothing is written."""

import copy
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exhibitors.domain.staff_digest_links import links, page_of
from exhibitors.enums import ApplicationStatus
from exhibitors.letter_figures import FIGURES
from exhibitors.models import Application, ApplicationStep, CoExhibitor, CompanyClaim, DeadlineExtension, Document, Placement
from exhibitors.models.application import wishes_with_sites
from fairs.models import Fair
from notifications.occasions import Sample

CHOICES = 30  # applications offered as examples


def sample_of(occasion: str, fair: Fair, number: int | None) -> Sample | None:
    """The application of this number at the fair, or the first that has what the letter speaks of."""
    rows = Application.objects.filter(fair=fair).select_related("company__region", "responsible")
    rows = rows.annotate(placed=Exists(Placement.objects.filter(application=OuterRef("pk")))).order_by("-placed", "pk")
    offered = list(rows[:CHOICES])
    if occasion.startswith("exhibitors.document_"):
        rows = rows.filter(Exists(Document.objects.filter(application=OuterRef("pk"))))
    chosen = (Application.objects.filter(fair=fair, pk=number).select_related("company__region", "responsible") if number else rows).first()
    if chosen is None:
        return None
    chosen.fair = fair
    choices = [(row.pk, f"{row.pk} · {row.company}") for row in offered]
    if chosen.pk not in dict(choices):
        choices.append((chosen.pk, f"{chosen.pk} · {chosen.company}"))
    return Sample(number=chosen.pk, context=context_of(occasion, chosen), choices=choices)


def context_of(occasion: str, application: Application) -> dict[str, Any]:
    """Everything that any of our letters is told about an application; what it has not had yet is made up."""
    fair = application.fair
    placement = application.placements.select_related("stand__hall", "site").order_by("-pk").first()
    if placement is not None and placement.answer_by is None:
        placement.answer_by = fair.applications_close_at
    steps = ApplicationStep.objects.filter(application=application)
    step = steps.order_by("-pk").first() or ApplicationStep(application=application, step="submit", at=fair.applications_close_at)
    step.at = step.at or fair.applications_close_at
    reason = step.reason or ("" if occasion.endswith("stand_offered") else _("Here stands what the organiser wrote."))
    deadline = fair.deadlines.order_by("due_at").first()
    extension = (
        DeadlineExtension(application=application, deadline=deadline, due_at=deadline.due_at + timedelta(days=3)) if deadline else None
    )
    documents = list(Document.objects.filter(application=application).select_related("requirement", "file").order_by("-pk")[:5])
    for document in documents:  # in letters about its validity it ends before the fair does
        is_short = "expire" in occasion
        document.valid_until = fair.starts_on if is_short else document.valid_until or fair.ends_on
    co_exhibitor = CoExhibitor.objects.filter(application=application).select_related("company").first()
    application.changes_due_at = application.changes_due_at or fair.applications_close_at
    desk = {
        "exhibitors.documents_to_review": "exhibitors/document/",
        "exhibitors.staff_digest": "",
        "exhibitors.claim_opened": "exhibitors/companyclaim/",
    }.get(occasion, f"exhibitors/application/{application.pk}/change/")
    return {
        "fair": fair,
        "fair_zone": fair.time_zone,
        "company": application.company,
        "application": application,
        "step": step,
        "reason": reason,
        "placement": placement,
        "kept": None,
        "has_stand": False,
        "wishes": list(_with_wishes(application)),
        "categories": list(application.categories.all()),
        "rank": application.waitlist_rank or 1,
        "wish": application.move_wish or _("Here stands what is wished for."),
        "extension": extension,
        "days": 3,
        "closes_at": fair.applications_close_at,
        "document": documents[0] if documents else None,
        "documents": documents,
        "has_offer": False,
        "plan_url": f"{settings.SITE_URL}/api/v1/fairs/{fair.slug}/halls/hall/floor-plan.svg",
        "main_exhibitor": application.company,
        "co_exhibitor": str(co_exhibitor.company) if co_exhibitor else _("Co-exhibitor Ltd."),
        "is_placed": application.told_status == ApplicationStatus.ACCEPTED,
        "desk_url": f"{settings.SITE_URL}/admin/{desk}",
        **_digest(application),
        **(_of_the_day(application) if occasion == "exhibitors.staff_digest" else {}),
        "claim": _claim(application),
    }


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
    person = User(name=_("Anna Petrova"), email="anna@example.com")
    return CompanyClaim(person=person, entered=entered, existing=application.company)


def _digest(application: Application) -> dict[str, Any]:
    """The first two deadlines of the fair, as if they were due in a week."""
    items = [
        {
            "deadline": deadline,
            "due_at": deadline.due_at,
            "due_day": deadline.due_at.astimezone(application.fair.zone).date(),
            "is_ahead": True,
            "days_left": 7,
            "days_left_text": _("in 7 days"),
            "days_over_text": "",
            "is_task": False,
            "rows": [{"company": application.company, "why": _("Here stands what is missing.")}],
            "count": 1,
            "more": 0,
        }
        for deadline in application.fair.deadlines.order_by("due_at", "pk")[:2]
    ]
    only = items[0] if len(items) == 1 else None
    tasks = f"{settings.SITE_URL}/admin/exhibitors/stafftask/"
    return {"ahead": items, "over": [], "only": only, "count": len(items), "is_coordinator": False, "acts": True, "tasks_url": tasks}


def _with_wishes(application: Application) -> Any:
    return Application.objects.filter(pk=application.pk).prefetch_related(wishes_with_sites()).get().site_wishes.all()
