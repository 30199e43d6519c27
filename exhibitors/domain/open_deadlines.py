"""Who still has to do what a deadline asks for, as the checklist sees it: what reminders, tasks and escalation go by."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from api.languages import pick
from api.text import sentences
from exhibitors.domain import checklist_facts
from exhibitors.domain.checklist import Item, ItemKind, ItemState, items_of
from exhibitors.domain.checklist_facts import Facts
from exhibitors.domain.checklist_signs import sign_of
from exhibitors.models import Application, DocumentRequirement
from fairs.models import Deadline, Fair

# What somebody has to do something about; what waits for the organiser's review is not in their hands.
_TO_DO = (ItemState.MISSING, ItemState.RETURNED, ItemState.OVERDUE, ItemState.OPEN)


@dataclass(frozen=True)
class OpenDeadline:
    """What one exhibitor has not done of one deadline."""

    facts: Facts
    deadline: Deadline
    requirements: Sequence[DocumentRequirement]

    @property
    def application(self) -> Application:
        return self.facts.application

    @property
    def due_at(self) -> datetime:
        return self.facts.due[self.deadline.pk]

    @property
    def is_by_hand(self) -> bool:
        """The exhibitor says that it is done: nothing here can see it."""
        if sign_of(self.deadline.code) is not None:
            return False
        return not self.requirements or any(item.state == ItemState.OPEN for item in self.to_do())

    def to_do(self) -> list[Item]:
        """What is open, with the reason in the active language."""
        items = items_of(self.facts, [self.deadline], self.requirements)
        return [item for item in items if item.required and item.state in _TO_DO]

    def why(self) -> str:
        """What is missing, in the active language; where nothing can be seen of it, that nobody has confirmed it yet."""
        return sentences(*(_missing(item) for item in self.to_do()))


def _missing(item: Item) -> str:
    if item.state == ItemState.OPEN:
        return _("Nobody has ticked it off yet.")
    if item.kind != ItemKind.DOCUMENT:
        return item.why
    names = {"document": pick(item.title, get_language() or "en"), "why": item.why}  # type: ignore[arg-type]
    return (_("%(document)s: %(why)s") if item.document else _("%(document)s: nothing has been sent yet.")) % names


def read_open(
    applications: Sequence[Application], *, fair: Fair, now: datetime, wanted: Mapping[int, Collection[int]] | None = None
) -> dict[tuple[int, int], OpenDeadline]:
    """By application and deadline id, in a number of queries that does not grow. ``wanted``: of which deadlines, by application id.

    Applications come with their companies.
    """
    facts = checklist_facts.read(applications, fair=fair, now=now)
    deadlines = checklist_facts.deadlines_of(fair, facts)
    asked = checklist_facts.grouped_by_deadline(checklist_facts.requirements_of(fair))
    found = {}
    for each in facts:
        for deadline in deadlines:
            if wanted is not None and deadline.pk not in wanted.get(each.application.pk, ()):
                continue
            candidate = OpenDeadline(each, deadline, asked.get(deadline.pk, ()))
            if candidate.to_do():
                found[each.application.pk, deadline.pk] = candidate
    return found
