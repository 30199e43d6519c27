"""Whom a deadline concerns, until when each of them has time, and who has already done what it asks for."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from exhibitors.domain import exhibit_list
from exhibitors.domain.exhibit_list import FOOD_CHAPTERS
from exhibitors.enums import ApplicationStatus, Scheme
from exhibitors.models import Application, DeadlineExtension, Product, SiteWish
from exhibitors.models.application import ApplicationQuerySet
from fairs.enums import Audience
from fairs.models import Deadline

APPLICATION = "application"  # the code of the deadline by which applications come in: the same moment as the fair's own window


def _accepted() -> ApplicationQuerySet:
    return Application.objects.filter(told_status=ApplicationStatus.ACCEPTED)


def _accepted_on(scheme: Scheme) -> ApplicationQuerySet:
    return _accepted().filter(Exists(SiteWish.objects.filter(application=OuterRef("pk"), scheme=scheme)))


def _accepted_with_food() -> ApplicationQuerySet:
    of_food = Application.categories.through.objects.filter(application=OuterRef("pk"), productcategory__code__in=FOOD_CHAPTERS)
    return _accepted().filter(Exists(of_food))


# The audiences that are not here concern no exhibitor.
_CONCERNED: dict[str, Callable[[], ApplicationQuerySet]] = {
    Audience.ALL: lambda: Application.objects.live(),
    Audience.ACCEPTED: _accepted,
    Audience.RAW_SPACE: lambda: _accepted_on(Scheme.RAW),
    Audience.SHELL_SCHEME: lambda: _accepted_on(Scheme.SHELL),
    Audience.FOOD: _accepted_with_food,
}


def _described_in_every_language() -> Q:
    condition = Q()
    for code, _name in settings.LANGUAGES:
        column = code.replace("-", "_")
        condition &= Q(**{f"company__name_{column}__gt": "", f"company__description_{column}__gt": ""})
    return condition


def _has_a_complete_list(deadline: Deadline) -> Q:
    products = Product.objects.filter(application=OuterRef("pk"))
    return Q(Exists(products)) & ~Q(Exists(products.filter(exhibit_list.incomplete(ends_on=deadline.fair.ends_on))))


def _has_a_fascia_text() -> Q:
    return Q(fascia_text__gt="") | ~Q(Exists(SiteWish.objects.filter(application=OuterRef("pk"), scheme=Scheme.SHELL)))


# How the code of a deadline begins: what its doer has then, as checklist_signs.py tells the exhibitor. What is not here cannot be told
# yet and counts as open.
_DONE: dict[str, Callable[[Deadline], Q]] = {
    "catalogue": lambda _deadline: _described_in_every_language(),
    "badges": lambda _deadline: Q(stand_staff__isnull=False),
    "exhibit_list": _has_a_complete_list,
    "fascia_text": lambda _deadline: _has_a_fascia_text(),
}


def concerned_by(deadline: Deadline) -> ApplicationQuerySet:
    """The applications that have to do something by the deadline, done or not."""
    find = _CONCERNED.get(deadline.audience)
    return find().filter(fair=deadline.fair_id) if find else Application.objects.none()


def open_for(deadline: Deadline) -> ApplicationQuerySet:
    """Those of them that have not done it, as far as we can tell."""
    applications = concerned_by(deadline)
    for beginning, done in _DONE.items():
        if deadline.code.startswith(beginning):
            applications = applications.exclude(pk__in=Application.objects.filter(done(deadline)).values("pk"))
    return applications


def due_moment(application: Application, deadline: Deadline) -> datetime:
    """When ``deadline`` is due for this application: at its own moment, or later where the organiser has extended it."""
    return due_moments([application.pk], [deadline])[application.pk, deadline.pk]


def due_moments(application_ids: Collection[int], deadlines: Iterable[Deadline]) -> dict[tuple[int, int], datetime]:
    """The same by application and deadline id, in one query. An extension that the deadline itself has overtaken does not count."""
    by_id = {deadline.pk: deadline for deadline in deadlines}
    found = {(application, deadline.pk): deadline.due_at for application in application_ids for deadline in by_id.values()}
    extended = DeadlineExtension.objects.filter(application__in=application_ids, deadline__in=by_id)
    for application, deadline, due_at in extended.values_list("application", "deadline", "due_at"):
        found[application, deadline] = max(due_at, found[application, deadline])
    return found


def closes_at(application: Application) -> datetime:
    """Until when the application is in time: when the fair's window closes, or as long as its deadline ``application`` was extended."""
    extended = application.deadline_extensions.filter(deadline__code=APPLICATION).values_list("due_at", flat=True).first()
    closes = application.fair.applications_close_at
    return max(closes, extended) if extended else closes
