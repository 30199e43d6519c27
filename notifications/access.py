"""Who may look into the outbox. Superusers may; apps above add rules, such as “the secretary of a fair sees the letters of that fair”."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from notifications.models import Letter, LetterQuerySet

# A rule gets a user and returns which letters that person may see, or None.
Rule = Callable[[Any], Q | None]
_rules: list[Rule] = []


def register_letter_rule(rule: Rule) -> None:
    """Let ``rule`` open letters to more people; call it in ``AppConfig.ready``."""
    if rule not in _rules:
        _rules.append(rule)


def letters_seen_by(user: Any) -> LetterQuerySet:
    """The letters this person may see; secret ones without their body, which nobody sees."""
    if not (user.is_active and user.is_staff):
        return Letter.objects.none()
    if user.is_superuser:
        return Letter.objects.all()
    seen = [condition for condition in (rule(user) for rule in _rules) if condition is not None]
    if not seen:
        return Letter.objects.none()
    any_of = seen[0]
    for condition in seen[1:]:
        any_of |= condition
    return Letter.objects.filter(any_of)


def may_see_letters(user: Any) -> bool:
    """Whether the desk shows this person a list of letters at all."""
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or any(rule(user) is not None for rule in _rules)
