"""The approved documents of a selection as one zip: a folder a company."""

import logging
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

import clock
from api.file_kinds import EXTENSIONS, FileKind
from api.zip_stream import Entry, safe_part, zipped
from exhibitors.enums import DocumentState
from exhibitors.models import Document
from fairs import access
from fairs.roles import Right

log = logging.getLogger(__name__)

AT_ONCE = 200  # rows read at a time
MOST = 5000  # documents of one zip


def export_approved(request: HttpRequest, chosen: QuerySet[Document]) -> StreamingHttpResponse | None:
    """The zip, sent while it is made; None where there is nothing to send, which the page then says."""
    user: Any = request.user
    mine = chosen.filter(access.within(user, Right.REVIEW_DOCUMENTS, fair="application__fair"), state=DocumentState.APPROVED)
    rows = mine.select_related("requirement", "site", "file", "application__company", "application__fair").order_by("application", "pk")
    count = rows.count()
    if not count:
        messages.warning(request, _("None of these documents is approved: there is nothing to save."))
        return None
    if count > MOST:
        messages.warning(request, _("These are %(count)d documents; choose %(most)d at the most.") % {"count": count, "most": MOST})
        return None
    response = StreamingHttpResponse(zipped(_entries(rows)), content_type="application/zip")
    name = _("documents %(day)s") % {"day": timezone.localdate(clock.now()).isoformat()} + ".zip"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _entries(rows: QuerySet[Document]) -> Iterator[Entry]:
    for document in rows.iterator(chunk_size=AT_ONCE):
        path, sent_at = f"{_folder(document)}/{_name(document)}", document.uploaded_at.astimezone(document.application.fair.zone)
        if default_storage.exists(document.file.name):
            yield path, sent_at, partial(default_storage.open, document.file.name)
        else:  # the others come all the same, and this one is not missed silently
            log.error("The file of document %s is not in the store.", document.pk)
            yield f"{path}.missing.txt", sent_at, BytesIO


def _folder(document: Document) -> str:
    """By legal name, the same for readers of every language; two of one name stay apart by the number of the application."""
    return f"{safe_part(document.application.company.legal_name)} ({document.application_id})"


def _name(document: Document) -> str:
    """What it is, where, which version; the number keeps apart what is called the same."""
    what = document.requirement.code if document.requirement else document.title or document.file.original_name.rpartition(".")[0]
    place = f" {document.site.slug}" if document.site else ""
    ending = EXTENSIONS[FileKind(document.file.kind)][0]
    return f"{safe_part(f'{what}{place}')} v{document.version} ({document.pk}).{ending}"
