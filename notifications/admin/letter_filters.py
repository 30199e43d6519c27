"""What the list of letters is narrowed by."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.models import Letter, Suppression
from notifications.occasions import title_of
from notifications.outcomes import Outcome, with_outcome


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
