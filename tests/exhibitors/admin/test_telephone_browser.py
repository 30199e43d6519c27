"""The desk on a telephone, in a real browser: nothing is cut off, pages are named, and boxes too."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exhibitors.enums import ApplicationStatus
from tests.desk_page import desk_page
from tests.exhibitors.world import application_in

# Playwright runs a loop of its own in this thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Cooperative of beekeepers, bakers and smokers of fish beyond the mountains, with all their friends"


@pytest.fixture
def application():
    application = application_in(ApplicationStatus.SUBMITTED)
    application.company.name_en = application.company.legal_name = LONG
    application.company.save()
    return application


@pytest.fixture
def page(live_server: Any, application: Any) -> Iterator[Page]:
    with desk_page(live_server, application.fair) as page:
        page.set_viewport_size({"width": 360, "height": 780})
        yield page


def test_a_row_shows_all_of_a_long_name_and_the_head_the_name_of_the_page(page, live_server):
    page.goto(live_server.url + reverse("admin:exhibitors_company_changelist"))
    expect(page.locator("#header-inner h1")).to_have_text("Companies", use_inner_text=True)
    cells = page.locator("#result_list :is(td, th)")
    assert cells.evaluate_all("cells => cells.filter((cell) => cell.scrollHeight > cell.clientHeight + 1).length") == 0
    labels = cells.evaluate_all("cells => cells.map((cell) => cell.dataset.label).filter(Boolean)")
    assert "Legal name" in labels
    assert [label for label in labels if label[0] != label[0].upper()] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_box_to_search_in_is_named_as_its_field(page, live_server, application):
    page.goto(live_server.url + reverse("admin:exhibitors_application_change", args=[application.pk]))
    expect(page.get_by_role("searchbox", name="Product categories")).to_be_visible()
