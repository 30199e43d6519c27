"""Release the programme at the desk: what would change, who would be told, what stands against it; the step; and the releases before."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanWidget

import clock
from api.languages import COLUMNS
from api.problems import Refused
from api.text import clean_text
from conferences.admin.board import conference_for
from conferences.domain.release_letters import sentence_of
from conferences.domain.release_preview import preview_of, releases_of
from conferences.domain.releases import release_programme
from conferences.models import Conference, ProgrammeRelease, ReleaseChange
from fairs import access
from fairs.admin_scope import label_in
from fairs.moments import moment_text
from fairs.roles import Right

if TYPE_CHECKING:
    from conferences.admin.conference import ConferenceAdmin

LISTED = 100  # changes, readers and warnings; of the others the page says how many there are
LATEST = 20  # releases


class ReleaseForm(forms.Form):
    """``note_…`` in each language; ``seen`` is what the page showed."""

    tells = forms.BooleanField(
        label=gettext_lazy("Write to the people of these sessions and to those signed up for them"),
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notes = {
            f"note_{column}": forms.CharField(
                label=label_in(ProgrammeRelease._meta.get_field("note").verbose_name, language),
                max_length=1000,
                required=False,
                widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
            )
            for language, column in COLUMNS.items()
        }
        self.fields = {**notes, **self.fields}

    def note(self) -> dict[str, str]:
        return {column: clean_text(self.cleaned_data[f"note_{column}"]).strip() for column in COLUMNS.values()}


def release_page(page: "ConferenceAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """What would change and the releases before, for whoever sees the draft; the step for whoever may change it."""
    conference = conference_for(page, request, object_id)
    user: Any = request.user
    may_release = access.has_right(user, fair_id=conference.fair_id, right=Right.EDIT_CONFERENCE)
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_release:
            raise PermissionDenied
        if form.is_valid() and _is_released(request, conference, form):
            return HttpResponseRedirect(request.path)
    preview = preview_of(conference)
    changes, readers = preview.changes, preview.readers.reached
    if not access.has_right(user, fair_id=conference.fair_id, right=Right.VIEW_DELEGATES):
        readers = [reader for reader in readers if not reader.is_delegate]
    context = {
        **page.admin_site.each_context(request),
        "title": _("Release the programme"),
        "opts": page.opts,
        "original": conference,
        "conference": conference,
        "form": form,
        "may_release": may_release,
        "preview": preview,
        "changes": [_shown(change, conference) for change in changes[:LISTED]],
        "readers": readers[:LISTED],
        "rest": {"changes": max(len(changes) - LISTED, 0), "readers": max(len(readers) - LISTED, 0)},
        "warnings": preview.warnings[:LISTED],
        "releases": [_past(release, conference) for release in releases_of(conference, with_confidential=True)[:LATEST]],
        "board": reverse("admin:conferences_conference_board", args=[conference.pk]),
        "back": reverse("admin:conferences_conference_change", args=[conference.pk]),
    }
    return TemplateResponse(request, "admin/conferences/conference/release.html", context)


def _is_released(request: HttpRequest, conference: Conference, form: ReleaseForm) -> bool:
    """Release; a refusal goes onto the form, beside what was typed."""
    user: Any = request.user
    given = form.cleaned_data
    try:
        release = release_programme(
            conference_id=conference.pk, by=user, now=clock.now(), note=form.note(), seen=given["seen"], tells=given["tells"]
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    letters = ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", release.letters)
    told = letters % {"count": release.letters} if release.letters else _("No letter goes.")
    messages.success(request, _("Version %(number)s is released. %(letters)s") % {"number": release.number, "letters": told})
    return True


def _shown(change: ReleaseChange, conference: Conference) -> dict[str, Any]:
    """A change as the desk reads it, on the fair's clock."""
    zone = conference.fair.time_zone
    session = reverse("admin:conferences_session_change", args=[change.session_id]) if change.session_id else ""
    return {
        "code": change.code,
        "kind": change.get_kind_display(),
        "text": sentence_of(change, fair_zone=zone, reader_zone=zone),
        "is_public": change.is_public,
        "url": session,
    }


def _past(release: ProgrammeRelease, conference: Conference) -> dict[str, Any]:
    changes = list(release.changes.all())
    return {
        "number": release.number,
        "moment": moment_text(release.released_at, conference.fair.zone),
        "by": release.by.get_full_name() if release.by else "",
        "note": release.note,
        "letters": release.letters,
        "changes": [_shown(change, conference) for change in changes[:LISTED]],
        "count": len(changes),
        "rest": max(len(changes) - LISTED, 0),
    }
