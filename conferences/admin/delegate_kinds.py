"""The kinds of delegates on a conference's page: the terms of each, and how many have a place or wait."""

from collections import Counter
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conferences.enums import DelegateKind, DelegateStatus
from conferences.models import Conference, Delegate, DelegateQuota
from fairs.admin_scope import FairScopedInline
from fairs.roles import Right

CELL = "border:1px solid #d4d4d4;padding:4px;vertical-align:top;font-size:12px"


class DelegateQuotaInline(FairScopedInline):
    model = DelegateQuota
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_CONFERENCE, Right.EDIT_CONFERENCE
    fields = ("kind", "is_taken", "places", "needs_approval")
    ordering = ("pk",)
    max_num = len(DelegateKind)
    tab = True


def kinds_table(conference: Conference) -> SafeString:
    """For each kind: places, those who have one, to whom one is offered, who waits, who is to be approved. Two queries."""
    counted = Delegate.objects.filter(conference=conference).living().order_by().values_list("kind", "status").annotate(Count("pk"))
    counts = Counter({(kind, status): number for kind, status, number in counted})
    quotas = {quota.kind: quota for quota in conference.delegate_quotas.all()}
    states = (DelegateStatus.RESERVED, DelegateStatus.OFFERED, DelegateStatus.WAITING, DelegateStatus.APPLIED)
    head = format_html_join(
        "", '<th scope="col" style="{}">{}</th>', ((CELL, text) for text in (_("kind"), _("places"), *(state.label for state in states)))
    )
    rows: list[tuple[Any, str, list[Any]]] = [
        (kind.label, _places(quotas.get(kind)), [_link(conference, kind, state, counts[kind, state]) for state in states])
        for kind in DelegateKind
    ]
    totals = [sum(counts[kind, state] for kind in DelegateKind) for state in states]
    rows.append((_("all together"), str(conference.capacity), [str(total) for total in totals]))
    body = format_html_join("", "<tr>{}{}</tr>", ((_head(name), _cells([places, *cells])) for name, places, cells in rows))
    return format_html(
        '<div class="desk-scroll"><table style="border-collapse:collapse"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        head,
        body,
    )


def _places(quota: DelegateQuota | None) -> str:
    if quota is None:
        return "–"
    if not quota.is_taken:
        return _("not taken")
    return "–" if quota.places is None else str(quota.places)


def _link(conference: Conference, kind: DelegateKind, state: DelegateStatus, count: int) -> SafeString | str:
    if not count:
        return "0"
    url = reverse("admin:conferences_delegate_changelist")
    query = f"conference__id__exact={conference.pk}&kind__exact={kind}&status__exact={state}"
    return format_html('<a class="desk-link" href="{}?{}">{}</a>', url, query, count)


def _head(name: Any) -> SafeString:
    return format_html('<th scope="row" style="{};text-align:start;font-weight:400">{}</th>', CELL, name)


def _cells(cells: list[Any]) -> SafeString:
    return format_html_join("", '<td style="{};text-align:end">{}</td>', ((CELL, cell) for cell in cells))
