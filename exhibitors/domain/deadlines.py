"""Whom a deadline concerns, and who has already done what it asks for."""

from collections.abc import Callable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from exhibitors.enums import ApplicationStatus, Scheme
from exhibitors.models import Application, SiteWish
from exhibitors.models.application import ApplicationQuerySet
from fairs.enums import Audience
from fairs.models import Deadline

FOOD_CHAPTERS = [f"{chapter:02}" for chapter in range(2, 25)]  # of the Harmonized System: meat (02) to tobacco (24)


def _accepted() -> ApplicationQuerySet:
    return Application.objects.filter(status=ApplicationStatus.ACCEPTED)


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


# How the code of a deadline begins: what its doer has then. What is not here cannot be told yet and counts as open.
_DONE: dict[str, Callable[[], Q]] = {
    "catalogue": _described_in_every_language,
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
            applications = applications.exclude(pk__in=Application.objects.filter(done()).values("pk"))
    return applications
