"""Who changed what of a company and for whom: recorded by every function that changes something, asked by imports and the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from exhibitors.domain.differences import Detail, Diff
from exhibitors.enums import ChangeSource, ChangeSubject
from exhibitors.models import Application, CompanyChange


@dataclass(frozen=True)
class Edit:
    """When a person last changed a field, and whether an organiser did it for the company."""

    at: datetime
    by_staff: bool


def source_of(*, by: User | None, as_staff: bool) -> ChangeSource:
    """Who changes something: nobody in particular is a table that a command brings in."""
    if by is None:
        return ChangeSource.IMPORT
    return ChangeSource.STAFF if as_staff else ChangeSource.MEMBER


def record(
    *,
    company_id: int,
    subject: ChangeSubject,
    by: User | None,
    source: ChangeSource,
    now: datetime | None = None,
    fields: Iterable[str] = (),
    application_id: int | None = None,
    details: Sequence[Detail] = (),
) -> None:
    """Note a change in the transaction that makes it. ``fields`` are what an import then leaves alone, unless it was one itself."""
    CompanyChange.objects.create(
        company_id=company_id,
        application_id=application_id,
        subject=subject,
        source=source,
        by=by,
        at=now or timezone.now(),
        fields=sorted(fields),
        details=list(details),
    )


def record_part(*, application: Application, subject: ChangeSubject, by: User | None, as_staff: bool, now: datetime, diff: Diff) -> None:
    """Note what was changed of a part of an application, by its exhibitor or by an organiser for it; nothing where nothing differs."""
    if diff.details:
        record(
            company_id=application.company_id,
            application_id=application.pk,
            subject=subject,
            by=by,
            source=source_of(by=by, as_staff=as_staff),
            now=now,
            details=diff.details,
        )


def record_imported(*, subject: ChangeSubject, diffs: Mapping[Application, Diff], by: User | None, now: datetime) -> None:
    """Note what a table has changed of the applications, all at once; ``by`` nobody where a command brings it in."""
    CompanyChange.objects.bulk_create(
        CompanyChange(
            company_id=application.company_id,
            application=application,
            subject=subject,
            source=ChangeSource.IMPORT,
            by=by,
            at=now,
            details=diff.details,
        )
        for application, diff in diffs.items()
        if diff.details
    )


def edited_by_people(company_ids: Iterable[int]) -> dict[int, dict[str, Edit]]:
    """Of each company the fields that a person has changed, with the latest edit; those of an application begin with its id.

    ``{31: {"name_ru": Edit(…), "contacts:operations": Edit(…), "7:sites": Edit(…)}}``
    """
    found: dict[int, dict[str, Edit]] = {}
    rows = CompanyChange.objects.filter(company__in=company_ids).exclude(source=ChangeSource.IMPORT).order_by("at", "pk")
    for company_id, application_id, fields, source, at in rows.values_list("company", "application", "fields", "source", "at"):
        edits = found.setdefault(company_id, {})
        for name in fields:
            edits[f"{application_id}:{name}" if application_id else name] = Edit(at=at, by_staff=source == ChangeSource.STAFF)
    return found
