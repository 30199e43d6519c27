"""A deadline's ladder as the TOML of ``import_fair`` writes it.

``ladder = [{days = -7, to = "owner"}, {working_days = 2, to = "responsible", act = "task"}]``
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fairs.enums import RungAct, RungReader, RungUnit
from fairs.models import Deadline, Rung

_UNITS = {"days": RungUnit.DAYS, "working_days": RungUnit.WORKING_DAYS}


def write(deadline: Deadline, steps: Any) -> None:
    """Give ``deadline`` exactly these steps. Raises ValueError with what is wrong."""
    if not isinstance(steps, list):
        raise ValueError(_('Write a list of steps, such as {days = -7, to = "owner"}.'))
    wanted = {_key(rung): rung for rung in (_read(deadline, step) for step in steps)}
    there = {_key(rung): rung for rung in Rung.objects.filter(deadline=deadline)}
    new = [rung for key, rung in wanted.items() if key not in there]
    for rung in new:
        _check(rung)
    Rung.objects.filter(pk__in=[rung.pk for key, rung in there.items() if key not in wanted]).delete()
    Rung.objects.bulk_create(new)


def _key(rung: Rung) -> tuple[int, str, str, str]:
    return rung.offset, rung.unit, rung.reader, rung.act


def _read(deadline: Deadline, step: Any) -> Rung:
    named = [name for name in _UNITS if isinstance(step, dict) and type(step.get(name)) is int]
    if len(named) != 1 or set(step) - {named[0], "to", "act"}:
        raise ValueError(_("A step has either days or working_days, a whole number, and the names to and act."))
    return Rung(
        deadline=deadline,
        offset=step[named[0]],
        unit=_UNITS[named[0]],
        reader=step.get("to", RungReader.OWNER),
        act=step.get("act", RungAct.REMIND),
    )


def _check(rung: Rung) -> None:
    try:
        rung.full_clean()
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
