"""An answer as people read it."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exhibitors.enums import QuestionType
from exhibitors.models import Question
from fairs.units import number_text


def answer_text(question: Question, value: Any) -> str:
    """In the reader's language: the texts of options, yes and no, a day as the reader writes it."""
    match question.type:
        case QuestionType.YES_NO:
            return _("yes") if value else _("no")
        case QuestionType.CHOICE | QuestionType.SEVERAL:
            texts = {option.code: str(option) for option in question.options.all()}
            return ", ".join(texts.get(code, code) for code in (value if isinstance(value, list) else [value]))
        case QuestionType.NUMBER:
            return number_text(value)
        case QuestionType.DATE:
            return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
        case QuestionType.FILE:
            return str(value["name"])
    return str(value)
