"""Everything that was sent to an exhibitor and what became of it: of one application, or of a company at all fairs of the reader."""

from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import clock
from exhibitors.domain.letter_concerns import about, letters_of_companies, to_people_of
from exhibitors.models import Application, CoExhibitor, Company
from fairs.moments import moment_text, offset_text
from notifications.access import letters_seen_by, may_see_letters
from notifications.models import Letter
from notifications.moments import city_of
from notifications.outcomes import Outcome, outcome_of

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin
    from exhibitors.admin.company import CompanyAdmin

PAGE_SIZE = 50


def letters_of_application(application: Application) -> Q:
    """About the application or its co-exhibitors, or to the company's people at that fair."""
    co_exhibitors = about("co_exhibitor", CoExhibitor.objects.filter(application=application))
    to_its_people = Q(fair=application.fair_id) & to_people_of(Company.objects.filter(pk=application.company_id))
    return Q(about=f"application:{application.pk}") | Q(about__in=co_exhibitors) | to_its_people


def letters_of_company(company: Company) -> Q:
    """The same for all applications of the company, and what concerns the company itself."""
    return letters_of_companies(Company.objects.filter(pk=company.pk))


def application_letters_page(page: "ApplicationAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The timeline of one application, in the fair's zone."""
    application: Any = page.get_object(request, object_id)
    if application is None:
        raise Http404
    back = reverse("admin:exhibitors_application_change", args=[application.pk])
    return _timeline(page, request, letters_of_application(application), str(application.company), application.fair.zone, back)


def company_letters_page(page: "CompanyAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The timeline of a company at all fairs whose letters the reader sees, in the reader's zone."""
    company: Any = page.get_object(request, object_id)
    if company is None:
        raise Http404
    back = reverse("admin:exhibitors_company_change", args=[company.pk])
    user: Any = request.user
    return _timeline(page, request, letters_of_company(company), str(company), ZoneInfo(user.time_zone), back)


def _timeline(page: Any, request: HttpRequest, which: Q, name: str, zone: ZoneInfo, back: str) -> HttpResponse:
    user: Any = request.user
    if not may_see_letters(user):
        raise PermissionDenied
    found = letters_seen_by(user).filter(which).defer("text", "html", "sealed").select_related("fair").order_by("-created_at", "-pk")
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("p"))
    rows = [_row(letter, zone) for letter in shown]
    context = {
        **page.admin_site.each_context(request),
        "title": _("Letters to and about %(name)s") % {"name": name},
        "opts": page.opts,
        "days": [(day, list(those)) for day, those in groupby(rows, key=lambda row: row["day"])],
        "shown": shown,
        "zone": city_of(zone.key, language=get_language() or "en"),
        "back": back,
        "back_name": name,
    }
    return TemplateResponse(request, "admin/exhibitors/application/letters.html", context)


def _row(letter: Letter, zone: ZoneInfo) -> dict[str, Any]:
    """A letter as the timeline shows it, each moment with the distance from UTC that holds then.

    ``moment`` is when what is told of it happened, or is to happen.
    """
    outcome = outcome_of(letter, now=timezone.now())
    happened = letter.bounced_at or letter.delivered_at or letter.sent_at
    offset = clock.offset()  # letters go by real time
    at = (letter.created_at + offset).astimezone(zone)
    moment = letter.due_at if outcome == Outcome.LATER else happened
    return {
        "letter": letter,
        "day": date_format(at, "SHORT_DATE_FORMAT"),
        "time": f"{at:%H:%M} ({offset_text(at)})",
        "outcome": outcome,
        "colour": Outcome.colours[outcome.value] or "base",
        "moment": moment_text(moment + offset, zone) if moment else "",
        "why": letter.report if outcome == Outcome.BOUNCED else letter.last_error,
        "url": reverse("admin:notifications_letter_change", args=[letter.pk]),
    }
