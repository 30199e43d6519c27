"""What is due for an exhibitor: required documents and the fair's deadlines, each with its moment, its state and the reason why.

:func:`checklist` for one application, :func:`checklists` for many in as many queries. Texts are in the active language.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from api.languages import Texts, texts_of
from exhibitors.domain import checklist_facts
from exhibitors.domain.checklist_facts import Facts
from exhibitors.domain.checklist_signs import Seen, day_text, sign_of
from exhibitors.enums import ApplicationStatus, DocumentState
from exhibitors.models import Application, Document, DocumentRequirement
from fairs.enums import Audience
from fairs.models import Deadline, Fair, Site

APPLICATION = "application"


class ItemState(StrEnum):
    DONE = "done"
    MISSING = "missing"
    RETURNED = "returned"
    WAITING = "waiting_for_review"
    OVERDUE = "overdue"
    NOT_NEEDED_YET = "not_needed_yet"
    OPEN = "open"  # nothing here can see whether it is done, or it may be left out


ITEM_STATES = {
    ItemState.DONE: pgettext_lazy("checklist", "done"),
    ItemState.MISSING: pgettext_lazy("checklist", "missing"),
    ItemState.RETURNED: pgettext_lazy("checklist", "returned"),
    ItemState.WAITING: pgettext_lazy("checklist", "waits for review"),
    ItemState.OVERDUE: pgettext_lazy("checklist", "overdue"),
    ItemState.NOT_NEEDED_YET: pgettext_lazy("checklist", "not needed yet"),
    ItemState.OPEN: pgettext_lazy("checklist", "open"),
}


class ItemKind(StrEnum):
    DOCUMENT = "document"
    DEADLINE = "deadline"


@dataclass(frozen=True)
class Item:
    """One thing that is due, as its exhibitor may know it. ``path`` is where to act, below the application unless it begins with /."""

    kind: ItemKind
    code: str
    title: Texts
    state: ItemState
    why: str
    due_at: datetime | None
    extended: bool
    required: bool = True
    path: str = ""
    site: str | None = None
    document: int | None = None
    deadline: int | None = None
    by_hand: bool = False  # the exhibitor may tick it off: nothing here can see whether it is done
    ticked_by: str = ""  # exhibitor or organiser

    @property
    def is_waiting(self) -> bool:
        """It is not done, and the exhibitor has nothing to do for it now."""
        return self.state in (ItemState.WAITING, ItemState.NOT_NEEDED_YET)


def checklist(application: Application, *, now: datetime) -> list[Item]:
    return checklists([application], fair=application.fair, now=now)[application.pk]


def checklists(applications: Sequence[Application], *, fair: Fair, now: datetime) -> dict[int, list[Item]]:
    """By application id; an application that has ended has nothing due. Applications come with their companies."""
    facts = checklist_facts.read(applications, fair=fair, now=now)
    deadlines = checklist_facts.deadlines_of(fair, facts)
    requirements = checklist_facts.requirements_of(fair)
    return {each.application.pk: sorted(items_of(each, deadlines, requirements), key=_order) for each in facts}


def _order(item: Item) -> tuple[bool, float, str]:
    return (item.due_at is None, item.due_at.timestamp() if item.due_at else 0.0, item.code)


def items_of(facts: Facts, deadlines: Sequence[Deadline], requirements: Sequence[DocumentRequirement]) -> Iterator[Item]:
    """What these deadlines and requirements ask of one exhibitor, in the active language."""
    return (_or_ticked(item, facts) for item in _items(facts, deadlines, requirements))


def _or_ticked(item: Item, facts: Facts) -> Item:
    """What somebody has ticked off is done, whatever the system sees."""
    tick = facts.ticks.get(item.deadline or 0)
    if tick is None or item.state in (ItemState.DONE, ItemState.WAITING):
        return item
    day = day_text(facts.fair.day_of(tick.at))
    if tick.by_exhibitor:
        why, by = _("The exhibitor has ticked this off on %(day)s.") % {"day": day}, "exhibitor"
    else:
        why, by = _("The organiser has ticked this off on %(day)s.") % {"day": day}, "organiser"
    return replace(item, state=ItemState.DONE, why=why, path="", ticked_by=by)


def _items(facts: Facts, deadlines: Sequence[Deadline], requirements: Sequence[DocumentRequirement]) -> Iterator[Item]:
    if facts.status in ApplicationStatus.ended:
        return
    asked = [each for each in requirements if each.is_in_force(facts.today) and asks(each, facts)]
    for requirement in asked:
        yield from _of_requirement(requirement, facts)
    by_documents = {each.deadline_id for each in asked if each.is_required}
    for deadline in deadlines:
        sign = sign_of(deadline.code)
        if not facts.is_meant(deadline) or (sign is None and deadline.pk in by_documents):
            continue  # what the documents say is all there is to it
        yield _of_deadline(deadline, facts, sign(facts) if sign else None)


# --- documents ----------------------------------------------------------------------------------------------------


def asks(requirement: DocumentRequirement, facts: Facts) -> bool:
    codes = {category.code for category in requirement.categories.all()}
    return facts.belongs_to(requirement.audience) and (not codes or bool(codes & facts.categories))


def _of_requirement(requirement: DocumentRequirement, facts: Facts) -> Iterator[Item]:
    for site in _sites(requirement, facts):
        document = facts.documents.get((requirement.pk, site.pk if site else None))
        state, why = _state_of(document, requirement, facts) if document else _nothing_sent(requirement, facts)
        due_at, extended = _due(requirement.deadline, facts)
        yield Item(
            kind=ItemKind.DOCUMENT,
            code=requirement.code,
            title=texts_of(requirement, "title"),
            state=_or_overdue(state, due_at, facts),
            why=why,
            due_at=due_at,
            extended=extended,
            required=requirement.is_required,
            path="documents/",
            site=site.slug if site else None,
            document=document.pk if document else None,
            deadline=requirement.deadline_id,
        )


def _sites(requirement: DocumentRequirement, facts: Facts) -> list[Site | None]:
    """The sites that need their own: those with an accepted stand, and before that those asked for."""
    if not requirement.per_site:
        return [None]
    wished = [wish.site for wish in facts.wishes_with(requirement.audience)]
    placed = {placement.site_id for placement in facts.placements}
    return [site for site in wished if not facts.is_accepted or site.pk in placed]


def _nothing_sent(requirement: DocumentRequirement, facts: Facts) -> tuple[ItemState, str]:
    audience = Audience(requirement.audience)
    if not facts.is_concerned(audience):
        return ItemState.NOT_NEEDED_YET, _("It is needed once you have accepted a stand.")
    whom = {"whom": audience.label}
    if not requirement.is_required:
        return ItemState.OPEN, _("Asked of: %(whom)s. It may be left out.") % whom
    return ItemState.MISSING, _("Asked of: %(whom)s. Nothing has been sent yet.") % whom


def _state_of(document: Document, requirement: DocumentRequirement, facts: Facts) -> tuple[ItemState, str]:
    version = {"version": document.version}
    if document.state == DocumentState.RETURNED:
        return ItemState.RETURNED, _("Version %(version)d was returned: %(reason)s") % {**version, "reason": document.reason}
    if document.state == DocumentState.EXPIRED:
        return ItemState.MISSING, _("Version %(version)d is no longer valid: send a new one.") % version
    if document.state == DocumentState.UPLOADED:
        return ItemState.WAITING, _("Version %(version)d waits for the organiser's review.") % version
    if document.valid_until is not None and document.valid_until < facts.fair.ends_on:
        day = day_text(document.valid_until)
        return ItemState.DONE, _("Version %(version)d is approved, but valid only until %(day)s, before the fair ends.") % {
            **version,
            "day": day,
        }
    return ItemState.DONE, _("Version %(version)d is approved.") % version


# --- deadlines ----------------------------------------------------------------------------------------------------


def _later(deadline: Deadline) -> str:
    """When what is not needed yet will be."""
    if deadline.audience == Audience.OFFERED or deadline.code.startswith("offer_answer"):
        return _("It is needed once a stand has been offered to you.")
    return _("It is needed once you have accepted a stand.")


def _of_deadline(deadline: Deadline, facts: Facts, seen: Seen | None) -> Item:
    due_at, extended = _due(deadline, facts)
    if seen is not None and seen.due_at is not None:
        due_at, extended = seen.due_at, False
    is_needed = facts.is_concerned(deadline.audience) or deadline.code == APPLICATION
    if not is_needed or (seen is not None and seen.is_done is None):
        state, why = ItemState.NOT_NEEDED_YET, seen.why if seen and is_needed else _later(deadline)
    elif seen is None:
        state, why = ItemState.OPEN, _("Nothing here can see whether this is done: the exhibitor or the organiser ticks it off by hand.")
    else:
        state, why = (ItemState.DONE if seen.is_done else ItemState.MISSING), seen.why
    return Item(
        kind=ItemKind.DEADLINE,
        code=deadline.code,
        title=texts_of(deadline, "title"),
        state=_or_overdue(state, due_at, facts),
        why=why,
        due_at=due_at,
        extended=extended,
        path=seen.path if seen else "checklist/tick/" if state == ItemState.OPEN else "",
        deadline=deadline.pk,
        by_hand=seen is None and is_needed,
    )


def _due(deadline: Deadline | None, facts: Facts) -> tuple[datetime | None, bool]:
    """When it is due for this exhibitor, and whether the organiser gave it longer."""
    if deadline is None:
        return None, False
    due_at = facts.due[deadline.pk]
    return due_at, due_at > deadline.due_at


def _or_overdue(state: ItemState, due_at: datetime | None, facts: Facts) -> ItemState:
    return ItemState.OVERDUE if state == ItemState.MISSING and due_at is not None and facts.now > due_at else state
