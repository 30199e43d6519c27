"""An organiser at the board in a real browser: drags a session into a clash and sees why not, moves another by keyboard, undoes it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from conferences.domain.programme import place_session
from conferences.models import Conference, Session
from tests.conftest import MOMENT
from tests.desk_page import desk_page
from tests.factories.conferences import ConferenceFactory, RoomFactory, SessionFactory, at

# Playwright runs a loop of its own in this thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def conference() -> Conference:
    conference = ConferenceFactory()
    first, second = (RoomFactory(conference=conference, code=code, name_en=code) for code in ("Amur", "Baikal"))
    plain = {"conference": conference, "interpretation": []}
    SessionFactory(**plain, code="taken", title_en="Honey", room=first, starts_at=at(conference, 10))
    SessionFactory(**plain, code="mine", title_en="Grain", room=second, starts_at=at(conference, 10))
    SessionFactory(**plain, code="waits", title_en="Timber", starts_at=None, ends_at=None)
    return conference


@pytest.fixture
def page(live_server: Any, conference: Conference) -> Iterator[Page]:
    with desk_page(live_server, conference.fair) as page:
        yield page


def open_board(page: Page, live_server: Any, conference: Conference) -> None:
    page.goto(live_server.url + reverse("admin:conferences_conference_board", args=[conference.pk]))
    page.wait_for_selector("#board[data-ready]")


def card(page: Page, conference: Conference, code: str) -> Any:
    return page.locator(f'.board-card[data-session="{conference.sessions.get(code=code).pk}"]')


def take(page: Page, what: Any, *, down: int = 8) -> None:
    """Press the mouse near the upper left corner of ``what``."""
    box = what.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + down)
    page.mouse.down()


def carry(page: Page, where: Any, *, down: int = 8) -> None:
    box = where.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + down, steps=5)


def placed(code: str) -> Any:
    return Session.objects.filter(code=code).values_list("draft_room__code", "draft_starts_at", "minutes").get()


def test_a_session_is_dragged_into_a_clash_and_one_sees_why_not(page: Page, live_server: Any, conference: Conference) -> None:
    open_board(page, live_server, conference)
    take(page, card(page, conference, "mine"))
    carry(page, card(page, conference, "taken"))
    expect(page.locator(".board-drop.is-hard")).to_be_visible()
    expect(page.locator(".board-verdict")).to_contain_text("Room Amur has two sessions at once: mine and taken.")
    page.mouse.up()
    expect(page.locator(".board-alert[data-alert]")).to_have_text("Room Amur has two sessions at once: mine and taken.")
    assert placed("mine") == ("Baikal", at(conference, 10), 60)

    take(page, card(page, conference, "mine"))
    carry(page, card(page, conference, "taken"), down=8 + 84)  # an hour further down: the moment at which the other is over
    expect(page.locator(".board-drop.is-good")).to_be_visible()
    page.mouse.up()
    expect(page.locator("p[data-news]")).to_have_text("“Grain”: 1 May, 11:00–12:00, Amur")
    assert placed("mine") == ("Amur", at(conference, 11), 60)

    take(page, card(page, conference, "mine").locator(".board-resize"), down=3)
    carry(page, card(page, conference, "mine"), down=126)
    page.mouse.up()
    expect(page.locator("p[data-news]")).to_have_text("“Grain”: 1 May, 11:00–12:30, Amur")

    take(page, page.locator("ul[data-unplaced] [data-grip]"))
    carry(page, card(page, conference, "taken"), down=-84 * 2 + 8)
    page.mouse.up()
    expect(page.locator("p[data-news]")).to_contain_text("“Timber”: 1 May, 08:00–09:00, Amur")
    take(page, card(page, conference, "waits"))
    carry(page, page.locator("ul[data-unplaced]"))
    page.mouse.up()
    expect(page.locator("p[data-news]")).to_have_text("“Timber”: without a time")


def test_by_keyboard_alone_and_on_a_small_screen(page: Page, live_server: Any, conference: Conference) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    open_board(page, live_server, conference)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    mine, news = card(page, conference, "mine"), page.locator("p[data-news]")
    mine.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".board-verdict")).to_contain_text("Room Amur has two sessions at once: mine and taken.")
    page.keyboard.press("Escape")
    expect(page.locator(".board-drop")).to_have_count(0)
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "Shift+ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(news).to_have_text("“Grain”: 1 May, 09:00–09:45, Amur")
    expect(mine).to_be_focused()
    page.keyboard.press("Delete")
    expect(news).to_have_text("“Grain”: without a time")
    page.keyboard.press("Control+z")
    expect(news).to_have_text("“Grain”: 1 May, 09:00–09:45, Amur")

    mine.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Begins").fill("10:15")
    expect(dialog).to_contain_text("Room Amur has two sessions at once: taken and mine.")
    dialog.locator("select[name=room]").select_option("Baikal")
    expect(dialog).to_contain_text("No conflicts found.")
    dialog.get_by_role("button", name="Put it there").first.click()
    expect(news).to_have_text("“Grain”: 1 May, 10:15–11:00, Baikal")
    expect(dialog).not_to_be_visible()

    mine.focus()
    page.keyboard.press("Enter")
    free = dialog.get_by_role("button", name="Put it there: 1 May, 11:00–11:45, Amur")
    free.focus()
    page.keyboard.press("Enter")
    expect(news).to_have_text("“Grain”: 1 May, 11:00–11:45, Amur")
    expect(dialog).not_to_be_visible()


def test_another_place_is_proposed_where_something_stands_against_this_one(page: Page, live_server: Any, conference: Conference) -> None:
    conference.rooms.filter(code="Baikal").update(capacity=5)
    conference.sessions.filter(code="mine").update(capacity=6)
    open_board(page, live_server, conference)
    warning = page.locator("ul[data-warnings] li")
    expect(warning).to_contain_text("mine needs more places (6) than Baikal has (5).")
    warning.get_by_role("button", name="Propose another place").click()
    page.get_by_role("dialog").get_by_role("button", name="Put it there: 1 May, 09:00–10:00, Amur (1 h earlier, seats: 100)").click()
    expect(page.locator("p[data-news]")).to_have_text("“Grain”: 1 May, 09:00–10:00, Amur")
    expect(warning).to_have_text("There is nothing to warn of.")


def test_a_colleagues_change_appears(page: Page, live_server: Any, conference: Conference) -> None:
    open_board(page, live_server, conference)
    session = conference.sessions.get(code="mine")
    place_session(session_id=session.pk, room=session.draft_room, starts_at=at(conference, 15), by=None, now=MOMENT)
    expect(card(page, conference, "mine")).to_contain_text("15:00–16:00", timeout=8000)
    expect(page.locator("p[data-news]")).to_have_text("The programme was changed: the board shows it as it is now.")
