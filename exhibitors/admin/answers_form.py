"""The questions of a fair as a form of the desk: a field of the right kind each, grouped by the parts of the application form."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from exhibitors.enums import FormSection, QuestionType
from exhibitors.models import Question

_PREFIX = "question-"


class AnswersForm(forms.Form):
    """``values()`` are the answers that were changed, as the domain takes them; what was emptied is None. ``uploads()`` are the files sent.

    ``links`` lead to the files that were answered, by the code of their question.
    """

    def __init__(
        self, *args: Any, asked: Sequence[Question], given: Mapping[str, Any], links: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.links = asked, links or {}
        for question in self.asked:
            self.fields[f"{_PREFIX}{question.code}"] = _field(question, given.get(question.code))

    def parts(self) -> list[tuple[Any, list[tuple[Question, forms.BoundField, Any]]]]:
        """By part of the form, in its order: each question with its field, and the link to the file that answers it."""
        found = []
        for section in FormSection:
            own = [question for question in self.asked if question.section == section]
            rows = [(question, self[f"{_PREFIX}{question.code}"], self.links.get(question.code, "")) for question in own]
            if rows:
                found.append((section.label, rows))
        return found

    def values(self) -> dict[str, Any]:
        # What stays is not sent once more: an answer that nobody asks for any longer, because of another one, goes by itself.
        changed = [question for question in self.asked if f"{_PREFIX}{question.code}" in self.changed_data]
        typed = [question for question in changed if question.type != QuestionType.FILE]
        return {question.code: _value(question, self.cleaned_data[f"{_PREFIX}{question.code}"]) for question in typed}

    def uploads(self) -> dict[str, UploadedFile]:
        sent = {
            question.code: self.cleaned_data[f"{_PREFIX}{question.code}"] for question in self.asked if question.type == QuestionType.FILE
        }
        return {code: file for code, file in sent.items() if file}


def _field(question: Question, given: Any) -> forms.Field:
    shared: dict[str, Any] = {"label": str(question), "help_text": question.help, "required": False, "initial": given}
    match question.type:
        case QuestionType.LONG_TEXT:
            return forms.CharField(max_length=question.longest, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}), **shared)
        case QuestionType.NUMBER:
            return forms.DecimalField(
                min_value=question.min_value, max_value=question.max_value, widget=UnfoldAdminDecimalFieldWidget, **shared
            )
        case QuestionType.DATE:
            shared["initial"] = date.fromisoformat(given) if given else None
            return forms.DateField(widget=UnfoldAdminSingleDateWidget, **shared)
        case QuestionType.YES_NO:
            shared["initial"] = {True: "yes", False: "no"}.get(given, "")
            return forms.ChoiceField(choices=[("", "–"), ("yes", _("yes")), ("no", _("no"))], widget=UnfoldAdminSelectWidget, **shared)
        case QuestionType.CHOICE:
            return forms.ChoiceField(choices=[("", "–"), *_options(question)], widget=UnfoldAdminSelectWidget, **shared)
        case QuestionType.SEVERAL:
            return forms.MultipleChoiceField(choices=_options(question), widget=forms.CheckboxSelectMultiple, **shared)
        case QuestionType.FILE:
            return forms.FileField(allow_empty_file=True, widget=UnfoldAdminFileFieldWidget, **{**shared, "initial": None})
    return forms.CharField(max_length=question.longest, widget=UnfoldAdminTextInputWidget, **shared)


def _options(question: Question) -> list[tuple[str, str]]:
    return [(option.code, str(option)) for option in question.options.all()]


def _value(question: Question, typed: Any) -> Any:
    if question.type == QuestionType.YES_NO:
        return {"yes": True, "no": False}.get(typed)
    return typed if typed not in ("", []) else None
