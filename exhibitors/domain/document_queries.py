"""Documents as their readers see them."""

from typing import Any

from api.file_links import file_url
from api.languages import texts_of
from exhibitors.domain.application_queries import Reader
from exhibitors.models import Application, Document
from exhibitors.models.document import DocumentQuerySet
from exhibitors.roles import CompanyRight
from fairs.roles import Right


def documents_of(application: Application) -> DocumentQuerySet:
    """All versions, with what a representation needs."""
    rows = Document.objects.filter(application=application.pk)
    return rows.select_related("requirement", "site", "file", "uploaded_by", "reviewed_by", "application__fair").order_by("pk")


def may_load(reader: Reader, application: Application) -> bool:
    """Whether the reader gets links to the files: the company's own people, and staff who review documents."""
    rights, company_rights = reader.rights_at(application)
    return Right.REVIEW_DOCUMENTS in rights or CompanyRight.VIEW in company_rights


def present(document: Document, *, reader: Reader, has_link: bool, is_staff: bool) -> dict[str, Any]:
    """One version, with its texts in all languages. ``file_url`` is for this reader, for ten minutes."""
    fair = document.application.fair
    zone = fair.zone
    reviewed_by = document.reviewed_by.get_full_name() if document.reviewed_by else None
    return {
        "id": document.pk,
        "requirement": document.requirement.code if document.requirement else None,
        "requirement_title": texts_of(document.requirement, "title") if document.requirement else None,
        "title": document.title,
        "site": document.site.slug if document.site else None,
        "version": document.version,
        "state": document.state,
        "reason": document.reason,
        "valid_until": document.valid_until.isoformat() if document.valid_until else None,
        "expires_before_end": document.valid_until is not None and document.valid_until < fair.ends_on,
        "file_name": document.file.original_name,
        "file_kind": document.file.kind,
        "file_size": document.file.size,
        "file_sha256": document.file.sha256,
        "file_url": file_url(document.file, user=reader.user) if has_link else None,
        "uploaded_at": document.uploaded_at.astimezone(zone).isoformat(),
        "uploaded_by": document.uploaded_by.get_full_name() if document.uploaded_by else None,
        "reviewed_at": document.reviewed_at.astimezone(zone).isoformat() if document.reviewed_at else None,
        **({"reviewed_by": reviewed_by} if is_staff else {}),
    }
