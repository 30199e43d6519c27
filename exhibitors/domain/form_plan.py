"""A fair's own part of the application form written down as plain values: its pavilions and questions."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from exhibitors.domain import questions
from exhibitors.models import Pavilion, Question, QuestionOption, Region
from fairs.domain.tally import Tally
from fairs.models import Fair
from fairs.tables import RowError, TableError

_TEXTS = {"zh": "zh_hans", "ru": "ru", "en": "en"}
_PAVILION = {"slug", "name", "institution"}
_QUESTION = {"code", "section", "text", "help", "type", "required", "audience", "max_length", "min_value", "max_value", "active"}


@transaction.atomic
def ensure_form(*, fair: Fair, plan: Mapping[str, Any]) -> Tally:
    """Make or change what ``plan`` names: ``pavilions`` and ``questions`` with their ``options``; the rest stays.

    Questions are asked in the order of the plan. Raises TableError with every error; nothing is changed then.
    """
    loading = _Loading(fair)
    for place, values in enumerate(plan.get("pavilions", ()), start=1):
        loading.pavilion(f"pavilions[{place}]", values)
    for place, values in enumerate(plan.get("questions", ()), start=1):
        loading.question(f"questions[{place}]", values, position=10 * place)
    if loading.errors:
        raise TableError(loading.errors)
    return loading.tally


class _Loading:
    """One run: what it counted, and what it found wrong."""

    def __init__(self, fair: Fair) -> None:
        self.fair = fair
        self.errors: list[RowError] = []
        self.tally = Tally()

    def pavilion(self, place: str, values: Mapping[str, Any]) -> None:
        fields = self._columns(place, values, _PAVILION, besides={"region"})
        row = Pavilion.objects.filter(fair=self.fair, slug=values.get("slug")).first() or Pavilion(fair=self.fair)
        if code := values.get("region"):
            fields["region"] = Region.objects.filter(code=code).first()
            if fields["region"] is None:
                self.errors.append(RowError(0, f"{place}.region", _("There is no region “%(code)s”.") % {"code": code}))
        self._save(place, row, fields)

    def question(self, place: str, values: Mapping[str, Any], *, position: int) -> None:
        fields = self._columns(place, values, _QUESTION, besides={"options", "shown_if", "shown_if_values"})
        row = Question.objects.filter(fair=self.fair, code=values.get("code")).first() or Question(fair=self.fair)
        other = Question.objects.filter(fair=self.fair, code=values["shown_if"]).first() if "shown_if" in values else None
        if "shown_if" in values and (other is None or not questions.can_decide(other) or questions.leads_back(row, other)):
            self.errors.append(RowError(0, f"{place}.shown_if", _("Name an earlier question with a choice, or with yes and no.")))
        fields |= {"position": position, "shown_if": other, "shown_if_values": list(values.get("shown_if_values", ()))}
        if not self._save(place, row, fields):
            return
        for number, option in enumerate(values.get("options", ()), start=1):
            at = f"{place}.options[{number}]"
            known = QuestionOption.objects.filter(question=row, code=option.get("code")).first() or QuestionOption(question=row)
            self._save(at, known, {**self._columns(at, option, {"code", "text"}), "position": 10 * number})

    def _columns(self, place: str, values: Mapping[str, Any], known: set[str], *, besides: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
        fields = {}
        for name, value in values.items():
            stem, _line, ending = name.rpartition("_")
            if stem in known and ending in _TEXTS:
                fields[f"{stem}_{_TEXTS[ending]}"] = value
            elif name in known:
                fields[name] = value
            elif name not in besides:
                self.errors.append(RowError(0, f"{place}.{name}", _("This name is not known.")))
        return fields

    def _save(self, place: str, row: Any, fields: dict[str, Any]) -> bool:
        if not self.tally.count(row, fields):
            return True
        try:
            row.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.errors.append(RowError(0, place if name == "__all__" else f"{place}.{name}", " ".join(messages)))
            return False
        row.save()
        return True
