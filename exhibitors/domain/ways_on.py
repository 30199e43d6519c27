"""What somebody may do with an application instead of a step that its state does not allow, in words."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from api.text import quoted
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.domain.steps import StepNotAllowed
from exhibitors.enums import ApplicationStatus, Step

# As the exhibitor calls its own steps; on the desk they are called otherwise, for there staff record them.
_OWN_LABELS: dict[Step, Promise] = {
    Step.SUBMIT: pgettext_lazy("step of the exhibitor", "Submit"),
    Step.ACCEPT_OFFER: pgettext_lazy("step of the exhibitor", "Accept the offer"),
    Step.DECLINE_OFFER: pgettext_lazy("step of the exhibitor", "Decline the offer"),
    Step.WITHDRAW: pgettext_lazy("step of the exhibitor", "Withdraw"),
    Step.REQUEST_MOVE: pgettext_lazy("step of the exhibitor", "Ask for another stand"),
}


def with_ways_on(refusal: StepNotAllowed, *, status: str, actions: Sequence[str], is_own: bool) -> StepNotAllowed:
    """The same refusal, which says what this reader may do now: ``actions``, from the ``status`` that the reader knows.

    ``is_own``: the reader acts for the company that applied.
    """
    shown = ApplicationStatus(status)
    if actions:
        text = _("This step is not possible while the application is “%(status)s”. What you can do now: %(steps)s.")
        labels = [_OWN_LABELS.get(Step(name)) if is_own else None for name in actions]
        steps = quoted(label or STEP_TEXTS[Step(name)].label for name, label in zip(actions, labels, strict=True))
        return StepNotAllowed(text % {"status": shown.label, "steps": steps}, **refusal.facts, allowed_actions=list(actions))
    if status in ApplicationStatus.ended and is_own:
        text = _("This application is “%(status)s” and stays so. To take part after all, create a new one.")
        return StepNotAllowed(text % {"status": shown.label}, **refusal.facts, allowed_actions=[])
    return StepNotAllowed(str(refusal), **refusal.facts, allowed_actions=[])
