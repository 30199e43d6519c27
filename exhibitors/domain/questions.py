"""The questions of a fair: which of them are asked of an application, depending on what it says and answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exhibitors.domain.exhibit_list import FOOD_CHAPTERS
from exhibitors.enums import QuestionAudience, QuestionType, Scheme
from exhibitors.models import Application, Question
from exhibitors.models.question import CAN_DECIDE


@dataclass(frozen=True)
class Facts:
    """What an application says that decides which questions concern it."""

    schemes: frozenset[str]
    categories: frozenset[str]

    @classmethod
    def of(cls, application: Application) -> "Facts":
        """In two queries, none where both are fetched already."""
        return cls(
            schemes=frozenset(wish.scheme for wish in application.site_wishes.all()),
            categories=frozenset(category.code for category in application.categories.all()),
        )

    def concern(self, audience: str) -> bool:
        match audience:
            case QuestionAudience.RAW_SPACE:
                return Scheme.RAW in self.schemes
            case QuestionAudience.SHELL_SCHEME:
                return Scheme.SHELL in self.schemes
            case QuestionAudience.FOOD:
                return any(code[:2] in FOOD_CHAPTERS for code in self.categories)
        return True


def asked_at(fair_id: int) -> list[Question]:
    """The active questions of a fair in their order, with their options; two queries."""
    return list(Question.objects.filter(fair=fair_id, active=True).prefetch_related("options").order_by("position", "pk"))


def shown(questions: Sequence[Question], answers: Mapping[str, Any], facts: Facts) -> list[Question]:
    """Those that are asked: they concern the application, and what they depend on is asked and answered accordingly."""
    by_id = {question.pk: question for question in questions}
    return [question for question in questions if _is_shown(question, by_id, answers, facts, above=())]


def _is_shown(
    question: Question, by_id: Mapping[int, Question], answers: Mapping[str, Any], facts: Facts, *, above: Collection[int]
) -> bool:
    if not facts.concern(question.audience):
        return False
    if question.shown_if_id is None:
        return True
    other = by_id.get(question.shown_if_id)
    if other is None or other.pk in above or not _is_shown(other, by_id, answers, facts, above=(*above, question.pk)):
        return False
    answer = answers.get(other.code)
    given = answer if isinstance(answer, list) else [answer]
    # True is no 1 here: values are compared as JSON writes them.
    return any(type(one) is type(wanted) and one == wanted for one in given for wanted in question.shown_if_values)


def leads_back(question: Question, shown_if: Question | None) -> bool:
    """Whether ``question``, asked only after ``shown_if``, would wait for itself."""
    seen = {question.pk} - {None}
    while shown_if is not None:
        if shown_if.pk in seen:
            return True
        seen.add(shown_if.pk)
        shown_if = shown_if.shown_if
    return False


def can_decide(question: Question) -> bool:
    return QuestionType(question.type) in CAN_DECIDE
