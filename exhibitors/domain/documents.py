"""Documents: handed in, reviewed, replaced. Every verb locks the application first, so that no two of them meet on one document."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from api import files
from api.problems import Conflict, Invalid, field_error
from api.text import clean_line, clean_text
from exhibitors.domain import changes, checklist, checklist_facts, deadlines, document_letters
from exhibitors.domain.differences import Diff
from exhibitors.domain.editing import require_live
from exhibitors.domain.steps import locked
from exhibitors.enums import ChangeSubject, DocumentState
from exhibitors.models import Application, Document, DocumentRequirement
from exhibitors.models.document import every_kind
from fairs.models import Fair, Site

MOST_DOCUMENTS = 200  # of one application, all versions: nobody fills the disk


class DocumentReviewed(Conflict):
    """Somebody has decided on the document meanwhile, or it is not the one that counts any more."""

    code = "document-not-open"


class DocumentSettled(Conflict):
    """An approved document stays as it is once its deadline has passed; the organiser may return it."""

    code = "document-settled"


class TooManyDocuments(Conflict):
    code = "too-many-documents"


@transaction.atomic
def upload(
    *,
    application_id: int,
    file: Any,
    by: User | None,
    now: datetime,
    requirement: str | None = None,
    site: str | None = None,
    title: str = "",
    valid_until: date | None = None,
    as_staff: bool = False,
) -> Document:
    """Hand in a document: the next version of what ``requirement`` (a code) asks for, or something else under a ``title``.

    A version that was not reviewed is replaced, a returned one is answered by it. ``site`` (a slug) where each site needs its own.
    Raises Invalid and FileRefused with pointers, NotEditable, DocumentSettled, TooManyDocuments.
    """
    application = locked(application_id)
    require_live(application)
    if application.documents.count() >= MOST_DOCUMENTS:
        raise TooManyDocuments(_("This application has %(count)d documents, which is the most there can be.") % {"count": MOST_DOCUMENTS})
    asked = _requirement(application, requirement, now=now)
    place = _site(application, asked, site)
    if asked is None and not clean_line(title):
        raise Invalid([field_error("/title", "required", _("Write what this document is, or name the required document that it is."))])
    if asked is not None:
        _require_concerned(application, asked, place, now=now)
    _check_days(asked, valid_until, fair=application.fair, now=now)
    before = _current(application, asked, place)
    if before is not None:
        _require_replaceable(application, before, now=now, as_staff=as_staff)
    stored = files.keep(file, kinds=asked.kinds if asked else every_kind(), by=by, now=now)
    if before is not None:
        Document.objects.filter(pk=before.pk).update(state=DocumentState.SUPERSEDED)
    document = Document.objects.create(
        application=application,
        requirement=asked,
        site=place,
        title="" if asked else clean_line(title),
        version=_next_version(application, asked, place),
        file=stored,
        uploaded_by=by,
        uploaded_at=now,
        valid_until=valid_until,
    )
    diff = Diff()
    diff.note("documents", before.version if before else None, document.version, of=_called(document))
    _record(application, diff, by=by, now=now, as_staff=as_staff)
    return document


def _called(document: Document) -> str:
    """The code of what was asked for, else the title or the file's name."""
    return document.requirement.code if document.requirement else document.title or document.file.original_name


def _record(application: Application, diff: Diff, *, by: User | None, now: datetime, as_staff: bool) -> None:
    changes.record_part(application=application, subject=ChangeSubject.DOCUMENTS, by=by, as_staff=as_staff, now=now, diff=diff)


@transaction.atomic
def approve(*, document_id: int, by: User, now: datetime, seen: str = "") -> Document:
    """The organiser's yes. No letter goes: the checklist shows it. Raises DocumentReviewed when somebody decided first.

    ``seen``: the state in which the decider saw it, where that is known.
    """
    document = _open(document_id, states=(DocumentState.UPLOADED,), seen=seen)
    if document.valid_until is not None and document.valid_until < _today(document.application.fair, now):
        raise DocumentReviewed(_("The document is no longer valid: return it instead."))
    return _decide(document, DocumentState.APPROVED, by=by, now=now)


@transaction.atomic
def return_(*, document_id: int, reason: str, by: User, now: datetime, seen: str = "") -> Document:
    """Send it back with a reason, which the exhibitor gets by letter; an approved one, too. Raises DocumentReviewed, Invalid.

    ``seen``: the state in which the decider saw it, where that is known.
    """
    reason = clean_text(reason).strip()
    if not reason:
        raise Invalid([field_error("/reason", "required", _("Say what is to be done."))])
    document = _open(document_id, states=(DocumentState.UPLOADED, DocumentState.APPROVED, DocumentState.EXPIRED), seen=seen)
    decided = _decide(document, DocumentState.RETURNED, by=by, now=now, reason=reason)
    document_letters.returned(decided)
    return decided


@transaction.atomic
def change(*, document_id: int, valid_until: date | None, by: User | None, now: datetime, as_staff: bool = False) -> Document:
    """Correct the last day of validity while nobody has reviewed it; what was told of another day is told of this one in its time.

    Raises DocumentReviewed, Invalid.
    """
    document = _open(document_id, states=(DocumentState.UPLOADED,))
    _check_days(document.requirement, valid_until, fair=document.application.fair, now=now)
    diff = Diff()
    diff.note("documents.valid_until", document.valid_until, valid_until, of=_called(document))
    if valid_until != document.valid_until:
        document.valid_until, document.expiry_warned_at, document.expiry_told_at = valid_until, None, None
        document.save(update_fields=["valid_until", "expiry_warned_at", "expiry_told_at"])
    _record(document.application, diff, by=by, now=now, as_staff=as_staff)
    return document


@transaction.atomic
def remove(*, document_id: int, by: User | None, now: datetime, as_staff: bool = False) -> None:
    """Take back what nobody has reviewed; the version before counts again. Raises DocumentReviewed."""
    document = _open(document_id, states=(DocumentState.UPLOADED,))
    document.delete()
    document.file.delete()
    before = _versions(document.application, document.requirement, document.site).order_by("-version").first()
    if document.requirement is not None and before is not None:
        before.state = before.was
        before.save(update_fields=["state"])
    diff = Diff()
    counts_again = before.version if document.requirement is not None and before is not None else None
    diff.note("documents", document.version, counts_again, of=_called(document))
    _record(document.application, diff, by=by, now=now, as_staff=as_staff)


def expire(*, now: datetime) -> int:
    """Mark the documents whose last day has passed in their fair's zone. Returns how many; run twice it marks nothing twice."""
    count = 0
    valid = Q(documents__state__in=(DocumentState.UPLOADED, DocumentState.APPROVED), documents__valid_until__isnull=False)
    for fair in Fair.objects.filter(pk__in=Application.objects.filter(valid).values("fair")):
        over = Document.objects.filter(
            application__fair=fair,
            state__in=(DocumentState.UPLOADED, DocumentState.APPROVED),
            valid_until__lt=_today(fair, now),
        )
        count += over.update(state=DocumentState.EXPIRED)
    return count


def _open(document_id: int, *, states: Collection[DocumentState], seen: str = "") -> Document:
    """The document with its application, locked. Raises DocumentReviewed unless it is in one of ``states``, and as it was ``seen``."""
    found = Document.objects.values_list("application", flat=True).get(pk=document_id)
    application = locked(found)
    document = Document.objects.select_related("requirement", "site", "file").filter(pk=document_id).first()
    if document is None:
        raise DocumentReviewed(_("The document has been taken back."))
    document.application = application
    require_live(application)
    if document.state not in states:
        raise DocumentReviewed(
            _("This is not possible while the document is “%(state)s”.") % {"state": document.get_state_display()}, state=document.state
        )
    if seen and seen != document.state:
        news = {"state": document.get_state_display(), "who": document.reviewed_by.get_full_name() if document.reviewed_by else "–"}
        raise DocumentReviewed(
            _("Meanwhile the document is “%(state)s” (%(who)s). Look again before you decide.") % news, state=document.state
        )
    return document


def _decide(document: Document, state: DocumentState, *, by: User, now: datetime, reason: str = "") -> Document:
    document.state, document.reviewed_by, document.reviewed_at, document.reason = state, by, now, reason
    document.save(update_fields=["state", "reviewed_by", "reviewed_at", "reason"])
    return document


def _requirement(application: Application, code: str | None, *, now: datetime) -> DocumentRequirement | None:
    if code is None:
        return None
    found = DocumentRequirement.objects.select_related("deadline").filter(fair=application.fair_id, code=code).first()
    if found is None or not found.is_in_force(_today(application.fair, now)):
        text = _("The fair asks for no such document: what it asks for stands on the checklist of the application.")
        raise Invalid([field_error("/requirement", "unknown_requirement", text)])
    return found


def _site(application: Application, asked: DocumentRequirement | None, slug: str | None) -> Site | None:
    if asked is None or not asked.per_site:
        if slug is not None:
            raise Invalid([field_error("/site", "not_per_site", _("This document is one for all sites: leave the site out."))])
        return None
    if slug is None:
        raise Invalid([field_error("/site", "required", _("Name the site: each needs its own."))])
    site = Site.objects.filter(fair=application.fair_id, slug=slug, site_wishes__application=application).first()
    if site is None:
        raise Invalid([field_error("/site", "unknown_site", _("The application asks for no such site."))])
    return site


def _require_concerned(application: Application, asked: DocumentRequirement, site: Site | None, *, now: datetime) -> None:
    """Raise Invalid for a document that is not asked of this application, or not for this site of it."""
    facts = checklist_facts.wished(application, now=now)
    whom = {"whom": asked.get_audience_display()}
    if not checklist.asks(asked, facts):
        text = _("This document is not asked of this application; it is asked of: %(whom)s. Send what you have under a title instead.")
        raise Invalid([field_error("/requirement", "not_asked", text % whom)])
    sites = [wish.site for wish in facts.wishes_with(asked.audience)]
    if site is not None and site not in sites:
        text = _("For this site the document is not asked; it is asked of: %(whom)s. Name one of: %(sites)s.")
        raise Invalid([field_error("/site", "not_asked", text % {**whom, "sites": ", ".join(each.slug for each in sites)})])


def _check_days(asked: DocumentRequirement | None, valid_until: date | None, *, fair: Fair, now: datetime) -> None:
    if valid_until is None:
        if asked is not None and asked.needs_expiry:
            raise Invalid([field_error("/valid_until", "required", _("Say until when the document is valid."))])
    elif valid_until < _today(fair, now):
        raise Invalid([field_error("/valid_until", "expired", _("The document is no longer valid: upload one that is."))])


def _versions(application: Application, asked: DocumentRequirement | None, site: Site | None) -> Any:
    return Document.objects.filter(application=application, requirement=asked, site=site)


def _current(application: Application, asked: DocumentRequirement | None, site: Site | None) -> Document | None:
    if asked is None:
        return None
    found: Document | None = _versions(application, asked, site).current().first()
    return found


def _next_version(application: Application, asked: DocumentRequirement | None, site: Site | None) -> int:
    latest = _versions(application, asked, site).order_by("-version").first() if asked else None
    return latest.version + 1 if latest else 1


def _require_replaceable(application: Application, document: Document, *, now: datetime, as_staff: bool) -> None:
    """An approved one is replaced until its deadline (without one: until the fair begins); later the organiser returns it first."""
    if document.state != DocumentState.APPROVED or as_staff:
        return
    deadline = document.requirement.deadline if document.requirement else None
    if deadline is not None:
        is_over = now > deadlines.due_moment(application, deadline)
    else:
        is_over = _today(application.fair, now) >= application.fair.starts_on
    if is_over:
        raise DocumentSettled(_("The document was approved and its time is over: ask the organiser to return it if it has to be replaced."))


def _today(fair: Fair, now: datetime) -> date:
    return fair.day_of(now)
