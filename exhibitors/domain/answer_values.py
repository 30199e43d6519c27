"""What may be answered to a question: a JSON value in, the same in its normal form out, or a refusal that names the rule."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from api.problems import Invalid, field_error, pointer
from api.text import clean_line, clean_text
from exhibitors.enums import QuestionType
from exhibitors.models import Question
from fairs.units import number_text

_LARGEST = Decimal(10) ** 12
_YEARS = (1900, 2100)


def is_empty(value: Any) -> bool:
    """Whether a value answers nothing: null, no text, no option. False is an answer."""
    return value is None or (isinstance(value, (str, list)) and not value)


def normal(question: Question, value: Any) -> Any:
    """The answer as it is kept; None for one that answers nothing. Raises Invalid with the pointer ``/answers/<code>``."""
    if is_empty(value):
        return None
    found = _NORMAL[QuestionType(question.type)](question, value)
    return None if is_empty(found) else found


def refuse(question: Question | str, code: str, detail: str) -> Invalid:
    name = question if isinstance(question, str) else question.code
    return Invalid([field_error(pointer("answers", name), code, detail)])


def _text(question: Question, value: Any) -> str:
    if not isinstance(value, str):
        raise refuse(question, "invalid", _("Write a text in quotation marks."))
    text = clean_line(value) if question.type == QuestionType.TEXT else clean_text(value).strip()
    if len(text) > question.longest:
        raise refuse(question, "max_length", _("At most %(count)d characters.") % {"count": question.longest})
    return text


def _option(question: Question, value: Any) -> str:
    if not isinstance(value, str) or value not in _codes(question):
        raise refuse(question, "invalid_choice", _("Choose one of: %(names)s.") % {"names": ", ".join(_codes(question))})
    return value


def _several(question: Question, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > len(_codes(question)):
        raise refuse(question, "invalid", _("Write a list of options, each once."))
    chosen = {_option(question, one) for one in value}
    return [code for code in _codes(question) if code in chosen]


def _codes(question: Question) -> list[str]:
    return [option.code for option in question.options.all()]


def _number(question: Question, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or abs(Decimal(str(value))) > _LARGEST:
        raise refuse(question, "invalid", _("Write a number."))
    exact = round(Decimal(str(value)), 3)
    if question.min_value is not None and exact < question.min_value:
        raise refuse(question, "min_value", _("The smallest number is %(number)s.") % {"number": number_text(question.min_value)})
    if question.max_value is not None and exact > question.max_value:
        raise refuse(question, "max_value", _("The largest number is %(number)s.") % {"number": number_text(question.max_value)})
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _date(question: Question, value: Any) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value if len(value) == 10 else "")
    except (TypeError, ValueError):
        raise refuse(question, "invalid", _("Write a day, such as 2024-01-27.")) from None
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise refuse(question, "invalid", _("Write a day, such as 2024-01-27."))
    return day.isoformat()


def _yes_no(question: Question, value: Any) -> bool:
    if not isinstance(value, bool):
        raise refuse(question, "invalid", _("Answer with true or false."))
    return value


def _file(question: Question, value: Any) -> Any:
    """A file has an address of its own (answers.write_file): what was read of it may be sent back, to be left as it is."""
    if isinstance(value, dict) and value.keys() == {"name", "size"}:
        return value
    raise refuse(question, "file_address", _("Send the file to its own address, as multipart/form-data."))


_NORMAL = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.CHOICE: _option,
    QuestionType.SEVERAL: _several,
    QuestionType.NUMBER: _number,
    QuestionType.DATE: _date,
    QuestionType.YES_NO: _yes_no,
    QuestionType.FILE: _file,
}
