"""The lines of a proposal as people read them, and what each would change."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from allocations.enums import Difference
from allocations.models import Proposal, ProposalLine
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import CoExhibitor, Company, Placement, SiteWish


@dataclass(frozen=True)
class Change:
    """What a line would change: against ``there``, the placement that the application has at the site now."""

    difference: Difference
    there: Placement | None = None


def lines_of(proposal: Proposal) -> QuerySet[ProposalLine]:
    """The lines with all that a row of a list shows, in order of the companies' legal names."""
    rows = ProposalLine.objects.filter(proposal=proposal).select_related(
        "application__company__region", "application__pavilion", "site", "stand__hall", "placement"
    )
    shared = CoExhibitor.objects.confirmed().select_related("company")
    rows = rows.prefetch_related(Prefetch("application__co_exhibitors", shared, to_attr="on_its_stand"))
    return rows.order_by("application__company__legal_name", "application", "site")


def sharing(line: ProposalLine) -> list[Company]:
    """The co-exhibitors on the stand of a line from ``lines_of``: those that have confirmed that they take part."""
    return [one.company for one in line.application.on_its_stand]  # type: ignore[attr-defined]


def sharing_text(line: ProposalLine) -> str:
    """Such as “co-exhibitors: Lena Honey, Amur Tea”, or ''."""
    companies = sharing(line)
    return _("co-exhibitors: %(companies)s") % {"companies": ", ".join(map(str, companies))} if companies else ""


def by_name(lines: Iterable[ProposalLine]) -> list[ProposalLine]:
    """In order of the names that the reader sees."""
    return sorted(lines, key=lambda line: (str(line.application.company).casefold(), line.application_id, line.site_id))


def wishes_of(lines: Iterable[ProposalLine]) -> dict[tuple[int, int], SiteWish]:
    """What was wished, by application and site, in one query."""
    rows = SiteWish.objects.filter(application__in={line.application_id for line in lines})
    return {(row.application_id, row.site_id): row for row in rows}


def changes_of(lines: Iterable[ProposalLine]) -> dict[int, Change]:
    """What each line would change, by its id, in one query. They come with their applications."""
    chosen = list(lines)
    live = Placement.objects.live().filter(application__in={line.application_id for line in chosen}).select_related("stand__hall")
    there: dict[tuple[int, int], Placement] = {}
    for placement in sorted(live, key=_weight):
        there[placement.application_id, placement.site_id] = placement
    return {line.pk: _change(line, there.get((line.application_id, line.site_id))) for line in chosen}


def _weight(placement: Placement) -> tuple[int, int]:
    """The one that counts comes last: planned, offered, accepted."""
    return list(PlacementStatus.live).index(placement.status), placement.pk


def is_gone(line: ProposalLine) -> bool:
    """Whether the company takes no part any more."""
    return line.application.status in ApplicationStatus.ended


def is_placed(line: ProposalLine) -> bool:
    """Whether a company that takes part has a stand by this line."""
    return line.stand_id is not None and not is_gone(line)


def _change(line: ProposalLine, there: Placement | None) -> Change:
    if is_gone(line):
        return Change(Difference.GONE)
    if line.stand_id is None:
        return Change(Difference.UNPLACED if there is None else Difference.DROPPED, there)
    if there is None:
        return Change(Difference.NEW)
    return Change(Difference.SAME if there.stand_id == line.stand_id else Difference.MOVED, there)
