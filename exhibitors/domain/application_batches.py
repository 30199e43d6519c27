"""Many new applications at once, by the same rules as one (applications.py): what an import of thousands needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from accounts.models import User
from api.problems import Refused
from exhibitors.domain import applications, letters, readers, window
from exhibitors.domain import steps as domain_steps
from exhibitors.domain.completeness import require_complete
from exhibitors.domain.site_wishes import SiteWishInput, check_site, columns_of
from exhibitors.enums import ApplicationStatus, Step
from exhibitors.models import Application, ApplicationStep, Company, ProductCategory, SiteWish
from exhibitors.models.application import wishes_with_sites
from fairs.models import Fair

_AT_ONCE = 500


@dataclass(frozen=True)
class NewApplication:
    """An application of a company that has none at the fair. ``sent_at`` None: it stays a draft."""

    company: Company
    categories: Sequence[ProductCategory]
    sites: Sequence[SiteWishInput]
    sent_at: datetime | None
    responsible: User | None = None


@transaction.atomic
def create_many(*, fair: Fair, new: Sequence[NewApplication], by: User | None, now: datetime, tell: bool) -> list[Application | Refused]:
    """Draft them all and submit those that were sent, in a fixed number of queries. In place of an application: why it is refused.

    The caller undoes the whole where a refusal may not stand beside what was written.
    """
    drafts = [Application(fair=fair, company=one.company, created_by=by, created_at=one.sent_at or now) for one in new]
    rows = Application.objects.bulk_create(drafts, batch_size=_AT_ONCE)
    results: list[Application | Refused] = list(rows)
    wishes = []
    for place, (row, one) in enumerate(zip(rows, new, strict=True)):
        try:
            for number, wish in enumerate(one.sites):
                check_site(row.fair_id, wish, pointer=f"/sites/{number}")
        except Refused as refusal:
            results[place] = refusal
            continue
        wishes += [SiteWish(application=row, **columns_of(wish), site=wish.site) for wish in one.sites]
    SiteWish.objects.bulk_create(wishes, batch_size=_AT_ONCE)
    belongings = Application.categories.through
    belongings.objects.bulk_create(
        [
            belongings(application_id=row.pk, productcategory_id=category.pk)
            for row, one in zip(rows, new, strict=True)
            for category in one.categories
        ],
        batch_size=_AT_ONCE,
    )
    prefetch_related_objects(rows, wishes_with_sites(), "categories")
    _submit(rows, new, results, by=by, tell=tell)
    return results


def _submit(
    rows: Sequence[Application], new: Sequence[NewApplication], results: list[Application | Refused], *, by: User | None, tell: bool
) -> None:
    sent = []
    responsible_by_region: dict[int | None, User | None] = {}
    for place, (row, one) in enumerate(zip(rows, new, strict=True)):
        if one.sent_at is None or results[place] is not row:
            continue
        try:
            window.require_open(row.fair, one.sent_at)
            require_complete(row, is_imported=True)
        except Refused as refusal:
            results[place] = refusal
            continue
        region = one.company.region_id
        if one.responsible is None and region not in responsible_by_region:
            responsible_by_region[region] = applications.default_responsible(row, readers.staff_of(row))
        row.status = row.told_status = ApplicationStatus.SUBMITTED
        row.submitted_at, row.late = one.sent_at, row.fair.is_late(one.sent_at)
        row.responsible = one.responsible or responsible_by_region[region]
        sent.append(row)
    Application.objects.bulk_update(sent, ["status", "told_status", "submitted_at", "late", "responsible"], batch_size=_AT_ONCE)
    steps = [
        ApplicationStep(
            application=row,
            step=Step.SUBMIT.value,
            from_status=ApplicationStatus.DRAFT,
            to_status=ApplicationStatus.SUBMITTED,
            by=by,
            on_behalf=True,
            at=row.submitted_at,
            imported_at=domain_steps.imported_at(),
        )
        for row in sent
    ]
    taken = ApplicationStep.objects.bulk_create(steps, batch_size=_AT_ONCE)
    if tell:
        letters.all_submitted(list(zip(sent, taken, strict=True)))
