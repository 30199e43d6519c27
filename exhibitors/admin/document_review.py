"""The page of one document: what it is, the versions beside it, and the two buttons with what each of them will do."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

import clock
from api.file_kinds import PICTURES, FileKind
from api.file_links import file_path
from api.problems import Refused
from exhibitors.domain import documents, readers
from exhibitors.domain.application_queries import Reader
from exhibitors.domain.seen_state import SEEN
from exhibitors.enums import DocumentState
from exhibitors.models import Document
from fairs import access
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.document import DocumentAdmin


# What is done with a file when it comes in (api/files.py, api/file_kinds.py), and no more than that.
_PICTURE = _("When it was sent, its size was checked and the picture was drawn anew: nothing of the sent file is left but what you see.")
CHECKED = {
    **dict.fromkeys(PICTURES, _PICTURE),
    FileKind.PDF: _("When it was sent, its size was checked, that it is a PDF, and that it shows no scripts, attached files or password."),
    FileKind.XLSX: _("When it was sent, its size was checked, that it is a workbook, and that it has no macros or embedded objects."),
}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("What is to be done"), max_length=4000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}))


def review_page(page: "DocumentAdmin", request: HttpRequest, document: Document) -> HttpResponse:
    """Show the document, or decide on it. The domain has the last word; its refusal is shown on the page."""
    rights = _rights(request, document)
    form = ReasonForm(request.POST if "return" in request.POST else None)
    if request.method == "POST":
        if Right.REVIEW_DOCUMENTS not in rights:
            raise PermissionDenied
        if _decided(request, document, form):
            following = _next(page, request, document)
            target = following or document
            return HttpResponseRedirect(reverse("admin:exhibitors_document_review", args=[target.pk]))
        document.refresh_from_db()
    return TemplateResponse(request, "admin/exhibitors/document/review.html", _context(page, request, document, form, rights))


def _rights(request: HttpRequest, document: Document) -> frozenset[Right]:
    user: Any = request.user
    rights, _own = Reader.of(user, access.memberships(user, document.application.fair_id)).rights_at(document.application)
    return rights


def _decided(request: HttpRequest, document: Document, form: ReasonForm) -> bool:
    user: Any = request.user
    given: dict[str, Any] = {"document_id": document.pk, "by": user, "now": clock.now(), "seen": request.POST.get(SEEN, "")}
    try:
        if "approve" in request.POST:
            documents.approve(**given)
            messages.success(request, gettext("%(what)s: approved.") % {"what": document})
            return True
        if form.is_valid():
            documents.return_(reason=form.cleaned_data["reason"], **given)
            messages.success(request, gettext("%(what)s: returned; the exhibitor gets a letter.") % {"what": document})
            return True
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return False


def _next(page: "DocumentAdmin", request: HttpRequest, document: Document) -> Document | None:
    """The oldest of the same fair that waits, other than this one."""
    waiting = page.get_queryset(request).filter(state=DocumentState.UPLOADED, application__fair=document.application.fair_id)
    found: Document | None = waiting.exclude(pk=document.pk).order_by("uploaded_at", "pk").first()
    return found


def _context(page: "DocumentAdmin", request: HttpRequest, document: Document, form: ReasonForm, rights: frozenset[Right]) -> dict[str, Any]:
    application, fair = document.application, document.application.fair
    may_review = Right.REVIEW_DOCUMENTS in rights
    following = _next(page, request, document)
    is_open = document.state in (DocumentState.UPLOADED, DocumentState.APPROVED, DocumentState.EXPIRED)
    return {
        **page.admin_site.each_context(request),
        "title": document.requirement or document.title or document.file.original_name,
        "opts": page.opts,
        "original": document,
        "document": document,
        "application": application,
        "fair": fair,
        "zone": fair.time_zone,
        "file_path": file_path(document.file, user=request.user) if may_review else "",
        "shows_picture": may_review and document.file.kind in PICTURES,
        "what_was_checked": CHECKED[FileKind(document.file.kind)],
        "versions": _versions(document, request, may_review),
        "form": form,
        "may_approve": may_review and document.state == DocumentState.UPLOADED,
        "may_return": may_review and is_open,
        "may_review": may_review,
        "letter_readers": readers.exhibitor_readers(application),
        "expires_before_end": document.valid_until is not None and document.valid_until < fair.ends_on,
        "next_url": reverse("admin:exhibitors_document_review", args=[following.pk]) if following else "",
        "queue_url": f"{reverse('admin:exhibitors_document_changelist')}?state__exact={DocumentState.UPLOADED}",
        "application_url": reverse("admin:exhibitors_application_change", args=[application.pk]),
    }


def _versions(document: Document, request: HttpRequest, may_review: bool) -> list[dict[str, Any]]:
    """All versions of the same requirement and site, the newest first, each with a link to its file."""
    same = Document.objects.filter(application=document.application_id, requirement=document.requirement_id, site=document.site_id)
    found = same.filter(pk=document.pk) if document.requirement_id is None else same
    rows = found.select_related("file", "reviewed_by").order_by("-version")
    return [
        {
            "row": row,
            "is_this": row.pk == document.pk,
            "url": reverse("admin:exhibitors_document_review", args=[row.pk]),
            "file_path": file_path(row.file, user=request.user) if may_review else "",
        }
        for row in rows
    ]
