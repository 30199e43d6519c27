"""What the page of a run shows: how far it is, why there is no proposal, or the proposal line by line."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import tostring

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allocations.domain.lines import Change, by_name, changes_of, is_gone, is_placed, lines_of, sharing_text, wishes_of
from allocations.domain.proposal_plan import FILLS, sheets_of
from allocations.domain.reasons import alternative_text, points_text, problem_text, reason_text, terms_in_words
from allocations.domain.run_queries import names_of, numbers_of
from allocations.enums import Difference, LineState, RunState
from allocations.models import AllocationRun, AllocationSettings, Proposal, ProposalLine
from allocations.models.settings import WEIGHTS
from api.text import labelled, listed
from exhibitors.enums import ApplicationStatus
from exhibitors.models import SiteWish
from fairs.floor_drawing import Sheet, floor_only
from fairs.models import Hall
from fairs.moments import moment_text
from fairs.units import area_text, number_text

PAGE_SIZE = 50
GROUPS: dict[str, tuple[Any, tuple[Difference, ...]]] = {
    "all": (_("All"), tuple(Difference)),
    "changes": (_("What changes"), (Difference.NEW, Difference.MOVED, Difference.DROPPED)),
    "new": (_("New"), (Difference.NEW,)),
    "moved": (_("Moved"), (Difference.MOVED,)),
    "same": (_("As it is"), (Difference.SAME,)),
    "unplaced": (_("Without a stand"), (Difference.UNPLACED, Difference.DROPPED)),
    "gone": (_("Take no part any more"), (Difference.GONE,)),
}
COLOURS = {
    Difference.NEW: "bg-green-100 text-green-700",
    Difference.MOVED: "bg-blue-100 text-blue-700",
    Difference.SAME: "bg-base-100 text-base-700",
    Difference.DROPPED: "bg-red-100 text-red-700",
    Difference.UNPLACED: "bg-orange-100 text-orange-700",
    Difference.GONE: "bg-orange-100 text-orange-700",
}


def run_context(request: HttpRequest, run: AllocationRun) -> dict[str, Any]:
    """Everything that the page of one run needs, in a fixed number of queries."""
    zone = run.fair.zone
    context: dict[str, Any] = {
        "run": run,
        "halls": list(run.halls.select_related("site")),
        "created": moment_text(run.created_at, zone),
        "duration": (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else None,
        "who": run.created_by.get_full_name() if run.created_by else "",
        "urls": {
            name: reverse(f"admin:allocations_allocationrun_{name}", args=[run.pk])
            for name in ("progress", "cancel", "again", "take_over", "publish", "call_off", "line")
        },
        "run_problems": _problems(run),
        "state_text": state_text(run),
        "weighed": _weighed(run),
        "statuses": ", ".join(str(ApplicationStatus(status).label) for status in run.statuses),
    }
    if run.state != RunState.DONE:
        return context
    return {**context, **_proposal(request, run.proposal, run)}


def state_text(run: AllocationRun) -> str:
    """What a run is doing; one that a worker has hears within seconds that it is to stop."""
    is_stopping = run.is_open and run.cancel_asked_at is not None
    return str(capfirst(_("is being stopped") if is_stopping else run.get_state_display()))


def _weighed(run: AllocationRun) -> list[tuple[str, int]]:
    """The run's weights with the names that the fair's rules give them; of another version's weights nothing is told."""
    labels = {field.name: str(field.verbose_name) for field in AllocationSettings._meta.fields}
    return [(labels[name], run.weights[name]) for name in WEIGHTS if name in run.weights]


def _problems(run: AllocationRun) -> list[str]:
    if not run.problems:
        return []
    names = names_of(pk for problem in run.problems for pk in problem.get("applications", ()))
    numbers = numbers_of(pk for problem in run.problems for pk in problem.get("stands", ()))
    return [problem_text(problem, names, numbers) for problem in run.problems]


def _proposal(request: HttpRequest, proposal: Proposal, run: AllocationRun) -> dict[str, Any]:
    lines = by_name(lines_of(proposal))
    changes = changes_of(lines)
    group = request.GET.get("group", "")
    if group not in GROUPS:
        group = "changes" if any(changes[line.pk].difference in GROUPS["changes"][1] for line in lines) else "all"
    chosen = [line for line in lines if changes[line.pk].difference in GROUPS[group][1]]
    shown = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("p"))
    broken = [one for line in lines for one in _broken(line)]
    gone = [line.application_id for line in lines if is_gone(line)]
    zone = run.fair.zone
    return {
        "proposal": proposal,
        "group": group,
        "tabs": [
            {"name": name, "label": label, "is_open": name == group, "count": sum(changes[line.pk].difference in kinds for line in lines)}
            for name, (label, kinds) in GROUPS.items()
        ],
        "shown": shown,
        "rows": line_rows(shown, changes),
        "plans": _pictures(sheets_of(run.halls.select_related("site"), lines, changes)),
        "placed": sum(map(is_placed, lines)),
        "all_lines": len(lines) - len(gone),
        "gone": len(set(gone)),
        "score": number_text(round(proposal.score, 1)),
        "greedy_score": number_text(round(proposal.greedy_score, 1)),
        "gain": points_text(proposal.score - proposal.greedy_score),
        "bound": number_text(round(proposal.bound, 1)) if proposal.bound is not None and not broken else "",
        "broken": broken,
        "taken_over": moment_text(proposal.taken_over_at, zone) if proposal.taken_over_at else "",
        "publish_at": moment_text(proposal.publish_at, zone) if proposal.publish_at else "",
        "published": moment_text(proposal.published_at, zone) if proposal.published_at else "",
        "waiting": [line for line in lines if line.state == LineState.WAITING],
        "refused": [line for line in lines if line.state == LineState.REFUSED],
        "others": list(
            AllocationRun.objects.filter(fair=run.fair, state=RunState.DONE).exclude(pk=run.pk).order_by("-created_at", "-pk")[:10]
        ),
        "compare_url": reverse("admin:allocations_allocationrun_compare"),
    }


def _pictures(sheets: list[tuple[Hall, Sheet]]) -> list[dict[str, Any]]:
    """The halls as drawings within the page, that in which most changes opened. Their words are escaped by the XML library."""
    changed = [sum(stand.fill in (FILLS[Difference.NEW], FILLS[Difference.MOVED]) for stand in sheet.stands) for _hall, sheet in sheets]
    opened = changed.index(max(changed)) if changed else 0
    return [
        {
            "hall": hall,
            "title": gettext("Plan: %(hall)s") % {"hall": f"{hall.site} · {hall}"},
            "svg": _svg(hall, sheet),
            "legend": sheet.legend,
            "is_open": place == opened,
        }
        for place, (hall, sheet) in enumerate(sheets)
    ]


def _svg(hall: Hall, sheet: Sheet) -> SafeString:
    """The pattern of blocked stands has a name of its own in each drawing: one in a closed part of the page paints nothing."""
    text = tostring(floor_only(sheet), encoding="unicode")
    return SafeString(text.replace('id="hatch"', f'id="hatch-{hall.pk}"').replace("url(#hatch)", f"url(#hatch-{hall.pk})"))


def _broken(line: ProposalLine) -> list[str]:
    """The hard rules that a placed line breaks since it was changed by hand."""
    if line.stand is None:
        return []
    return [labelled(listed([line.application.company, line.stand.number]), reason_text(reason)) for reason in line.reasons]


def line_rows(lines: Iterable[ProposalLine], changes: Mapping[int, Change]) -> list[dict[str, Any]]:
    """Lines as the table shows them: why, what else, what changes, in words."""
    chosen = list(lines)
    others = [term["other"] for line in chosen for term in line.terms if term.get("other") is not None]
    names = names_of([*others, *(pk for line in chosen for one in line.alternatives for pk in one.get("taken_by", ()))])
    numbers = numbers_of(one["stand"] for line in chosen for one in line.alternatives)
    wishes = wishes_of(chosen)
    return [{**line_row(line, changes[line.pk], names, numbers), "terms": _terms(line, wishes, names)} for line in chosen]


def _terms(line: ProposalLine, wishes: Mapping[tuple[int, int], SiteWish], names: Mapping[int, str]) -> list[str]:
    return terms_in_words(line, wishes.get((line.application_id, line.site_id)), names)


def line_row(line: ProposalLine, change: Change, names: Mapping[int, str], numbers: Mapping[int, str]) -> dict[str, Any]:
    return {
        "line": line,
        "company": line.application.company,
        "pavilion": line.application.pavilion,
        "sharing": sharing_text(line),
        "difference": change.difference.label,
        "colour": COLOURS[change.difference],
        "before": change.there.stand.number if change.there and change.difference in (Difference.MOVED, Difference.DROPPED) else "",
        "area": area_text(line.stand.area_m2) if line.stand else "",
        "score": points_text(line.score),
        "reasons": [reason_text(reason) for reason in line.reasons],
        "alternatives": [alternative_text(one, numbers, names) for one in line.alternatives],
    }
