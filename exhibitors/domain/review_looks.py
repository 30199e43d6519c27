"""What has changed at an application since it was submitted, and which of it a reader has not seen yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from exhibitors.enums import ChangeSource, ChangeSubject
from exhibitors.models import Application, CompanyChange, ReviewLook

SAME_LOOK = timedelta(minutes=30)  # whoever reads, scores and decides looks once
MOST = 50  # changes shown
_OF_COMPANY = (ChangeSubject.COMPANY, ChangeSubject.CONTACTS)


@dataclass(frozen=True)
class SeenChange:
    change: CompanyChange
    is_new: bool  # to its reader


def look(*, application: Application, reader: User, now: datetime) -> datetime | None:
    """Note that ``reader`` looks now. Answers when the same reader looked before that; None: never."""
    row = ReviewLook.objects.filter(application=application, reader=reader).first()
    if row is None:
        ReviewLook.objects.bulk_create([ReviewLook(application=application, reader=reader, at=now)], ignore_conflicts=True)
        return None
    if now - row.at > SAME_LOOK:
        row.before_at = row.at
    row.at = now
    row.save(update_fields=["at", "before_at"])
    return row.before_at


def changes_of(application: Application, *, reader: User, since: datetime | None) -> list[SeenChange]:
    """The newest changes after the submission, of the application and of its company's details; other people's since ``since`` are new."""
    if application.submitted_at is None:
        return []
    of_company = Q(application=None, subject__in=_OF_COMPANY)
    rows = CompanyChange.objects.filter(Q(application=application) | of_company, company=application.company_id)
    rows = rows.filter(at__gt=application.submitted_at).exclude(details=[]).select_related("by", "company")
    return [
        SeenChange(change, since is not None and change.at > since and change.by_id != reader.pk)
        for change in rows.order_by("-at", "-pk")[:MOST]
    ]


def with_unseen(applications: QuerySet[Application], *, reader: User) -> QuerySet[Application]:
    """Adds ``has_unseen``: its exhibitor has changed something that the reader, who has looked at it, has not seen."""
    looked = ReviewLook.objects.filter(application=OuterRef("application"), reader=reader, at__lt=OuterRef("at"))
    changed = CompanyChange.objects.filter(application=OuterRef("pk"), at__gt=OuterRef("submitted_at"))
    unseen = changed.exclude(source=ChangeSource.IMPORT).exclude(by=reader).exclude(details=[])
    return applications.annotate(has_unseen=Exists(unseen.filter(Exists(looked))))
