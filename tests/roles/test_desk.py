"""Every page of the desk for everybody: what opens, which rows it shows, which buttons; expected from docs/roles.md."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from exhibitors.admin.steps import open_steps
from exhibitors.enums import STEPS, Step
from fairs.enums import StaffRole
from tests.cases import case
from tests.roles import document
from tests.roles.base import RolesTestCase, unchanged, undrawn
from tests.roles.desk import (
    ELSEWHERE,
    IN_FULL,
    STAFF,
    Allowed,
    Desk,
    DeskClient,
    allowed,
    check_choices,
    check_form_of_page,
    check_page_of_row,
    draws_as_it_is_saved,
    first_of_their_code,
    is_tried,
    pages,
)
from tests.roles.world import Corner, World

_IMPORTED_BY = {"exhibitors_companyimport": "exhibitors_company"}  # two lists lead to one form
OUTSIDERS = ["anonymous", "company owner"]
# The methods of a page by which it answers when a row is added or changed, deleted, looked back at, or chosen from the list.
ADDING = ("add_view", "changeform_view", "_changeform_view")
CHANGING = ("change_view", "changeform_view", "_changeform_view", "get_object")
DELETING = ("delete_view", "_delete_view", "get_object")
LOOKING_BACK = ("history_view", "get_object")
CHOOSING = ("changelist_view", "response_action", "get_changelist", "get_changelist_instance", "delete_queryset", "get_deleted_objects")
OURS = [model for model in apps.get_models() if model._meta.app_label in {page.split(".")[0] for page in document.PAGES}]


def _check_that_every_page_opens_to_those_who_may(desk: Desk) -> None:
    with unchanged(*OURS):
        for turn, (page, url, row) in enumerate(pages()):
            may = allowed(desk.role, row)
            _check_what_the_page_answers_its_views(desk, page, may)
            if not is_tried(desk.caller, turn, lambda role, row=row: allowed(role, row)):
                continue
            if desk.is_superuser and may == allowed(StaffRole.OWNER, row):
                continue  # test_desk_lists draws the list, and test_desk_forms the row
            at = turn + STAFF.index(desk.caller)
            rows = desk.own_rows(page)
            with _drawn_if_new(desk, row):
                if desk.caller in IN_FULL or at % 2:
                    _check_list(desk, page, url, may)
                if rows and not draws_as_it_is_saved(desk.caller, row) and (desk.caller in IN_FULL or not at % 2):
                    check_page_of_row(desk, desk.get(f"{url}_change", rows[0].pk), rows[0], may)
            _check_add(desk, page, url, may, at)
            if rows:
                _check_refused_ways(desk, page, url, rows[0], may, at)
            for foreign in desk.some_foreign_rows(page):
                _check_foreign(desk, page, url, foreign, may, at)


def _drawn_if_new(desk: Desk, row: document.Row) -> AbstractContextManager[None]:
    """Who sees the rows that an owner sees, with the buttons of an owner or of a reader, would be drawn what was drawn for them."""
    drawn = (allowed(StaffRole.OWNER, row), allowed(StaffRole.REGIONAL_COORDINATOR, row))
    return nullcontext() if desk.caller in (*IN_FULL, ELSEWHERE) or allowed(desk.role, row) not in drawn else undrawn()


def _check_what_the_page_answers_its_views(desk: Desk, label: str, may: Allowed) -> None:
    """On this every view of the page relies; it costs nothing to ask for every role."""
    page = admin.site._registry[apps.get_model(label)]
    for row in (None, *desk.own_rows(label)[:1]):
        found = (page.has_view_permission(desk.request, row), page.has_change_permission(desk.request, row))
        assert (*found, page.has_add_permission(desk.request), page.has_delete_permission(desk.request, row)) == may, (label, row)
    rows = set(page.get_queryset(desk.request).values_list("pk", flat=True))
    assert not rows & {row.pk for row in desk.foreign_rows(label)}, label
    assert not may.see or rows >= {row.pk for row in desk.own_rows(label)}, label
    if may.see:
        _check_actions(desk, label, set(page.get_actions(desk.request)), may)


def _check_list(desk: Desk, page: str, url: str, may: Allowed) -> None:
    listed = desk.get(f"{url}_changelist")
    assert listed.status_code == (200 if may.see else 403), page
    if not may.see:
        return
    found = set(listed.context["cl"].queryset)
    assert found >= set(desk.own_rows(page)), page
    assert not found & set(desk.foreign_rows(page)), page
    form = listed.context["action_form"]
    _check_actions(desk, page, {name for name, _label in form.fields["action"].choices if name} if form else set(), may)


def _check_actions(desk: Desk, page: str, offered: set[str], may: Allowed) -> None:
    over_rows = {f"{page} {name}" for name in offered if name != "delete_selected"}
    expected = {action for action, right in document.ACTIONS.items() if action.startswith(f"{page} ") and desk.may(right)}
    assert over_rows == expected - {f"{page} import_table"}, page
    assert ("delete_selected" in offered) == may.delete, page


def _check_add(desk: Desk, page: str, url: str, may: Allowed, turn: int) -> None:
    """Whoever else may add is shown the same form when a row is changed."""
    if not may.add:
        for send in _in_turn(desk, turn, desk.get, desk.post):
            assert send(f"{url}_add").status_code == 403, page
    elif desk.caller in (StaffRole.OWNER, document.SUPERUSER):
        with nullcontext() if page in first_of_their_code(*ADDING) else undrawn():
            response = desk.get(f"{url}_add")
        assert response.status_code == 200, page
        check_choices(desk, response)


def _in_turn(desk: Desk, turn: int, *ways: Any) -> list[Any]:
    """The ways to ask what all of them are refused by: the owner and a superuser try each, the others one of them."""
    return [*ways] if desk.caller in (StaffRole.OWNER, document.SUPERUSER) else [ways[turn % len(ways)]]


def _check_refused_ways(desk: Desk, page: str, url: str, row: Model, may: Allowed, turn: int) -> None:
    refused = []
    if not may.change:
        refused.append(lambda: desk.post(f"{url}_change", row.pk).status_code == 403)
    if not may.delete:
        refused.append(lambda: desk.post(f"{url}_delete", row.pk, post="yes").status_code == 403)
    elif desk.caller == StaffRole.OWNER and (page in first_of_their_code(*DELETING) or turn % 3 == 0):
        with nullcontext() if page in first_of_their_code(*DELETING) else undrawn():
            asked = desk.get(f"{url}_delete", row.pk)
        assert asked.status_code == 200, row
        desk.check_words(str(asked.context["deleted_objects"]), row)
    if not may.see:
        refused.append(lambda: desk.get(f"{url}_history", row.pk).status_code in (302, 403))
    for is_refused in _in_turn(desk, turn, *refused) if refused else ():
        assert is_refused(), row


def _check_foreign(desk: Desk, page: str, url: str, row: Model, may: Allowed, turn: int) -> None:
    """The same as for an id that nothing has: back to the start, or refused where the page as a whole is.

    That the rows are not there for the page has been looked at; an owner asks in each way the pages that answer it by code of their own.
    """
    ways = (
        lambda: desk.get(f"{url}_change", row.pk).status_code == (302 if may.see else 403),
        lambda: desk.post(f"{url}_change", row.pk).status_code == (302 if may.change else 403),
        lambda: desk.post(f"{url}_delete", row.pk, post="yes").status_code == (302 if may.delete else 403),
        lambda: desk.get(f"{url}_history", row.pk).status_code in (302, 403),
    )
    asked = {turn % 4}
    if desk.caller == StaffRole.OWNER:
        codes = (CHANGING, CHANGING, DELETING, LOOKING_BACK)
        asked |= {way for way, code in enumerate(codes) if page in first_of_their_code(*code)}
    elif row in desk.own.all(page):  # a coordinator, who alone is kept from rows of the own fair
        asked.add(0)
    for way in asked:
        assert ways[way](), row
    if desk.caller == StaffRole.OWNER and turn % 3 == 0:
        assert desk.get(f"{url}_change", 10**9).status_code == (302 if may.see else 403), row


def _tries_action(desk: Desk, turn: int, action: str, right: str) -> bool:
    """An owner, who is offered all of them, and of those who see the page and are not offered the action one; who does not see it is
    refused the page. That each is offered no other actions than the own ones every_page_opens shows for everybody.
    """
    if desk.may(right):
        return desk.caller == StaffRole.OWNER or (desk.caller == ELSEWHERE and turn % 4 == 0)
    if action.endswith(" import_table"):
        return False  # an address of its own: test_desk_routes
    sees = document.PAGES[action.split()[0]]["seen with"]
    refused = sorted(role for role in StaffRole if document.may(role, sees) and not document.may(role, right))
    return bool(refused) and desk.caller == refused[turn % len(refused)]


def _check_that_actions_change_nothing_of_others_and_nothing_where_they_may_not(desk: Desk) -> None:
    with unchanged(*OURS), undrawn():
        for turn, (action, right) in enumerate(document.ACTIONS.items()):
            if not _tries_action(desk, turn, action, right):
                continue
            page, name = action.split()
            url = page.replace(".", "_")
            chosen = desk.foreign_rows(page) if desk.may(right) else [*desk.own_rows(page), *desk.foreign_rows(page)]
            if name == "import_table":
                way, form = reverse(f"admin:{url}_import_table"), reverse(f"admin:{_IMPORTED_BY.get(url, url)}_import")
                answers = [desk.client.get(path) for path in (way, form)]
                assert [answer.status_code for answer in answers] == [302, 200], action
                assert answers[0]["Location"] == form
            elif chosen:
                desk.post(f"{url}_changelist", action=name, _selected_action=[row.pk for row in chosen])
        for turn, (page, url, row) in enumerate(pages()):
            if not is_tried(desk.caller, turn, lambda role, row=row: allowed(role, row)):
                continue
            foreign = [hidden.pk for hidden in desk.foreign_rows(page)]
            own_code = desk.caller == StaffRole.OWNER and page in first_of_their_code(*CHOOSING)
            if foreign and row["delete"] == "✓" and desk.may(row["changed with"]) and (own_code or turn % 3 == 0):  # else it is not offered
                desk.post(f"{url}_changelist", action="delete_selected", _selected_action=foreign, post="yes")


def _check_that_the_import_offers_the_own_fairs(desk: Desk) -> None:
    may_import = desk.may("edit_applications")
    posted = desk.client.post(reverse("admin:exhibitors_company_import"), {"fair": desk.foreign.fair.pk})
    assert posted.status_code == (200 if may_import else 403)
    if may_import and not desk.is_superuser:
        assert "fair" in posted.context["form"].errors
        assert list(posted.context["form"].fields["fair"].queryset) == [desk.own.fair]


def _check_that_the_steps_of_an_application(desk: Desk) -> None:
    application = desk.own.rows["exhibitors.application"][0]
    may_see = desk.may("view_applications")
    permitted = {row["step"] for row in document.STEPS if may_see and desk.may(row["right of staff"])}
    possible = {step.value for step, origins in STEPS.items() if application.status in origins}
    if may_see:
        assert {step.value for step in open_steps(application, desk.request)} == permitted & possible
    if desk.caller in (StaffRole.OWNER, StaffRole.REVIEWER, StaffRole.REGIONAL_COORDINATOR):
        with undrawn():
            shown = desk.get("exhibitors_application_change", application.pk).context["open_steps"]
        assert {step["url"].partition("?")[0].rstrip("/").split("/")[-1] for step in shown} == permitted & possible
    rights = {row["step"]: row["right of staff"] for row in document.STEPS}
    with unchanged(*OURS):
        for turn, step in enumerate(Step):
            if desk.is_superuser and document.may(StaffRole.OWNER, rights[step]):
                continue  # a superuser is shown the same, and test_desk_routes takes one of them
            if is_tried(
                desk.caller, turn, lambda role, step=step: tuple(document.may(role, right) for right in ("view_applications", rights[step]))
            ):
                at = turn + STAFF.index(desk.caller)
                _check_step(desk, step, at, is_permitted=step in permitted, is_possible=step in possible)


def _check_step(desk: Desk, step: Step, turn: int, *, is_permitted: bool, is_possible: bool) -> None:
    url = ("exhibitors_application_step", desk.own.rows["exhibitors.application"][0].pk, step.value)
    if is_permitted:
        with nullcontext() if desk.caller == StaffRole.OWNER else undrawn():
            page = desk.get(*url)
        assert page.status_code == (200 if is_possible else 302), step
        check_form_of_page(page, desk.foreign)
    else:
        refused = 403 if desk.may("view_applications") else 404
        for ask in _in_turn(desk, turn, lambda: desk.get(*url), lambda: desk.post(*url, reason="No")):
            assert ask().status_code == refused, step
    for foreign in desk.some_foreign_rows("exhibitors.application") if turn % 4 == 0 else ():  # hidden before the step is looked at
        assert desk.post("exhibitors_application_step", foreign.pk, step.value, reason="No").status_code == 404, step


def _check_that_the_pages_about_a_letter(desk: Desk) -> None:
    with unchanged(*OURS):
        seen = desk.own_rows("notifications.letter")
        for letter in [*desk.own.letters.values(), *desk.foreign.letters.values()]:
            may_see = desk.is_superuser or letter in seen
            refused = 404 if not may_see else 403
            for url in (("notifications_letter_step", letter.pk, "hold"), ("notifications_letter_edit", letter.pk)):
                if may_see and desk.may("send_letters"):
                    with nullcontext() if desk.caller in IN_FULL else undrawn():
                        assert desk.get(*url).status_code in (200, 302), url
                else:
                    for ask in _in_turn(
                        desk, letter.pk, lambda at=url: desk.get(*at), lambda at=url: desk.post(*at, subject="x", text="x")
                    ):
                        assert ask().status_code == refused, url
        application, foreign = desk.own.rows["exhibitors.application"][0], desk.foreign.rows["exhibitors.application"][0]
        expected = 404 if not desk.may("view_applications") else 200 if desk.may("view_letters") else 403
        for name, row, other in (("application", application, foreign), ("company", application.company, foreign.company)):
            with nullcontext() if desk.caller in IN_FULL else undrawn():
                assert desk.get(f"exhibitors_{name}_letters", row.pk).status_code == expected, name
            assert desk.is_superuser or desk.get(f"exhibitors_{name}_letters", other.pk).status_code == 404, name


def _check_that_search_boxes_inside_forms_find_the_own_rows_only(desk: Desk) -> None:
    """One box for each page that is searched, and each that leaves rows out by itself: Django knows a box by no more. Those who are
    alike in turn."""
    asked: set[tuple[str, str]] = set()
    for model in OURS:
        for relation in [*model._meta.fields, *model._meta.many_to_many]:
            page = admin.site._registry.get(relation.related_model) if relation.related_model else None
            label = relation.related_model._meta.label_lower if relation.related_model else ""
            box = (label, repr(relation.get_limit_choices_to()) if page else "")
            if page is None or label not in document.PAGES or not page.search_fields or box in asked:
                continue
            asked.add(box)
            if not is_tried(desk.caller, len(asked), lambda role, label=label: allowed(role, document.PAGES[label])):
                continue
            query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": relation.name, "term": ""}
            found = desk.get("autocomplete", **query)
            assert found.status_code == (200 if desk.may(document.PAGES[label]["seen with"]) else 403), query
            if found.status_code == 200:
                ids = {result["id"] for result in found.json()["results"]}
                assert not ids & {str(row.pk) for row in desk.foreign_rows(label)}, query


def _check_that_the_first_page_counts_what_the_reader_sees(desk: Desk) -> None:
    page = desk.get("index")
    cards = {card["fair"]: card for card in page.context["cards"]}
    if not desk.is_superuser:
        assert list(cards) == [desk.own.fair]
    counted = sum(entry["count"] for entry in cards[desk.own.fair]["applications"])
    seen = [row for row in _all_applications(desk.own) if desk.may("view_applications")]
    if desk.role == StaffRole.REGIONAL_COORDINATOR:
        seen = desk.own.rows["exhibitors.application"]
    assert counted == len(seen)
    links = {str(item["link"]) for group in page.context["sidebar_navigation"] for item in group["items"]}
    for label, url, row in pages():
        if label != "exhibitors.coexhibitor":  # reached from an application
            assert (reverse(f"admin:{url}_changelist") in links) == desk.may(row["seen with"]), label


def _all_applications(own: Corner) -> list[Any]:
    return list(own.fair.applications.all())


def _check_that_outsiders_are_sent_to_sign_in(world: World, caller: str) -> None:
    """Who has signed in is let in wherever a stranger is, and asks everywhere: to open one page, to send something to the next."""
    client = Client() if caller == "anonymous" else DeskClient(world.person(caller))
    login = reverse("admin:login")
    paths = [reverse("admin:index"), reverse("admin:autocomplete"), reverse("admin:exhibitors_company_import")]
    application = world.here.rows["exhibitors.application"][0]
    paths += [reverse("admin:exhibitors_application_step", args=[application.pk, step.value]) for step in Step]
    for page, url, _row in pages():
        row = [*world.here.all(page), *world.common.get(page, []), *world.here.letters.values()][0]
        paths += [reverse(f"admin:{url}_{name}") for name in ("changelist", "add")]
        paths += [reverse(f"admin:{url}_{name}", args=[row.pk]) for name in ("change", "delete", "history")]
    with unchanged(*OURS):
        for turn, path in enumerate(paths):
            if caller == "anonymous" and turn % 4:
                continue
            response = client.post(path, {"post": "yes"}) if turn % 2 == (caller != "anonymous") else client.get(path)
            assert response.status_code == 302, path
            assert response["Location"].startswith(login), path


class DeskTest(RolesTestCase):
    """Each check as each member of staff."""

    def check(self, that: Callable[[Desk], None]) -> None:
        for caller in STAFF:
            with case(caller):
                that(Desk(self.world, caller))

    def test_actions_change_nothing_of_others_and_nothing_where_they_may_not(self) -> None:
        self.check(_check_that_actions_change_nothing_of_others_and_nothing_where_they_may_not)

    def test_the_import_offers_the_own_fairs(self) -> None:
        self.check(_check_that_the_import_offers_the_own_fairs)

    def test_the_steps_of_an_application(self) -> None:
        self.check(_check_that_the_steps_of_an_application)

    def test_the_pages_about_a_letter(self) -> None:
        self.check(_check_that_the_pages_about_a_letter)

    def test_search_boxes_inside_forms_find_the_own_rows_only(self) -> None:
        self.check(_check_that_search_boxes_inside_forms_find_the_own_rows_only)

    def test_the_first_page_counts_what_the_reader_sees(self) -> None:
        self.check(_check_that_the_first_page_counts_what_the_reader_sees)

    def test_outsiders_are_sent_to_sign_in(self) -> None:
        for caller in OUTSIDERS:
            with case(caller):
                _check_that_outsiders_are_sent_to_sign_in(self.world, caller)


def _opens_pages(caller: str) -> Callable[[DeskTest], None]:
    def test(self: DeskTest) -> None:
        with case(caller):
            _check_that_every_page_opens_to_those_who_may(Desk(self.world, caller))

    return test


# The longest of all: one test for each caller, so that two processes share them.
for _caller in STAFF:
    setattr(DeskTest, f"test_every_page_opens_to_those_who_may_{_caller.replace(' ', '_')}", _opens_pages(_caller))
