"""Letters to the exhibitor about documents that run out before the fair is over: two weeks ahead, and when it has happened.

Each once a version and last day: the moment is written on its row in the transaction of the letters, so that it may run as often as it
likes. They go from 9 o'clock in the fair's zone on.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from exhibitors.domain import document_letters
from exhibitors.domain.steps import locked
from exhibitors.enums import ApplicationStatus, DocumentState
from exhibitors.models import Document
from fairs.enums import FairStatus
from fairs.models import Fair
from fairs.one_by_one import one_by_one

DAYS_BEFORE = 14
HOUR = 9  # in the fair's zone
_VALID = (DocumentState.UPLOADED, DocumentState.APPROVED)
_LONGEST_OFFSET = timedelta(days=1)  # no zone's date is further from that of UTC


def remind(*, now: datetime) -> int:
    """Write the letters that are due. Returns about how many documents."""
    soon = now.date() + timedelta(days=DAYS_BEFORE) + _LONGEST_OFFSET
    fairs = Fair.objects.filter(status=FairStatus.PUBLISHED).lasting(now)
    concerned = fairs.filter(applications__documents__valid_until__lte=soon).distinct().order_by("pk")
    return sum(_remind_at(fair, now=now) for fair in concerned)


def _remind_at(fair: Fair, *, now: datetime) -> int:
    local = now.astimezone(fair.zone)
    if local.hour < HOUR:
        return 0
    today = local.date()
    ids = _due(fair, today).order_by("pk").values_list("pk", flat=True)
    return one_by_one(lambda pk: _tell(pk, today=today, now=now), ids, what="Document")


def _due(fair: Fair, today: date) -> QuerySet[Document]:
    over = Q(valid_until__lt=today, expiry_told_at=None)
    ahead = Q(valid_until__gte=today, valid_until__lte=today + timedelta(days=DAYS_BEFORE), expiry_warned_at=None)
    return watched(fair).filter(over | ahead)


def watched(fair: Fair) -> QuerySet[Document]:
    """Documents of live applications that run out before the fair is over."""
    rows = Document.objects.filter(state__in=(*_VALID, DocumentState.EXPIRED), requirement__isnull=False)
    return rows.filter(
        valid_until__lt=F("application__fair__ends_on"), application__fair=fair, application__told_status__in=ApplicationStatus.live
    )


@transaction.atomic
def _tell(document_id: int, *, today: date, now: datetime) -> bool:
    """The mark and the letters in one transaction; False when somebody was first, or a new version has come meanwhile."""
    application = locked(Document.objects.values_list("application", flat=True).get(pk=document_id))
    document = _due(application.fair, today).select_related("requirement", "site", "file").filter(pk=document_id).first()
    if document is None:
        return False
    document.application = application
    is_over = document.valid_until is not None and document.valid_until < today
    document.expiry_warned_at = document.expiry_warned_at or now  # nobody is warned of what is over
    document.expiry_told_at = now if is_over else None
    document.save(update_fields=["expiry_warned_at", "expiry_told_at"])
    document_letters.expiring(document, is_over=is_over)
    return True
