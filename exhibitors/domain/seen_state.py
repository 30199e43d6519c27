"""The state of an application that a page showed, so that nobody decides about another one without having seen it."""

from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from api.problems import Conflict
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.enums import CLOCK_STEPS, Step
from exhibitors.models import Application, ApplicationStep
from fairs.moments import moment_text

SEEN = "seen"  # the field of a form and the parameter of a link


class SomebodyWasFirst(Conflict):
    """A colleague, the exhibitor or the clock has taken a step since the page was opened."""

    code = "somebody-was-first"


def state_of(application: Application) -> str:
    """What changes with every step: submitted.118."""
    return states_of(Application.objects.filter(pk=application.pk))[application.pk]


def states_of(applications: QuerySet[Application]) -> dict[int, str]:
    """The same for many, in one query."""
    rows = Application.objects.filter(pk__in=applications.order_by().values("pk")).annotate(latest=Max("steps"))
    return {pk: f"{status}.{latest or 0}" for pk, status, latest in rows.order_by().values_list("pk", "status", "latest")}


def meanwhile(application: Application, seen: str) -> str:
    """What has happened since a page showed ``seen``, in a sentence; nothing when that still holds, or no page says what it showed."""
    if not seen or seen == state_of(application):
        return ""
    latest = application.steps.select_related("by").order_by("-pk").first()
    if latest is None:
        return _("This application has changed meanwhile. Look again before you decide.")
    return _("Meanwhile, %(moment)s: %(what)s (%(who)s). Look again before you decide.") % {
        "moment": moment_text(latest.at, application.fair.zone),
        "what": STEP_TEXTS[Step(latest.step)].done,
        "who": taker_of(latest),
    }


def require_seen(application: Application, seen: str) -> None:
    """Raise SomebodyWasFirst when a page showed the application, which is locked, in another state."""
    if news := meanwhile(application, seen):
        raise SomebodyWasFirst(news)


def taker_of(step: ApplicationStep) -> Any:
    """Who took a step: a person, the clock, or a table."""
    return step.by.get_full_name() if step.by else _("the clock") if step.step in CLOCK_STEPS else _("import")
