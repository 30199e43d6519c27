"""Why a question is not asked of an application, and what its exhibitor can do about it."""

from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from exhibitors.domain.answer_texts import answer_text
from exhibitors.domain.questions import Facts
from exhibitors.models import Question


def why_not_asked(question: Question, asked: Sequence[Question], facts: Facts) -> str:
    """In the reader's language. ``asked``: the active questions of the fair."""
    if not facts.concern(question.audience):
        return _("This question is for %(audience)s only: leave the answer out.") % {"audience": question.get_audience_display()}
    decides = next((other for other in asked if other.pk == question.shown_if_id), None)
    if decides is None:
        return _("This question is not asked any more: leave the answer out.")
    answers = get_text_list([answer_text(decides, value) for value in question.shown_if_values])
    text = _("This question is asked only where “%(question)s” is answered: %(answers)s. Change that answer, or leave this one out.")
    return text % {"question": decides, "answers": answers}
