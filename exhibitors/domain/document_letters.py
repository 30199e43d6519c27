"""Letters about documents: to the exhibitor when one is returned, to the reviewers when new ones are there.

An approval writes none: the checklist shows it. One that runs out is told before and after (document_expiry.py). The reviewers hear of
an application's new documents together, half an hour after the last of them, once an application and day of the fair.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from accounts.enums import Notice
from exhibitors.domain import readers
from exhibitors.domain.readers import Reader
from exhibitors.enums import DocumentState
from exhibitors.models import Application, Document
from fairs.models import StaffMembership
from fairs.one_by_one import one_by_one
from fairs.roles import Right
from notifications.outbox import NewLetter, write_letters

QUIET = timedelta(minutes=30)  # after the last upload: more may be on its way


def returned(document: Document) -> None:
    """What has to be done, to the exhibitor's people."""
    application = document.application
    key = f"document_returned:{document.pk}:{document.reviewed_at:%Y%m%dT%H%M%S%f}"
    _write("document_returned", application, readers.exhibitor_readers(application), key=key, document=document, reason=document.reason)


def expiring(document: Document, *, is_over: bool) -> None:
    """That a document runs out before the fair is over, or has, to the exhibitor's people (domain/document_expiry.py)."""
    application = document.application
    occasion = "document_expired" if is_over else "document_expires"
    key = f"{occasion}:{document.pk}:{document.valid_until}"  # a day that is corrected is told of anew
    _write(occasion, application, readers.exhibitor_readers(application), key=key, document=document)


def tell_reviewers(*, now: datetime) -> int:
    """Write what is due to the reviewers about new documents. Returns of how many applications; may run twice."""
    fresh = Document.objects.filter(state=DocumentState.UPLOADED, announced_at=None)
    quiet = fresh.values("application").annotate(latest=Max("uploaded_at")).filter(latest__lte=now - QUIET).order_by("application")
    ids = quiet.values_list("application", flat=True)
    return one_by_one(lambda pk: _tell_of(pk, now=now), ids, what="New documents of application")


@transaction.atomic
def _tell_of(application_id: int, *, now: datetime) -> bool:
    application = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("fair", "company__region", "responsible")
        .get(pk=application_id)
    )
    zone = application.fair.zone
    told = application.documents.aggregate(latest=Max("announced_at"))["latest"]
    if told is not None and told.astimezone(zone).date() == now.astimezone(zone).date():
        return False  # tomorrow
    documents = list(
        application.documents.filter(state=DocumentState.UPLOADED, announced_at=None).select_related("requirement", "file").order_by("pk")
    )
    if not documents:
        return False
    key = f"documents_to_review:{application.pk}:{documents[-1].pk}"
    _write("documents_to_review", application, reviewers(application), key=key, documents=documents)
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(announced_at=now)
    return True


def reviewers(application: Application) -> list[Reader]:
    """The responsible member of staff if that one reviews documents, else everybody who does; who chose the daily digest reads it there."""
    rows = StaffMembership.objects.filter(fair=application.fair_id, user__is_active=True).with_right(Right.REVIEW_DOCUMENTS)
    people = [membership.user for membership in rows.select_related("user").order_by("pk")]
    responsible = [person for person in people if person.pk == application.responsible_id]
    return readers.wanting(readers.once_each(Reader.of(person) for person in responsible or people), Notice.DOCUMENTS)


def _write(occasion: str, application: Application, to: Iterable[Reader], *, key: str, **facts: Any) -> None:
    letters = [
        NewLetter(
            key=f"{key}:{reader.address}",
            to=reader.email,
            name=reader.name,
            user_id=reader.user_id,
            fair_id=application.fair_id,
            occasion=f"exhibitors.{occasion}",
            language=reader.language,
            time_zone=reader.time_zone,
            about=f"application:{application.pk}",
            reply_to=application.fair.reply_to,
            context={
                "fair": application.fair,
                "fair_zone": application.fair.time_zone,
                "company": application.company,
                "application": application,
                "desk_url": f"{settings.SITE_URL}/admin/exhibitors/document/?application__id__exact={application.pk}",
                **facts,
            },
        )
        for reader in to
    ]
    write_letters(letters)
