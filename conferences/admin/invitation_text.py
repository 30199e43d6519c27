"""What organisers may write into visa invitations, and how that looks on paper."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

import clock
from conferences.domain.invitation_texts import MEANINGS
from conferences.models import Conference
from fairs.admin.base import link


def help_of(conference: Conference) -> SafeString:
    """The placeholders with what each stands for, and the way to an example."""
    names = format_html_join("", "<li><code>{{{{ {} }}}}</code> {}</li>", MEANINGS.items())
    example = link(reverse("admin:conferences_conference_invitation", args=[conference.pk]), _("Look at an example (PDF)"))
    return format_html("{}<ul>{}</ul>", example, names)


def sample_page(page: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The letter for somebody made up, with the texts as they are saved."""
    from conferences.exports.invitation import CONTENT_TYPE, sample_pdf  # 30 MB that a web worker which prints nothing need not carry

    conference = page.get_object(request, object_id)
    if conference is None or not page.has_view_permission(request, conference):
        raise Http404
    day = conference.fair.day_of(clock.now())
    return HttpResponse(sample_pdf(conference, day=day), content_type=CONTENT_TYPE)
