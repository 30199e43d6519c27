"""The figures of the daily digest to staff, as an own text of it has them: one line each, none that is nought."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.marks import Mark
from notifications.occasions import Scope

FIGURES = (
    ("new_count", _("New applications")),
    ("waiting", _("Applications waiting for review")),
    ("documents", _("Documents waiting for review")),
    ("co_exhibitors", _("Co-exhibitors to decide on")),
    ("claims", _("Claims on companies to decide on")),
    ("moves", _("Exhibitors that wish for another stand")),
    ("answered", _("Exhibitors whose offers were answered or lapsed today")),
    ("withdrawn", _("Withdrawn or cancelled today")),
    ("decided", _("Decided today in your region")),
    ("imported", _("Applications brought in or changed by an import today")),
    ("tasks", _("Your open tasks")),
    ("overdue_tasks", _("Overdue at exhibitors, with staff")),
    ("overdue_coordinators", _("Overdue, with the region's coordinator")),
    ("overdue_told", _("Overdue, the consequence was told")),
    ("failed", _("Letters that failed or came back today")),
)


def figures(scope: Scope) -> list[Mark]:
    """Each leads to what was counted."""
    urls = scope.context["urls"]
    return [
        Mark("link", urls[name], gettext("%(what)s: %(count)d") % {"what": what, "count": scope.context[name]})
        for name, what in FIGURES
        if scope.context.get(name)
    ]


def new_count(scope: Scope) -> int | None:
    return scope.context.get("new_count") or None


def new_companies(scope: Scope) -> list[Mark | str]:
    more = scope.context.get("new_more")
    named = [Mark("link", one["url"], str(one["name"])) for one in scope.context.get("new") or ()]
    return [*named, *([gettext("and %(count)d more") % {"count": more}] if more else [])]
