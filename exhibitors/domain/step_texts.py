"""What each step is called, what it does and whom it tells: shown before somebody takes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Notice
from exhibitors.domain import readers
from exhibitors.domain.readers import Reader
from exhibitors.enums import Step
from exhibitors.models import Application


@dataclass(frozen=True)
class StepText:
    """``label`` is the button, ``done`` the line in the history, ``consequence`` one sentence for the person who presses it."""

    label: str | Promise
    done: str | Promise
    consequence: str | Promise
    by_phone: bool = False  # staff record what the exhibitor decided
    is_grave: bool = False  # ends the participation


STEP_TEXTS: dict[Step, StepText] = {
    Step.SUBMIT: StepText(
        _("Submit for the exhibitor"),
        pgettext_lazy("step", "submitted"),
        _("The application becomes binding. The exhibitor gets the receipt, the organisers the notice."),
        by_phone=True,
    ),
    Step.START_REVIEW: StepText(
        _("Start the review"),
        pgettext_lazy("step", "taken up for review"),
        _("Colleagues see that somebody has taken the application up. No letter goes."),
    ),
    Step.REQUEST_CHANGES: StepText(
        _("Ask for changes"),
        pgettext_lazy("step", "changes requested"),
        _("The exhibitor may change the application again and gets a letter with what you write here."),
    ),
    Step.ADMIT: StepText(
        _("Admit"),
        pgettext_lazy("step", "admitted"),
        _("The goods fit the fair. It is not yet a place; a stand can be offered next. The exhibitor gets a letter."),
    ),
    Step.WAITLIST: StepText(
        _("Put on the waiting list"),
        pgettext_lazy("step", "put on the waiting list"),
        _("The application gets the rank that is given, or else the last one on the list. The exhibitor gets a letter with the rank."),
    ),
    Step.REJECT: StepText(
        _("Reject"),
        pgettext_lazy("step", "rejected"),
        _("The application ends. The exhibitor gets a letter with the reason you write here."),
        is_grave=True,
    ),
    Step.OFFER_STAND: StepText(
        _("Offer a stand"),
        pgettext_lazy("step", "stand offered"),
        _("The stand is kept for 14 days and nobody else can get it. The exhibitor gets the offer by letter."),
    ),
    Step.WITHDRAW_OFFER: StepText(
        _("Take the offer back"), pgettext_lazy("step", "offer taken back"), _("The stand falls free at once. The exhibitor gets a letter.")
    ),
    Step.ACCEPT_OFFER: StepText(
        _("Record an acceptance"),
        pgettext_lazy("step", "offer accepted"),
        _("The stand is the exhibitor's, and the company appears in the public catalogue. Colleagues and finance are told."),
        by_phone=True,
    ),
    Step.DECLINE_OFFER: StepText(
        _("Record a refusal"),
        pgettext_lazy("step", "offer declined"),
        _("The offered stand falls free at once. Colleagues and finance are told."),
        by_phone=True,
    ),
    Step.RELOCATE: StepText(
        _("Offer another stand"),
        pgettext_lazy("step", "another stand offered"),
        _("The present stand stays until the new one is accepted. The exhibitor gets the new offer with your reason."),
    ),
    Step.WITHDRAW: StepText(
        _("Record a withdrawal"),
        pgettext_lazy("step", "withdrawn"),
        _("The application ends and its stands fall free at once. Colleagues are told."),
        by_phone=True,
        is_grave=True,
    ),
    Step.CANCEL: StepText(
        _("Cancel the participation"),
        pgettext_lazy("step", "participation cancelled"),
        _("The application ends and its stands fall free at once. The exhibitor gets a letter with your reason."),
        is_grave=True,
    ),
    Step.LAPSE: StepText(
        _("Let the offer lapse"),
        pgettext_lazy("step", "time to answer over"),
        _("The clock does it: nobody answered the offer in time."),
    ),
    Step.TAKE_BACK: StepText(
        _("Take the held decision back"),
        pgettext_lazy("step", "held decision taken back"),
        _("The application is again where the exhibitor believes it is, and a stand planned for it falls free. No letter goes."),
    ),
    Step.EXTEND_DEADLINE: StepText(
        _("Extend a deadline"),
        pgettext_lazy("step", "deadline extended"),
        _("This exhibitor alone gets longer, is reminded accordingly and gets a letter with the new moment."),
    ),
    Step.REQUEST_MOVE: StepText(
        _("Record a wish to move"),
        pgettext_lazy("step", "asked for another stand"),
        _("The present stand stays. Those who place exhibitors are told."),
        by_phone=True,
    ),
    Step.CLOSE_MOVE: StepText(
        _("Close the wish to move"),
        pgettext_lazy("step", "wish to move closed"),
        _("The exhibitor stays on its stand and gets a letter with what you write here."),
    ),
}

_TO_EXHIBITOR = {
    Step.SUBMIT,
    Step.REQUEST_CHANGES,
    Step.ADMIT,
    Step.WAITLIST,
    Step.REJECT,
    Step.OFFER_STAND,
    Step.WITHDRAW_OFFER,
    Step.RELOCATE,
    Step.CANCEL,
    Step.LAPSE,
    Step.EXTEND_DEADLINE,
    Step.CLOSE_MOVE,
}
_TO_STAFF = {Step.SUBMIT, Step.ACCEPT_OFFER, Step.DECLINE_OFFER, Step.WITHDRAW, Step.CANCEL, Step.LAPSE}
_NOTICES = {
    Step.SUBMIT: Notice.APPLICATIONS,
    Step.ADMIT: Notice.DECISIONS,
    Step.REJECT: Notice.DECISIONS,
    Step.ACCEPT_OFFER: Notice.OFFERS,
    Step.DECLINE_OFFER: Notice.OFFERS,
    Step.LAPSE: Notice.OFFERS,
    Step.WITHDRAW: Notice.WITHDRAWALS,
    Step.CANCEL: Notice.WITHDRAWALS,
    Step.REQUEST_MOVE: Notice.REQUESTS,
}


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
    def coordinators(self) -> list[Reader]:
        return readers.region_coordinators(self.application)

    @cached_property
    def finance(self) -> list[Reader]:
        return readers.finance_staff(self.application)

    @cached_property
    def placing(self) -> list[Reader]:
        return readers.placing_staff(self.application)

    def told_of(self, step: Step) -> list[Reader]:
        found: list[Reader] = []
        if step in _TO_EXHIBITOR:
            found += self.exhibitors
        staff: list[Reader] = []
        if step in _TO_STAFF:
            staff += self.deciding
        if step in (Step.ADMIT, Step.REJECT):
            staff += self.coordinators
        if step in (Step.ACCEPT_OFFER, Step.DECLINE_OFFER):
            staff += self.finance
        if step == Step.REQUEST_MOVE:
            staff += self.placing
        return readers.once_each([*found, *(readers.wanting(staff, _NOTICES[step]) if staff else [])])


def letter_readers(application: Application, step: Step) -> list[Reader]:
    """Who will get a letter when ``step`` is taken (letters.py writes them)."""
    return _Groups(application).told_of(step)


def letter_readers_of(application: Application, steps: Iterable[Step]) -> dict[Step, list[Reader]]:
    """The same for several steps, in no more queries than for one that tells everybody."""
    groups = _Groups(application)
    return {step: groups.told_of(step) for step in steps}
