"""A planner at work in a real browser: drags a company onto a stand, sends the offer after the preview, and finds the letter."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exhibitors.domain import planning
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, Placement
from notifications.models import Letter
from tests.desk_page import desk_page
from tests.exhibitors.world import NOW, application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import FairFactory, HallFactory, SiteFactory, StandFactory

# Playwright runs a loop of its own in this thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hall():
    hall = HallFactory(site=SiteFactory(fair=FairFactory()), outline=[[0, 0], [30, 0], [30, 15], [0, 15]])
    for place in range(3):
        left = 3 + 8 * place
        StandFactory(hall=hall, number=f"A-{place + 1}", outline=[[left, 5], [left + 3, 5], [left + 3, 8], [left, 8]])
    return hall


@pytest.fixture
def page(live_server: Any, hall: Any) -> Iterator[Page]:
    with desk_page(live_server, hall.fair) as page:
        yield page


def admitted(hall: Any, name: str) -> Application:
    application = application_in(ApplicationStatus.ADMITTED, fair=hall.fair)
    application.company.name_en = name
    application.company.save()
    CompanyMemberFactory(company=application.company, user__email="owner@example.com", user__language="en")
    return application


def open_plan(page: Page, live_server: Any, hall: Any) -> None:
    page.goto(live_server.url + reverse("admin:fairs_hall_plan", args=[hall.pk]))
    page.wait_for_selector("#planner[data-ready]")


def shape(page: Page, hall: Any, number: str) -> Any:
    return page.locator(f'.stand[data-stand="{hall.stands.get(number=number).pk}"] .shape')


def drag(page: Page, application: Application, target: Any) -> None:
    grip, stand = page.locator(f'[data-grip="{application.pk}"]').bounding_box(), target.bounding_box()
    assert grip is not None
    assert stand is not None
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(stand["x"], stand["y"], steps=4)
    page.mouse.move(stand["x"] + stand["width"] / 2, stand["y"] + stand["height"] / 2, steps=2)
    page.mouse.up()


def test_a_company_is_dragged_onto_a_stand_and_gets_its_offer(page, live_server, hall):
    application = admitted(hall, "Kolyma Cure")
    open_plan(page, live_server, hall)
    drag(page, application, shape(page, hall, "A-2"))
    expect(page.locator("[data-news]")).to_have_text("Kolyma Cure is planned on stand A-2.")
    expect(page.locator("[data-planned]")).to_have_text("1")
    assert list(Placement.objects.values_list("stand__number", "status", "is_plan")) == [("A-2", "planned", True)]
    assert not Letter.objects.exists()

    shape(page, hall, "A-2").hover()
    expect(page.locator(f'.stand[data-stand="{hall.stands.get(number="A-2").pk}"] title')).to_contain_text("+ 9 m², as wished")
    shape(page, hall, "A-2").click()
    expect(page.locator("section[data-detail]")).to_contain_text("9 m², as wished")

    page.get_by_role("link", name="Send offers").click()
    expect(page.get_by_text("1 planned stand becomes an offer that is open for 14 days.")).to_be_visible()
    expect(page.get_by_text("1 letter goes.")).to_be_visible()
    assert not Letter.objects.exists()
    page.get_by_role("button", name="Send offers").click()
    expect(page.get_by_text("1 offer made.")).to_be_visible()

    assert Placement.objects.get().status == "offered"
    page.goto(live_server.url + reverse("admin:notifications_letter_changelist"))
    expect(page.get_by_text("owner@example.com").first).to_be_visible()


def test_a_colleague_was_quicker_and_the_drop_is_taken_back(page, live_server, hall):
    first, second = admitted(hall, "Kolyma Cure"), application_in(ApplicationStatus.ADMITTED, fair=hall.fair)
    open_plan(page, live_server, hall)
    stand = hall.stands.get(number="A-1")
    planning.plan_stand(application_id=second.pk, stand_id=stand.pk, by=UserFactory(name="Boris Planner"), now=NOW)
    drag(page, first, shape(page, hall, "A-1"))
    expect(page.get_by_role("alert")).to_contain_text("Boris Planner was quicker: stand A-1 is planned for")
    expect(page.locator(f'[data-application="{first.pk}"]')).to_be_visible()
    expect(page.locator(f'[data-application="{second.pk}"]')).to_have_count(0)
    assert Placement.objects.count() == 1


def test_by_keyboard_alone_and_on_a_small_screen(page, live_server, hall):
    application = admitted(hall, "Kolyma Cure")
    page.set_viewport_size({"width": 360, "height": 700})
    open_plan(page, live_server, hall)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    page.locator(f'[data-application="{application.pk}"]').focus()
    page.keyboard.press("Enter")
    best = page.locator("section[data-fits] button[data-plan-on]").first
    expect(best).to_be_visible()
    best.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-news]")).to_contain_text("Kolyma Cure is planned on stand")
    expect(page.locator("button[data-undo]")).to_be_enabled()
    page.locator("button[data-undo]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-news]")).to_contain_text("Undone: Kolyma Cure")
    assert not Placement.objects.exists()
