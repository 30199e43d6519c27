"""The application's page in groups, one open at a time: what is asked for, the answers, products, people, stands, what happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exhibitors.admin.apply_again import apply_again_url
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs import access
from fairs.models import Hall
from fairs.roles import Right
from notifications.access import may_see_letters


@dataclass(frozen=True)
class Group:
    """``inlines`` are named by the prefix of their form sets; ``is_counted``: its button says how many rows there are."""

    slug: str
    title: Any
    fieldsets: tuple[int, ...] = ()
    inlines: tuple[str, ...] = ()
    is_counted: bool = True


GROUPS = (
    Group("wishes", _("Asked for"), (0,), ("site_wishes", "neighbour_wishes"), is_counted=False),
    Group("answers", _("Answers"), inlines=("answers",)),
    Group("products", _("Products"), inlines=("products", "represented_companies")),
    Group("people", _("People and documents"), inlines=("co_exhibitors", "stand_staff", "documents")),
    Group("stands", _("Stands"), inlines=("placements", "stand_holds")),
    Group("history", _("State and history"), (1,), ("deadline_extensions", "steps"), is_counted=False),
)


@dataclass
class ShownGroup:
    """A group with what is in it on this page."""

    group: Group
    fieldsets: list[Any] = field(default_factory=list)
    formsets: list[Any] = field(default_factory=list)

    @property
    def count(self) -> int | None:
        return sum(formset.formset.initial_form_count() for formset in self.formsets) if self.group.is_counted else None

    @property
    def errors(self) -> int:
        """Of how many fields something is wrong."""
        wrong = [fieldset for fieldset in self.fieldsets if fieldset.form.errors]
        found = sum(1 for fieldset in wrong for line in fieldset for one in line if getattr(one, "errors", None) and one.errors())
        for formset in self.formsets:
            found += sum(map(len, formset.formset.errors)) + len(formset.formset.non_form_errors())
        return found


def groups_of(fieldsets: Iterable[Any], formsets: Iterable[Any]) -> list[ShownGroup]:
    """What a page has, sorted into the groups; what no group names goes into the last one. An empty group is left out."""
    shown = {group.slug: ShownGroup(group) for group in GROUPS}
    for number, fieldset in enumerate(fieldsets):
        slug = next((group.slug for group in GROUPS if number in group.fieldsets), GROUPS[-1].slug)
        shown[slug].fieldsets.append(fieldset)
    for formset in formsets:
        slug = next((group.slug for group in GROUPS if formset.formset.prefix in group.inlines), GROUPS[-1].slug)
        shown[slug].formsets.append(formset)
    return [group for group in shown.values() if group.fieldsets or group.formsets]


def group_url(application_id: int, slug: str) -> str:
    """The page of an application, open at one of its groups."""
    return f"{reverse('admin:exhibitors_application_change', args=[application_id])}#in-{slug}"


def context_of(context: dict[str, Any]) -> dict[str, Any]:
    """For the template: the groups of a change form, and which to open because something in it is wrong ('' for none)."""
    groups = groups_of(context["adminform"], context["inline_admin_formsets"])
    return {"groups": groups, "wrong_group": next((one.group.slug for one in groups if one.errors), "")}


def further_links(application: Application, request: HttpRequest) -> list[dict[str, Any]]:
    """What else there is about an application, beside its own page."""
    user: Any = request.user
    review = reverse("admin:exhibitors_application_review", args=[application.pk])
    due = reverse("admin:exhibitors_application_checklist", args=[application.pk])
    links = [{"text": _("Everything on one screen"), "url": review}, {"text": _("What is due"), "url": due}, *_on_the_plan(application)]
    if may_see_letters(user):
        letters = reverse("admin:exhibitors_application_letters", args=[application.pk])
        links.append({"text": _("Letters to and about this exhibitor"), "url": letters})
    if access.has_right(user, fair_id=application.fair_id, right=Right.EDIT_APPLICATIONS):
        links.append({"text": _("Apply for another fair"), "url": apply_again_url(application)})
    return links


def _on_the_plan(application: Application) -> Iterable[dict[str, Any]]:
    """Of each site that is asked for the hall where it stands, or shall stand; the first hall where it has nothing yet."""
    if application.status not in ApplicationStatus.live:
        return
    placed = dict(application.placements.live().values_list("site", "stand__hall"))
    shown: set[int] = set()
    halls = (
        Hall.objects.filter(site__site_wishes__application=application).select_related("site").order_by("site__starts_on", "site", "slug")
    )
    for hall in halls:
        if hall.site_id in shown or placed.get(hall.site_id, hall.pk) != hall.pk:
            continue
        shown.add(hall.site_id)
        url = f"{reverse('admin:fairs_hall_plan', args=[hall.pk])}?application={application.pk}"
        yield {"text": _("On the plan: %(site)s, %(hall)s") % {"site": hall.site, "hall": hall}, "url": url}
