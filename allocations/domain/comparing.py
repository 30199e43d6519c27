"""Two proposals beside each other."""

from dataclasses import dataclass, field

from allocations.domain.lines import by_name, is_placed, lines_of
from allocations.models import Proposal, ProposalLine


@dataclass(frozen=True)
class Row:
    """One application at one site that stands differently; None where a proposal does not know of it."""

    first: ProposalLine | None
    second: ProposalLine | None

    @property
    def either(self) -> ProposalLine:
        """Application and site are the same in both."""
        line = self.first or self.second
        assert line is not None  # noqa: S101 - a row is of one of them at the least
        return line


@dataclass
class Compared:
    """What differs, and how many lines are the same."""

    rows: list[Row] = field(default_factory=list)
    same: int = 0
    first_placed: int = 0
    second_placed: int = 0


def compared(first: Proposal, second: Proposal) -> Compared:
    """The two line by line, in four queries."""
    one, two = ({(line.application_id, line.site_id): line for line in by_name(lines_of(proposal))} for proposal in (first, second))
    found = Compared(
        first_placed=sum(map(is_placed, one.values())),
        second_placed=sum(map(is_placed, two.values())),
    )
    for key in {**one, **two}:
        here, there = one.get(key), two.get(key)
        if here is not None and there is not None and here.stand_id == there.stand_id:
            found.same += 1
        else:
            found.rows.append(Row(here, there))
    return found
