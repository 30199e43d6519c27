"""What each step is called and what it does: shown before somebody takes it. Which letters it writes: step_letters.py."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exhibitors.enums import Step


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
        _("Colleagues see that somebody has taken the application up."),
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
        _("The application is again where the exhibitor believes it is, and a stand planned for it falls free."),
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
