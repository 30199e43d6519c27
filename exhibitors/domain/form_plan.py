"""A fair's own part of the application form written down as plain values: its pavilions and questions, and the criteria of its review."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from exhibitors.domain import questions
from exhibitors.enums import QuestionType
from exhibitors.models import Pavilion, Question, QuestionOption, Region, ReviewCriterion
from exhibitors.models.question import WITH_OPTIONS
from fairs.domain.tally import Tally
from fairs.models import Fair
from fairs.tables import RowError, TableError

_TEXTS = {"zh": "zh_hans", "ru": "ru", "en": "en"}
_PAVILION = {"slug", "name", "institution"}
_QUESTION = {"code", "section", "text", "help", "type", "required", "audience", "max_length", "min_value", "max_value", "active"}


@transaction.atomic
def ensure_form(*, fair: Fair, plan: Mapping[str, Any]) -> Tally:
    """Make or change what ``plan`` names: ``pavilions``, ``questions`` with their ``options``, and the ``criteria`` by which applications
    are reviewed; the rest stays.

    Questions are asked in the order of the plan. Raises TableError with every error; nothing is changed then.
    """
    loading = _Loading(fair)
    for name in sorted(plan.keys() - {"pavilions", "questions", "criteria"}):
        loading.refuse(name, _("This name is not known."))
    for place, values in loading.rows("pavilions", plan.get("pavilions", [])):
        loading.pavilion(place, values)
    for number, (place, values) in enumerate(loading.rows("questions", plan.get("questions", [])), start=1):
        loading.question(place, values, position=10 * number)
    for place, values in loading.rows("criteria", plan.get("criteria", [])):
        loading.criterion(place, values)
    if loading.errors:
        raise TableError(loading.errors)
    return loading.tally


class _Loading:
    """One run: what it counted, and what it found wrong."""

    def __init__(self, fair: Fair) -> None:
        self.fair = fair
        self.errors: list[RowError] = []
        self.tally = Tally()

    def refuse(self, place: str, message: str) -> None:
        self.errors.append(RowError(0, place, message))

    def rows(self, name: str, given: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each table of a list of tables, with its place."""
        if not isinstance(given, list):
            return self.refuse(name, _("Write a list of tables."))
        for number, row in enumerate(given, start=1):
            if isinstance(row, Mapping):
                yield f"{name}[{number}]", row
            else:
                self.refuse(f"{name}[{number}]", _("Write a list of tables."))
        return None

    def pavilion(self, place: str, values: Mapping[str, Any]) -> None:
        fields = self._columns(place, values, _PAVILION, besides={"region"})
        row = Pavilion.objects.filter(fair=self.fair, slug=values.get("slug")).first() or Pavilion(fair=self.fair)
        if code := values.get("region"):
            fields["region"] = Region.objects.filter(code=code).first()
            if fields["region"] is None:
                self.refuse(f"{place}.region", _("There is no region “%(code)s”.") % {"code": code})
        self._need_text(place, "name", row, fields)
        self._save(place, row, fields)

    def question(self, place: str, values: Mapping[str, Any], *, position: int) -> None:
        fields = self._columns(place, values, _QUESTION, besides={"options", "shown_if", "shown_if_values"})
        row = Question.objects.filter(fair=self.fair, code=values.get("code")).first() or Question(fair=self.fair)
        self._need_text(place, "text", row, fields)
        if row.pk and fields.get("type", row.type) != row.type and row.answers.exists():
            self.refuse(f"{place}.type", _("The question has answers already: retire it, and add another."))
            return
        fields |= {"position": position, **self._condition(place, row, values)}
        if self._save(place, row, fields):
            self._options(place, row, values)

    def criterion(self, place: str, values: Mapping[str, Any]) -> None:
        """One that has the same name in the language that is written first is the same one."""
        fields = self._columns(place, values, {"name", "weight"})
        named = next(({column: value} for column, value in fields.items() if column.startswith("name") and value), None)
        known = ReviewCriterion.objects.filter(fair=self.fair, **named).first() if named else None
        row = known or ReviewCriterion(fair=self.fair)
        self._need_text(place, "name", row, fields)
        self._save(place, row, fields)

    def _condition(self, place: str, row: Question, values: Mapping[str, Any]) -> dict[str, Any]:
        """After which answers to which other question it is asked."""
        wanted = values.get("shown_if_values", [])
        if "shown_if" not in values:
            if wanted:
                self.refuse(f"{place}.shown_if", _("Name an earlier question with a choice, or with yes and no."))
            return {"shown_if": None, "shown_if_values": []}
        other = Question.objects.filter(fair=self.fair, code=values["shown_if"]).first()
        if other is None or not questions.can_decide(other) or questions.leads_back(row, other):
            self.refuse(f"{place}.shown_if", _("Name an earlier question with a choice, or with yes and no."))
            return {}
        known = [True, False] if other.type == QuestionType.YES_NO else [option.code for option in other.options.all()]
        if not isinstance(wanted, list) or not wanted or any(one not in known or type(one) is not type(known[0]) for one in wanted):
            names = ", ".join(json.dumps(one) for one in known)
            self.refuse(f"{place}.shown_if_values", _("Write a list of some of these answers: %(names)s.") % {"names": names})
        return {"shown_if": other, "shown_if_values": wanted}

    def _options(self, place: str, row: Question, values: Mapping[str, Any]) -> None:
        given = list(self.rows(f"{place}.options", values.get("options", [])))
        for number, (at, option) in enumerate(given, start=1):
            fields = self._columns(at, option, {"code", "text"})
            if not option.get("code"):
                self.refuse(f"{at}.code", _("Write a code."))
                continue
            known = QuestionOption.objects.filter(question=row, code=option["code"]).first() or QuestionOption(question=row)
            self._need_text(at, "text", known, fields)
            self._save(at, known, {**fields, "position": 10 * number})
        if row.type in WITH_OPTIONS and not given and not row.options.exists():
            self.refuse(f"{place}.options", _("Write the options that may be chosen."))

    def _need_text(self, place: str, name: str, row: Any, fields: Mapping[str, Any]) -> None:
        columns = [f"{name}_{column}" for column in _TEXTS.values()]
        if not any(fields.get(column, getattr(row, column)) for column in columns):
            self.refuse(f"{place}.{name}_ru", _("Write it in one language at the least."))

    def _columns(self, place: str, values: Mapping[str, Any], known: set[str], *, besides: Collection[str] = ()) -> dict[str, Any]:
        fields = {}
        for name, value in values.items():
            stem, _line, ending = name.rpartition("_")
            if stem in known and ending in _TEXTS:
                fields[f"{stem}_{_TEXTS[ending]}"] = value
            elif name in known:
                fields[name] = value
            elif name not in besides:
                self.refuse(f"{place}.{name}", _("This name is not known."))
        return fields

    def _save(self, place: str, row: Any, fields: dict[str, Any]) -> bool:
        if not self.tally.count(row, fields):
            return True
        try:
            row.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.refuse(place if name == "__all__" else f"{place}.{name}", " ".join(messages))
            return False
        row.save()
        return True
