"""Whom an applicant wants to stand near to or far from, on the application's page; staff say which company a name means."""

from typing import Any

from django.forms.models import BaseInlineFormSet

from accounts.models import User
from api.problems import Invalid
from exhibitors.admin.refusals import add_refusal
from exhibitors.domain import neighbours
from exhibitors.domain.neighbours import Neighbour
from exhibitors.enums import NeighbourKind
from exhibitors.models import NeighbourWish
from fairs.admin_scope import FairScopedInline
from fairs.roles import Right


class NeighbourFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Reads what was typed; the domain writes it."""

    def clean(self) -> None:
        super().clean()
        for form in self._kept():
            try:
                neighbours.check(self.instance, self._neighbour(form))
            except Invalid as refusal:
                add_refusal(form, refusal)

    def wished(self) -> dict[NeighbourKind, list[Neighbour]]:
        lists: dict[NeighbourKind, list[Neighbour]] = {kind: [] for kind in NeighbourKind}
        for form in self._kept():
            lists[NeighbourKind(form.cleaned_data["kind"])].append(self._neighbour(form))
        return lists

    def link(self, *, by: User) -> None:
        """Note which companies were chosen, once the rows are written."""
        rows = {(row.kind, row.name.casefold()): row for row in NeighbourWish.objects.filter(application=self.instance.pk)}
        for form in self._kept():
            row = rows.get((form.cleaned_data["kind"], form.cleaned_data["name"].casefold()))
            if row is not None and "company" in form.changed_data:
                neighbours.link(neighbour_id=row.pk, company=form.cleaned_data["company"], by=by)

    def _kept(self) -> list[Any]:
        return [form for form in self.forms if not form.errors and form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")]

    def _neighbour(self, form: Any) -> Neighbour:
        if form.instance.exhibitor_id and not {"name", "inn"} & set(form.changed_data):
            return Neighbour(exhibitor=form.instance.exhibitor)
        return Neighbour(name=form.cleaned_data["name"], inn=form.cleaned_data["inn"])


class NeighbourInline(FairScopedInline):
    model = NeighbourWish
    formset = NeighbourFormSet
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_APPLICATIONS, Right.EDIT_APPLICATIONS
    fields = ("kind", "name", "inn", "company")
    autocomplete_fields = ("company",)
    hide_title = True
