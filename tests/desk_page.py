"""The desk in a real browser, signed in as one person of staff."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from fairs.enums import StaffRole
from fairs.models import Fair
from tests.factories.fairs import StaffMembershipFactory


@contextmanager
def desk_page(live_server: Any, fair: Fair) -> Iterator[Page]:
    """An empty page in Chromium, signed in as an owner of ``fair`` who reads English. Fails at its end if a script has failed."""
    person = StaffMembershipFactory(fair=fair, role=StaffRole.OWNER, user__is_staff=True, user__language="en").user
    client = Client()
    client.force_login(person)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1300, "height": 900}, locale="en-GB")
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page
        browser.close()
        assert wrong == []
