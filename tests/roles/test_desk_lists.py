"""What the lists of the desk may be asked: nothing about a column that the page hides, nothing about rows that others have."""

import html
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from itertools import cycle
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.test import Client, RequestFactory
from django.urls import reverse

from api.text import fold
from conferences.models import Delegate
from tests.cases import case
from tests.roles.base import RolesTestCase, undrawn
from tests.roles.desk import Desk, DeskClient

CALLERS = ("owner", "superuser")
STRANGE = ({"o": "99.-1.password"}, {"o": "1" * 5000}, {"p": "x"}, {"p": "10000000000"})
ENDS = ("", "__isnull", "__startswith", "__id__gt")
# Ways out of a row and into what nobody shows.
FAR = (
    "user__password__startswith",
    "company__members__user__password__startswith",
    "application__company__members__user__password__startswith",
    "fair__staff__user__email__startswith",
    "responsible__password__startswith",
    "no_such_column",
    "pk__in",
)


def offered(page: Any) -> set[str]:
    """The beginnings of what the page's own filters ask."""
    found = {one.parameter_name if isinstance(one, type) and issubclass(one, SimpleListFilter) else one for one in _plain(page.list_filter)}
    return {str(one).partition("__")[0] for one in found} | {page.date_hierarchy or "-"}


def asking(desk: Desk, url: str, query: dict[str, str]) -> Any:
    """The request that a page makes its list for."""
    request: Any = RequestFactory().get(url, query)
    request.user = desk.person
    return request


def refuses(page: Any, request: Any, *errors: type[Exception]) -> bool:
    try:
        page.get_changelist_instance(request)
    except errors:
        return True
    return False


def _plain(filters: Any) -> Iterator[Any]:
    for one in filters:
        yield one[0] if isinstance(one, (list, tuple)) else one


# What a link of the desk asks besides.
LINKED = {"exhibitors.document": {"application"}}


class DeskListsTest(RolesTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.read: dict[tuple[str, int], list[str]] = {}

    def client_of(self, caller: str) -> Client:
        return DeskClient(self.world.person(caller))

    def pages(self) -> Iterator[tuple[Any, str]]:
        for model, page in admin.site._registry.items():
            yield page, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    def test_no_list_is_narrowed_by_what_it_does_not_offer(self) -> None:
        """All of it is asked of the list as its page makes it for a superuser, and over HTTP something by her and by the owner."""
        desk = Desk(self.world, "superuser")
        for page, url in self.pages():
            for lookup in self.not_offered(page):
                assert refuses(page, asking(desk, url, {lookup: "1"}), DisallowedModelAdminLookup), (url, lookup)
        for caller in CALLERS:
            client = self.client_of(caller)
            for turn, (page, url) in enumerate(self.pages()):
                asked = [*self.not_offered(page)]
                lookup = asked[turn % len(asked)]
                with case(f"{caller} {url}"):
                    hidden = client.get(url, {"pk__in": "1"}).status_code
                    assert hidden in (400, 403)
                    assert hidden == 403 or client.get(url, {lookup: "1"}).status_code == 400, lookup

    def not_offered(self, page: Any) -> Iterator[str]:
        names = {field.name for field in page.model._meta.get_fields()} - offered(page)
        names -= LINKED.get(page.model._meta.label_lower, set())
        yield from (f"{name}{end}" for name, end in zip(sorted(names), cycle(ENDS), strict=False))
        yield from FAR

    def test_what_is_offered_leads_no_further(self) -> None:
        """Each list is asked as its page makes it for every end that its row has a column for, and one of the others over HTTP."""
        desk = Desk(self.world, "superuser")
        ends = ("password__startswith", "staff__user__email", "company__legal_name__startswith", "code_hash__startswith")
        for page, url in self.pages():
            paths = [path for path in _plain(page.list_filter) if isinstance(path, str)]
            for path in paths:
                related = get_fields_from_path(page.model, path)[-1].related_model
                columns = {field.name for field in related._meta.get_fields()} if related else set()
                for end in (end for end in ends if end.partition("__")[0] in columns):
                    request = asking(desk, url, {f"{path}__{end}": "a"})
                    assert refuses(page, request, DisallowedModelAdminLookup, IncorrectLookupParameters), (url, path, end)
            for path, end in zip(paths[:2], ends, strict=False):
                # 302: a filter that is offered was asked in a way that makes no sense
                assert desk.client.get(url, {f"{path}__{end}": "a"}).status_code in (302, 400), (url, path)

    def test_strange_questions_are_refused_and_break_nothing(self) -> None:
        """Of the order and the page every list is asked one strange thing: they all read them alike."""
        desk = Desk(self.world, "superuser")
        refused = ({"_to_field": "code_hash"}, {"q": "a\0b"})
        for turn, ((page, url), strange) in enumerate(zip(self.pages(), cycle(STRANGE), strict=False)):
            for query in ({"_to_field": "password"}, refused[turn % 2]):
                assert desk.client.get(url, query).status_code == 400, (url, query)
            if turn % 5 == 0:
                with undrawn():
                    assert desk.client.get(url, strange).status_code in (200, 302), (url, strange)
            with suppress(IncorrectLookupParameters):
                assert page.get_changelist_instance(asking(desk, url, strange)).result_list is not None, (url, strange)

    def test_every_filter_of_the_page_is_taken(self) -> None:
        """The links that the filters themselves draw, all of a page at once: one that is not taken leads back to the list."""
        desk = Desk(self.world, "superuser")
        for turn, (page, url) in enumerate(self.pages()):
            changes = page.get_changelist_instance(desk.request)
            choices = [list(spec.choices(changes))[-1]["query_string"] for spec in changes.filter_specs]
            query = "&".join(choice.removeprefix("?") for choice in choices)
            page.get_changelist_instance(asking(desk, f"{url}?{query}", {}))
            if turn % 4 == 0:
                with undrawn():
                    assert desk.client.get(f"{url}?{query}").status_code == 200, (url, query)

    def test_what_a_list_is_searched_and_sorted_by_can_be_read(self) -> None:
        """In the list, on the page of the row or of the one that holds it, or in a reference list: for a superuser, who sees every page."""
        client = self.client_of("superuser")
        Delegate.objects.update(code_hash="c0de" * 16)
        reference = "".join(_text(client.get(f"/api/v1/{name}/?lang=all&page_size=250")) for name in ("regions", "product-categories"))
        looked_at = 0
        for page, url in self.pages():
            row = page.model._default_manager.order_by("pk").first()
            paths = {path.lstrip("=^@") for path in page.search_fields} | set(_sorted_by(page)) if row else set()
            for path in sorted(paths):
                *steps, column = path.split("__")
                holder = reduce(lambda at, step: getattr(at, step, None), steps, row)
                value = getattr(holder, column, None)
                words = fold(value).split() if isinstance(value, str) else []
                looked_at += len(words)
                words = [word for word in words if word not in reference]
                for one in (row, holder):
                    words = [word for word in words if word not in "".join(self.pages_of(client, one))] if words else []
                assert [word for word in words if word not in self.list_of(client, url)] == [], (url, path)
        assert looked_at > 50

    def list_of(self, client: Client, url: str) -> str:
        if (url, 0) not in self.read:
            self.read[url, 0] = [_text(client.get(url))]
        return self.read[url, 0][0]

    def pages_of(self, client: Client, row: Any) -> list[str]:
        if type(row) not in admin.site._registry:
            return []
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")
        if (url, row.pk) not in self.read:
            self.read[url, row.pk] = [_text(client.get(f"{url}{row.pk}/{name}/")) for name in ("change", "review")]
        return self.read[url, row.pk]


def _text(answer: Any) -> str:
    return fold(html.unescape(answer.content.decode()))


def _sorted_by(page: Any) -> Iterator[str]:
    """The columns behind the heads of a list that can be clicked."""
    for column in page.list_display:
        order = column if column in {field.name for field in page.model._meta.get_fields()} else None
        if order is None:
            shown = getattr(page, column, None) or getattr(page.model, column, None)
            order = getattr(shown, "admin_order_field", None)
        if isinstance(order, str):
            yield order.lstrip("-")
