"""What a form of the desk is sent beside its fields changes nothing: every column of its row, thrown in."""

from typing import Any

from django.urls import reverse

from tests.browser import fields_of
from tests.cases import case
from tests.roles import document
from tests.roles.base import RolesTestCase
from tests.roles.desk import Desk, allowed, check_page_of_row, draws_as_it_is_saved
from tests.roles.test_bodies import other


class DeskFormsTest(RolesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.desks: dict[str, Desk] = {}

    def test_no_column_without_a_field_is_written(self) -> None:
        """Nor is a page that is saved as it was shown called stale: each is saved, by an owner, or by a superuser where no owner may."""
        saved = {label for label, row in document.PAGES.items() if self._saves(self._whose(row["changed with"]), label)}
        assert saved == {
            label for label, row in document.PAGES.items() if document.may(document.SUPERUSER, row["changed with"] or "nobody")
        }

    def _whose(self, right: str) -> str:
        return "owner" if document.may("owner", right or "nobody") else document.SUPERUSER

    def _saves(self, caller: str, label: str) -> bool:
        rows = [*self.world.here.all(label), *self.world.common.get(label, [])]
        if not rows:
            return False
        if caller not in self.desks:
            self.desks[caller] = Desk(self.world, caller)
        with case(f"{caller}: {label}"):
            return self._throws_at(self.desks[caller], label, rows[0])

    def _throws_at(self, desk: Desk, label: str, row: Any) -> bool:
        """Whether the page has a form: it is sent as it stands, with all columns that it has no field for."""
        may = allowed(desk.role, document.PAGES[label])
        if not may.change:
            return False  # test_desk opens it
        name = f"{label.replace('.', '_')}_change"
        client, url = desk.client, reverse(f"admin:{name}", args=[row.pk])
        page = desk.get(name, row.pk)
        assert draws_as_it_is_saved(desk.caller, document.PAGES[label])
        check_page_of_row(desk, page, row, may)
        fields = fields_of(page, f"{row._meta.model_name}_form")
        known = {*fields, *page.context["adminform"].form.fields}
        columns = [column for column in row._meta.concrete_fields if not {column.name, column.attname} & known]
        before = type(row)._default_manager.filter(pk=row.pk).values().get()
        thrown = {name: other(before[column.attname]) for column in columns for name in (column.name, column.attname)}
        assert client.post(url, {**thrown, **fields}).status_code == 302
        after = type(row)._default_manager.filter(pk=row.pk).values().get()
        changed = [column.attname for column in columns if after[column.attname] != before[column.attname]]
        # What the saving itself writes, such as a moment, is not what was thrown.
        assert [name for name in changed if _is(after[name], thrown[name])] == []
        return True


def _is(value: Any, thrown: Any) -> bool:
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.startswith(str(thrown).removesuffix("Z"))
