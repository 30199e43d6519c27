"""Which letters a step writes, and to whom: shown before somebody takes it. letters.py and co_exhibitor_letters.py write them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.enums import Notice
from exhibitors.domain import co_exhibitor_letters, readers, waiting_list
from exhibitors.domain.applications import default_responsible
from exhibitors.domain.readers import Reader
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, PlacementStatus, Step
from exhibitors.models import Application
from notifications.occasions import occasion_named

# Of each step its letters, and for each the groups that get it.
_LETTERS: dict[Step, dict[str, tuple[str, ...]]] = {
    Step.SUBMIT: {"application_received": ("exhibitors",), "new_application": ("receiving",)},
    Step.REQUEST_CHANGES: {"changes_requested": ("exhibitors",)},
    Step.ADMIT: {"admitted": ("exhibitors",), "decision_for_coordinator": ("coordinators",)},
    Step.WAITLIST: {"waitlisted": ("exhibitors",)},
    Step.REJECT: {
        "rejected": ("exhibitors",),
        "co_exhibitor_ended": ("co_exhibitors",),
        "decision_for_coordinator": ("coordinators",),
    },
    Step.OFFER_STAND: {"stand_offered": ("exhibitors",)},
    Step.WITHDRAW_OFFER: {"offer_withdrawn": ("exhibitors",)},
    Step.ACCEPT_OFFER: {"offer_answered": ("deciding", "finance")},
    Step.DECLINE_OFFER: {"offer_answered": ("deciding", "finance")},
    Step.RELOCATE: {"stand_offered": ("exhibitors",)},
    Step.WITHDRAW: {"withdrawn": ("deciding",), "co_exhibitor_ended": ("co_exhibitors",), "stand_fallen_free": ("next_in_line",)},
    Step.CANCEL: {
        "cancelled": ("exhibitors",),
        "cancelled_for_staff": ("deciding",),
        "co_exhibitor_ended": ("co_exhibitors",),
        "stand_fallen_free": ("next_in_line",),
    },
    Step.LAPSE: {"offer_lapsed": ("exhibitors",), "offer_lapsed_for_staff": ("deciding",)},
    Step.EXTEND_DEADLINE: {"deadline_extended": ("exhibitors",)},
    Step.REQUEST_MOVE: {"move_requested": ("placing",)},
    Step.CLOSE_MOVE: {"move_closed": ("exhibitors",)},
}
# Staff may leave what they are only told of to their daily digest.
_NOTICES = {
    "new_application": Notice.APPLICATIONS,
    "decision_for_coordinator": Notice.DECISIONS,
    "offer_answered": Notice.OFFERS,
    "offer_lapsed_for_staff": Notice.OFFERS,
    "withdrawn": Notice.WITHDRAWALS,
    "cancelled_for_staff": Notice.WITHDRAWALS,
    "move_requested": Notice.REQUESTS,
}
# A draft is the exhibitor's own business, and of an offer that is held nobody has heard.
_UNHEARD = {
    (Step.WITHDRAW, ApplicationStatus.DRAFT): ("withdrawn", "stand_fallen_free"),
    (Step.WITHDRAW_OFFER, ApplicationStatus.ADMITTED): ("offer_withdrawn",),
}


@dataclass(frozen=True)
class StepLetter:
    """One letter of a step; without ``readers`` the exhibitor has no address that it could go to."""

    occasion: str
    readers: list[Reader]

    @property
    def title(self) -> Any:
        known = occasion_named(self.occasion)
        return known.title if known else self.occasion


class _Groups:
    """Whom a letter may go to, each group read once."""

    def __init__(self, application: Application) -> None:
        self.application = application

    @cached_property
    def exhibitors(self) -> list[Reader]:
        return readers.exhibitor_readers(self.application)

    @cached_property
    def deciding(self) -> list[Reader]:
        return readers.deciding_staff(self.application)

    @cached_property
    def receiving(self) -> list[Reader]:
        """Those who decide, with the one who becomes responsible when the application is submitted."""
        if self.application.responsible:
            return self.deciding
        person = default_responsible(self.application, readers.staff_of(self.application))
        return [*([Reader.of(person)] if person else []), *self.deciding]

    @cached_property
    def coordinators(self) -> list[Reader]:
        return readers.region_coordinators(self.application)

    @cached_property
    def finance(self) -> list[Reader]:
        return readers.finance_staff(self.application)

    @cached_property
    def placing(self) -> list[Reader]:
        return readers.placing_staff(self.application)

    @cached_property
    def co_exhibitors(self) -> list[Reader]:
        there = self.application.co_exhibitors.filter(status__in=CoExhibitorStatus.open).select_related("company").order_by("pk")
        return co_exhibitor_letters.own_people(*there)

    @cached_property
    def next_in_line(self) -> list[Reader]:
        """Of the first on the waiting list for a stand that the application leaves."""
        known = self.application.placements.live().exclude(status=PlacementStatus.PLANNED)
        sites = list(known.values_list("site", flat=True))
        first = waiting_list.head(self.application.fair_id, site_ids=sites) if sites else None
        return readers.exhibitor_readers(first) if first else []

    def letters_of(self, step: Step) -> list[StepLetter]:
        unheard = _UNHEARD.get((step, ApplicationStatus(self.application.status)), ())
        found = []
        for name, groups in _LETTERS.get(step, {}).items():
            if name in unheard:
                continue
            to = [reader for group in groups for reader in getattr(self, group)]
            told = readers.once_each(readers.wanting(to, _NOTICES[name]) if name in _NOTICES else to)
            if told or groups == ("exhibitors",):
                found.append(StepLetter(f"exhibitors.{name}", told))
        return found


def letters_of(application: Application, step: Step) -> list[StepLetter]:
    """The letters that go when ``step`` is taken and told at once."""
    return _Groups(application).letters_of(step)


def letters_of_each(application: Application, steps: Iterable[Step]) -> dict[Step, list[StepLetter]]:
    """The same for several steps, in no more queries than for one that tells everybody."""
    groups = _Groups(application)
    return {step: groups.letters_of(step) for step in steps}


def letter_readers(application: Application, step: Step) -> list[Reader]:
    """Everybody who gets a letter then, each once."""
    return readers.once_each(reader for letter in letters_of(application, step) for reader in letter.readers)
