"""One reader's desk, as docs/roles.md has it, and what holds of every form that the reader is shown."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from functools import cache, cached_property
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse

from accounts.models import User
from fairs.enums import StaffRole
from fairs.roles import RIGHTS, Right
from tests.roles import document
from tests.roles.world import BEYOND, MARK, REGIONAL, Corner, World

ELSEWHERE = "owner of another fair"
STAFF = [*StaffRole, ELSEWHERE, document.SUPERUSER]
# Each is shown other rows or let do other things than all the rest; what the others may is a choice of what the owner may.
IN_FULL = [StaffRole.OWNER, StaffRole.REGIONAL_COORDINATOR, document.SUPERUSER]


def is_tried(caller: str, turn: int, may: Callable[[str], Hashable]) -> bool:
    """Of the roles that ``may`` the same one is tried, a different one each turn; those in ``IN_FULL`` always.

    The owner of the other fair sees what the owner sees as in a mirror, and is tried now and then."""
    if caller == ELSEWHERE:
        return turn % 4 == 0
    alike = defaultdict(list)
    for role in StaffRole:
        if role not in IN_FULL:
            alike[may(role)].append(role)
    return caller in IN_FULL or any(caller == roles[turn % len(roles)] for roles in alike.values())


@cache
def witnesses(allowed: frozenset[StaffRole]) -> set[StaffRole]:
    """So few of the roles that are let in, if more than one is, that to ask for any right which one of them lacks would be noticed."""
    asked: set[StaffRole] = set()
    for right in Right:
        refused = [role for role in sorted(allowed) if right not in RIGHTS[role]]
        if refused and not asked & {*refused}:
            asked.add(min(refused, key=lambda role: len(RIGHTS[role])))
    return asked


@cache
def most_entitled(refused: frozenset[StaffRole]) -> set[StaffRole]:
    """So few of the roles that are refused that to let in by any right which one of them has would be noticed."""
    asked: set[StaffRole] = set()
    for right in Right:
        holders = [role for role in sorted(refused) if right in RIGHTS[role]]
        if holders and not asked & {*holders}:
            asked.add(max(holders, key=lambda role: len(RIGHTS[role])))
    return asked


@cache
def first_of_their_code(*names: str) -> frozenset[str]:
    """Of the pages whose methods of these names are the same code, all the way down, the first: the others answer as it does."""
    found: dict[Any, str] = {}
    for label in document.PAGES:
        kinds = type(admin.site._registry[apps.get_model(label)]).__mro__
        found.setdefault(tuple(vars(kind)[name] for name in names for kind in kinds if name in vars(kind)), label)
    return frozenset(found.values())


class _HandlerOfOne(ClientHandler):
    def __init__(self, person: User) -> None:
        super().__init__(enforce_csrf_checks=False)
        self.columns = {field.attname: getattr(person, field.attname) for field in User._meta.concrete_fields}

    def get_response(self, request: HttpRequest) -> HttpResponse:
        request._cached_user = User.from_db("default", [*self.columns], [*self.columns.values()])
        return super().get_response(request)


class DeskClient(Client):
    """A client of somebody who has signed in, as ``force_authenticate`` is for the API: no request looks for the session and the person
    again, and each has a person that remembers nothing."""

    def __init__(self, person: User) -> None:
        super().__init__()
        self.handler = _HandlerOfOne(person)


class Desk:
    """One reader's desk: ``own`` is the fair where the reader has ``role``, ``foreign`` the other one."""

    def __init__(self, world: World, caller: str) -> None:
        self.world = world
        self.caller = caller
        self.role = StaffRole.OWNER if caller == ELSEWHERE else caller
        self.own, self.foreign = (world.there, world.here) if caller == ELSEWHERE else (world.here, world.there)
        self.person = world.person(caller)
        self.client = DeskClient(self.person)

    @cached_property
    def request(self) -> HttpRequest:
        request = RequestFactory().get("/")
        request.user = self.person
        return request

    @property
    def is_superuser(self) -> bool:
        return self.caller == document.SUPERUSER

    def may(self, right: str) -> bool:
        return document.may(self.role, right)

    def own_rows(self, page: str) -> list[Any]:
        """What the reader may see on a page, as the document has it."""
        if page == "notifications.letter":
            shown = {"application": "view_applications", "delegate": "view_delegates"}
            return [letter for about, letter in self.own.letters.items() if self.may(shown[about]) and self.may("view_letters")]
        if page in self.world.common:
            return self.world.common[page]
        if page in REGIONAL and self.role == StaffRole.REGIONAL_COORDINATOR:
            return self.own.rows[page]
        return self.own.all(page)

    def foreign_rows(self, page: str) -> list[Any]:
        """What this reader must not see."""
        if self.is_superuser or page in self.world.common:
            return []
        others = list(self.foreign.letters.values()) if page == "notifications.letter" else self.foreign.all(page)
        mine = list(self.own.letters.values()) if page == "notifications.letter" else self.own.all(page)
        return [*others, *(row for row in mine if row not in self.own_rows(page))]

    def some_foreign_rows(self, page: str) -> list[Any]:
        """One of the other fair, and one of the own fair that is hidden, such as from beyond a coordinator's region."""
        rows = self.foreign_rows(page)
        return [rows[0], *([rows[-1]] if page in REGIONAL and self.role == StaffRole.REGIONAL_COORDINATOR else [])] if rows else []

    def unwanted_words(self) -> list[str]:
        """Words of texts that may be nowhere on a page of this reader's."""
        if self.is_superuser:
            return []
        beyond = [BEYOND] if self.role == StaffRole.REGIONAL_COORDINATOR else []
        return [*beyond, "Aahere" if self.caller == ELSEWHERE else MARK]

    def get(self, name: str, *args: Any, **query: Any) -> Any:
        response = self.client.get(reverse(f"admin:{name}", args=args), query)
        if response.status_code == 200:
            self.check_words(response.content.decode(), (name, args))
        return response

    def check_words(self, text: str, where: Any) -> None:
        for word in self.unwanted_words():
            assert word.lower() not in text.lower(), where

    def post(self, name: str, *args: Any, **values: Any) -> Any:
        return self.client.post(reverse(f"admin:{name}", args=args), values)


def pages() -> Iterator[tuple[str, str, dict[str, str]]]:
    for page, row in document.PAGES.items():
        yield page, page.replace(".", "_"), row


class Allowed(NamedTuple):
    """What somebody may do on a page, as the document has it."""

    see: bool
    change: bool
    add: bool
    delete: bool


def allowed(role: str, row: document.Row) -> Allowed:
    change = document.may(role, row["changed with"])
    delete = change if row["delete"] == "✓" else document.may(role, row["delete"] or "nobody")
    return Allowed(document.may(role, row["seen with"]), change, row["add"] == "✓" and change, delete)


def draws_as_it_is_saved(caller: str, row: document.Row) -> bool:
    """Whether test_desk_forms opens the page of a row as this caller, looks at it and saves it."""
    return caller == (StaffRole.OWNER if allowed(StaffRole.OWNER, row).change else document.SUPERUSER) and allowed(caller, row).change


def check_page_of_row(desk: Desk, page: Any, row: Any, may: Allowed) -> None:
    assert page.status_code == (200 if may.see else 403), row
    if may.see:
        if page.content:  # else it was not drawn
            assert (b'name="_save"' in page.content) == may.change, row
            assert (b'name="shown"' in page.content) == may.change, row
        assert bool(page.context["has_change_permission"]) == may.change, row
        assert bool(page.context["has_delete_permission"]) == may.delete, row
        check_choices(desk, page)


def check_choices(desk: Desk, response: Any) -> None:
    """No form of the page would take a row that the reader may not see: an id can be typed as well as clicked."""
    inlines = response.context["inline_admin_formsets"]
    formsets = [inline.formset for inline in inlines if inline.has_add_permission or inline.has_change_permission]
    forms = [response.context["adminform"].form, *(formset.empty_form for formset in formsets)]
    for form in forms:
        for name, choice in form.fields.items():
            queryset = getattr(choice, "queryset", None)
            if queryset is None:
                desk.check_words(str([*getattr(choice, "choices", ())]), (form, name))
            if queryset is None or name == "id":  # a form set binds its rows' ids to the page by itself
                continue
            label = queryset.model._meta.label_lower
            unwanted = [row.pk for row in desk.foreign_rows(label)] if label in document.PAGES else []
            assert not queryset.filter(pk__in=unwanted).exists(), (form, name)
            if queryset.model is User and not desk.is_superuser:
                assert not queryset.filter(pk=desk.foreign.people["owner"].pk).exists(), (form, name)


# Fields of a page's form that hold ids without a query behind them.
_IDS = {"stand_id": "fairs.stand", "placement_id": "exhibitors.placement"}


def check_form_of_page(page: Any, foreign: Corner) -> None:
    """The form of a page that is no model's own offers nothing of another fair."""
    form = page.context.get("form") if page.status_code == 200 and page.context else None
    for name, choice in getattr(form, "fields", {}).items():
        queryset = getattr(choice, "queryset", None)
        label = queryset.model._meta.label_lower if queryset is not None else _IDS.get(name, "")
        offered = {str(row.pk) for row in queryset} if queryset is not None else _values(getattr(choice, "choices", ()))
        assert not offered & {str(row.pk) for row in foreign.all(label)}, (page.request["PATH_INFO"], name)


def _values(choices: Any) -> set[str]:
    """What can be chosen, in groups or not."""
    groups = [label if isinstance(label, (list, tuple)) else [(value, label)] for value, label in choices]
    return {str(value) for group in groups for value, _label in group}
