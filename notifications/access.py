"""Who may look into the outbox. Superusers may; apps above add rules, such as “the secretary of a fair sees the letters of that fair”."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from notifications.models import Letter, LetterQuerySet

# A rule gets a user and returns which letters that person may see, or None.
Rule = Callable[[Any], Q | None]
_rules: list[Rule] = []
_rules_of_handling: list[Rule] = []


def register_letter_rule(rule: Rule, *, handles: Rule | None = None) -> None:
    """Let ``rule`` open letters to more people, and ``handles`` say which of them they may hold, edit, drop and send again.

    Call it in ``ready``.
    """
    if rule not in _rules:
        _rules.append(rule)
    if handles is not None and handles not in _rules_of_handling:
        _rules_of_handling.append(handles)


def letters_seen_by(user: Any) -> LetterQuerySet:
    """The letters this person may see; secret ones without their body, which nobody sees."""
    return _opened_by(_rules, user)


def letters_handled_by(user: Any) -> LetterQuerySet:
    """The letters this person may hold back, edit, drop and send again."""
    return _opened_by(_rules_of_handling, user)


def _opened_by(rules: list[Rule], user: Any) -> LetterQuerySet:
    if not (user.is_active and user.is_staff):
        return Letter.objects.none()
    if user.is_superuser:
        return Letter.objects.all()
    opened = [condition for condition in (rule(user) for rule in rules) if condition is not None]
    if not opened:
        return Letter.objects.none()
    any_of = opened[0]
    for condition in opened[1:]:
        any_of |= condition
    return Letter.objects.filter(any_of)


def may_see_letters(user: Any) -> bool:
    """Whether the desk shows this person a list of letters at all."""
    return _is_opened(_rules, user)


def may_handle_letters(user: Any) -> bool:
    """Whether the desk offers this person to hold letters, to drop them or to send them again."""
    return _is_opened(_rules_of_handling, user)


def _is_opened(rules: list[Rule], user: Any) -> bool:
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or any(rule(user) is not None for rule in rules)
