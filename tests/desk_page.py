"""Pages in a real browser: the desk, signed in as one person of staff, and those that anybody opens from a letter."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from fairs.enums import StaffRole
from fairs.models import Fair
from tests.factories.fairs import StaffMembershipFactory


@contextmanager
def desk_page(live_server: Any, fair: Fair) -> Iterator[Page]:
    """An empty page, signed in as an owner of ``fair`` who reads English."""
    person = StaffMembershipFactory(fair=fair, role=StaffRole.OWNER, user__is_staff=True, user__language="en").user
    client = Client()
    client.force_login(person)
    with browser_page(width=1300) as page:
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        yield page


@contextmanager
def browser_page(*, width: int) -> Iterator[Page]:
    """An empty page in Chromium, ``width`` pixels wide, of nobody who has signed in. Fails at its end if a script has failed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB").new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        try:
            yield page
        finally:
            browser.close()
            connections.close_all()  # while Playwright's loop runs, this thread has connections of its own, which nobody else would close
        assert wrong == []
