"""The documents of one application on its page: what is asked for and how far it is, and what else was sent."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

import clock
from exhibitors.admin.review_section import title as title_of
from exhibitors.domain.checklist import ITEM_STATES, Item, ItemKind, checklist
from exhibitors.models import Application, Document
from fairs.moments import moment_text


@dataclass(frozen=True)
class DocumentRow:
    title: str
    state: str
    why: str
    due: str
    required: bool
    url: str  # of its review, empty where nothing was sent


def document_rows(application: Application) -> list[DocumentRow]:
    """What is asked for, the earliest due first, then what nobody asked for."""
    asked = [_asked(item, application) for item in checklist(application, now=clock.now()) if item.kind == ItemKind.DOCUMENT]
    others = application.documents.current().filter(requirement=None).select_related("file").order_by("pk")
    return [*asked, *(_other(document) for document in others)]


def _asked(item: Item, application: Application) -> DocumentRow:
    title = title_of(item.title)
    place = next((str(wish.site) for wish in application.site_wishes.all() if wish.site.slug == item.site), "") if item.site else ""
    return DocumentRow(
        title=f"{title} · {place}" if place else title,
        state=str(ITEM_STATES[item.state]),
        why=item.why,
        due=moment_text(item.due_at, application.fair.zone),
        required=item.required,
        url=_url(item.document) if item.document else "",
    )


def _other(document: Document) -> DocumentRow:
    title = document.title or document.file.original_name
    return DocumentRow(title, document.get_state_display(), document.reason, "–", required=False, url=_url(document.pk))


def _url(pk: Any) -> str:
    return reverse("admin:exhibitors_document_review", args=[pk])
