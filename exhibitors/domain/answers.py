"""The answers of an application to the fair's own questions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api import files
from api.file_kinds import FileKind
from api.models import StoredFile
from api.problems import Findings, Invalid, field_error, pointer
from api.statements import MARKER, RowStatement
from exhibitors.domain import changes, questions, steps
from exhibitors.domain.answer_values import normal, refuse
from exhibitors.domain.differences import Diff
from exhibitors.domain.editing import require_part_editable
from exhibitors.domain.question_texts import why_not_asked
from exhibitors.domain.questions import Facts
from exhibitors.enums import ChangeSubject, QuestionType
from exhibitors.models import Answer, Application, Question

MOST_ANSWERS = 200  # in one body
KINDS = tuple(FileKind)  # that may be sent as an answer


def write(application: Application, given: Mapping[str, Any], *, by: User | None, now: datetime, diff: Diff) -> None:
    """Answer what is given, by code; null takes an answer away. Raises Invalid with ``/answers/<code>`` for each that is wrong.

    What nobody asks any more, because of another answer, is dropped with it.
    """
    asked = questions.asked_at(application.fair_id)
    values = _checked(asked, given)
    there = {answer.question.code: answer for answer in application.answers.select_related("question")}
    merged = {code: answer.value for code, answer in there.items()} | values
    open_ = {question.code: question for question in questions.shown(asked, merged, Facts.of(application))}
    hidden = [code for code, value in values.items() if value is not None and code not in open_]
    if hidden:
        by_code = {question.code: question for question in asked}
        facts = Facts.of(application)
        raise Invalid([field_error(pointer("answers", code), "not_asked", why_not_asked(by_code[code], asked, facts)) for code in hidden])
    _keep_files(values, there, open_)
    for code, value in values.items():
        diff.note("answers", there[code].value if code in there else None, value, of=code)
    _write(application, values, open_, there, by=by, now=now)
    _drop_unasked(application, [there[code] for code in there.keys() - open_.keys() - values.keys() if there[code].question.active], diff)


def check_values(application: Application, given: Mapping[str, Any]) -> None:
    """Raise Invalid for answers that are wrong whatever else the application says."""
    _checked(questions.asked_at(application.fair_id), given)


def _keep_files(values: Mapping[str, Any], there: Mapping[str, Answer], asked: Mapping[str, Question]) -> None:
    """Of a file only what was read may be sent back. Raises Invalid for anything else."""
    for code, value in values.items():
        if value is not None and asked[code].type == QuestionType.FILE and (code not in there or there[code].value != value):
            raise refuse(code, "file_address", _("Send the file to its own address, as multipart/form-data."))


@transaction.atomic
def write_file(*, application_id: int, code: str, file: File, by: User, now: datetime, as_staff: bool = False) -> Answer:
    """Answer a question with a file, in place of one that was there. Raises NotEditable, Invalid, FileRefused."""
    application = steps.locked(application_id)
    require_part_editable(application, "answers", as_staff=as_staff, now=now)
    there = {answer.question.code: answer for answer in application.answers.select_related("question")}
    given = {name: answer.value for name, answer in there.items()}
    asked, facts = questions.asked_at(application.fair_id), Facts.of(application)
    question = next((one for one in asked if one.code == code and one.type == QuestionType.FILE), None)
    if question is None:
        raise refuse(
            code,
            "unknown_question",
            _("No question with this code is answered by a file: what the fair asks stands in its application-form/."),
        )
    if question not in questions.shown(asked, given, facts):
        raise refuse(code, "not_asked", why_not_asked(question, asked, facts))
    stored = files.keep(file, kinds=KINDS, by=by, now=now)
    if code in there:
        _drop(application, [there[code]])
    value = {"name": stored.original_name, "size": stored.size}
    diff = Diff()
    diff.note("answers", given.get(code), value, of=code)
    changes.record_part(application=application, subject=ChangeSubject.APPLICATION, by=by, as_staff=as_staff, now=now, diff=diff)
    return Answer.objects.create(application=application, question=question, value=value, file=stored, answered_at=now, answered_by=by)


def drop_hidden(application: Application, diff: Diff) -> None:
    """Forget the answers that nobody asks for after a change of sites or categories."""
    there = list(application.answers.select_related("question"))
    if not there:
        return
    asked = questions.asked_at(application.fair_id)
    open_ = {question.pk for question in questions.shown(asked, {one.question.code: one.value for one in there}, Facts.of(application))}
    _drop_unasked(application, [answer for answer in there if answer.question_id not in open_ and answer.question.active], diff)


def _drop_unasked(application: Application, gone: list[Answer], diff: Diff) -> None:
    for answer in gone:
        diff.note("answers", answer.value, None, of=answer.question.code)
    _drop(application, gone)


def missing(application: Application, facts: Facts) -> list[dict[str, Any]]:
    """An error for each required question that is asked and not answered."""
    asked = _asked().all({MARKER: application.fair_id})
    if not any(question.required for question in asked):
        return []
    given = dict(application.answers.values_list("question__code", "value"))
    return [
        field_error(pointer("answers", question.code), "required", _("Answer this question: %(question)s") % {"question": question})
        for question in questions.shown(asked, given, facts)
        if question.required and question.code not in given
    ]


@cache
def _asked() -> RowStatement[Question]:
    return RowStatement(Question.objects.filter(fair=MARKER, active=True).order_by("position", "pk"), markers=(MARKER,))


def _checked(asked: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    by_code = {question.code: question for question in asked}
    values, found = {}, Findings()
    for code, value in given.items():
        with found.more():
            question = by_code.get(code)
            if question is None:
                raise refuse(code, "unknown_question", _("This fair does not ask this: what it asks stands in its application-form/."))
            values[code] = normal(question, value)
    found.refuse()
    return values


def _write(
    application: Application,
    values: Mapping[str, Any],
    asked: Mapping[str, Question],
    there: Mapping[str, Answer],
    *,
    by: User | None,
    now: datetime,
) -> None:
    new, changed = [], []
    for code, value in values.items():
        answer = there.get(code)
        if value is None or (answer is not None and answer.value == value and type(answer.value) is type(value)):
            continue
        if answer is None:
            new.append(Answer(application=application, question=asked[code], value=value, answered_at=now, answered_by=by))
        else:
            answer.value, answer.answered_at, answer.answered_by = value, now, by
            changed.append(answer)
    if new:
        Answer.objects.bulk_create(new)
    if changed:
        Answer.objects.bulk_update(changed, ["value", "answered_at", "answered_by"])
    _drop(application, [there[code] for code, value in values.items() if value is None and code in there])


def _drop(application: Application, gone: list[Answer]) -> None:
    """Delete answers with their files."""
    if not gone:
        return
    application.answers.filter(pk__in=[answer.pk for answer in gone]).delete()
    for stored in StoredFile.objects.filter(pk__in=[answer.file_id for answer in gone if answer.file_id]):
        stored.delete()
