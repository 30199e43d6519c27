"""What the list of letters is narrowed by."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import concerns
from notifications.admin.shown_moments import shown_moment
from notifications.missed import span_in
from notifications.models import Letter, Suppression
from notifications.occasions import title_of
from notifications.outcomes import Outcome, with_outcome

_SEARCHED = ("recipient_email", "recipient_name", "subject")
_WORDS_AT_MOST = 10  # a longer question is no search


def matching(queryset: QuerySet[Letter], query: str) -> QuerySet[Letter]:
    """Those of the letters that contain each word of ``query``, whatever its case, or carry one as their Message-ID or ``about``; and those
    that concern what an app above finds by the whole of it, such as a company.

    By regular expression: SQLite knows the case of Latin letters alone, but compares these in Python.
    """
    condition = Q()
    for word in query.split()[:_WORDS_AT_MOST]:
        pattern = "".join("[её]" if letter in "её" else re.escape(letter) for letter in word.lower())
        found = Q(about__iexact=word) | Q(message_id__in=[word, f"<{word}>"])
        for name in _SEARCHED:
            found |= Q(**{f"{name}__iregex": pattern})
        condition &= found
    if not query.strip():
        return queryset
    for concerned in (find(query) for find in concerns.finders):
        condition |= concerned
    return queryset.filter(condition)


class OutcomeFilter(admin.SimpleListFilter):
    """What became of the letters."""

    title = _("state")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Outcome.choices, ("suppressed", _("its address gets no mail any more"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Letter]) -> QuerySet[Letter]:
        value = self.value()
        if value == "suppressed":
            return queryset.filter(address__in=Suppression.objects.in_force().values("address"))
        return queryset.filter(with_outcome(Outcome(value), now=timezone.now())) if value in Outcome.values else queryset


class MissedFilter(admin.SimpleListFilter):
    """Letters that did not arrive within a time: what the daily digest to staff counts."""

    title = _("failed or came back")
    parameter_name = "missed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        asked = request.GET.get(self.parameter_name, "")
        span = span_in(asked)
        named = [(asked, " – ".join(shown_moment(at) for at in span))] if span else []
        return [("day", _("in the last 24 hours")), *named]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Letter]) -> QuerySet[Letter]:
        value = self.value() or ""
        now = timezone.now()
        span = (now - timedelta(days=1), now) if value == "day" else span_in(value)
        return queryset.filter(pk__in=Letter.objects.missed(since=span[0], until=span[1]).values("pk")) if span else queryset


class OccasionFilter(admin.AllValuesFieldListFilter):
    """By what the letters tell, as people call it."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": title_of(str(choice["display"]))}


class InForceFilter(admin.SimpleListFilter):
    """Whether mail goes to the address again."""

    title = _("state")
    parameter_name = "lifted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("no mail goes")), ("yes", _("lifted: mail goes again"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> QuerySet[Suppression]:
        return queryset.filter(lifted_at__isnull=self.value() == "no") if self.value() in ("yes", "no") else queryset
