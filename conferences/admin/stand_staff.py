"""The page that registers the people on exhibitors' stands as delegates."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from accounts.models import normalise_address
from api.problems import Refused
from api.text import labelled
from conferences.admin.delegate_kinds import CELL
from conferences.domain import stand_staff
from conferences.models import Conference
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs import access
from fairs.roles import Right


def stand_staff_page(page: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The exhibitors of the fair with their people; those that are ticked are registered."""
    conference: Conference | None = page.get_object(request, object_id)
    if conference is None:
        raise Http404
    user: Any = request.user
    if not access.has_right(user, fair_id=conference.fair_id, right=Right.EDIT_DELEGATES):
        raise PermissionDenied
    if request.method == "POST":
        _register(page, request, conference)
        return HttpResponseRedirect(request.path)
    rows = _rows(conference)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Register people of the stands"),
        "opts": page.opts,
        "rows": rows,
        "has_new": any(row["new"] for row in rows),
        "cell": CELL,
        "back": reverse("admin:conferences_conference_change", args=[conference.pk]),
    }
    return TemplateResponse(request, "admin/conferences/conference/stand_staff.html", context)


def _rows(conference: Conference) -> list[dict[str, Any]]:
    """Exhibitors with people: how many have an address, and how many of these are delegates. Three queries."""
    exhibitors = Application.objects.filter(fair=conference.fair_id, status=ApplicationStatus.ACCEPTED).select_related("company")
    people = stand_staff.people_on([application.pk for application in exhibitors])
    addresses = [person.email for named in people.values() for person in named if person.email]
    known = stand_staff.known_addresses(conference, addresses)
    rows = []
    for application in sorted(exhibitors, key=lambda one: str(one.company)):
        addressed = [normalise_address(person.email) for person in people[application.pk] if person.email]
        if not people[application.pk]:
            continue
        rows.append(
            {
                "application": application,
                "people": len(people[application.pk]),
                "without_address": len(people[application.pk]) - len(addressed),
                "known": sum(address in known for address in addressed),
                "new": sum(address not in known for address in addressed),
            }
        )
    return rows


def _register(page: Any, request: HttpRequest, conference: Conference) -> None:
    user: Any = request.user
    ids = [int(pk) for pk in request.POST.getlist("application") if pk.isdecimal() and len(pk) < 19]
    done = 0
    for application in Application.objects.filter(pk__in=ids, fair=conference.fair_id).select_related("company").order_by("pk"):
        try:
            done += stand_staff.register(application_id=application.pk, conference=conference, by=user, now=clock.now()).people
        except Refused as refusal:
            page.message_user(request, labelled(application.company, refusal), messages.WARNING)
    if done:
        said = ngettext("%(count)s person of the stands is a delegate.", "%(count)s people of the stands are delegates.", done)
        page.message_user(request, said % {"count": done})
