"""Chromium on the real portal: the door in this process, on the embedded AWS, between stand-ins."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from boekbrug.bootstrap import services
from boekbrug.journey.sign_in import send_link
from boekbrug.notices.memory import MemoryNotices
from tests.support.embedded import Aws
from tests.support.stack import ROOT, Stack, both_standins, sample_document, stack_on
from workbench.portal_server import HOOKS, Invoke, PortalServer
from workbench.standins.books.standin import BooksStandIn
from workbench.standins.shop.standin import ShopStandIn

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = "no Chromium: install the package chromium (Debian, Ubuntu), or run make test as root"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
OWNER = "owner@example.com"  # as Stack.connect has it
SHOTS = ROOT / ".shots"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium() -> str:
    """Where Chromium is; without one the test is skipped, and in CI it fails."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.fail(MISSING) if os.environ.get("CI") else pytest.skip(MISSING)
    return found


@dataclass(frozen=True)
class Site:
    """The portal at ``url`` with the sample shop connected, and everything around it."""

    url: str
    stack: Stack
    shop: ShopStandIn
    books: BooksStandIn

    def link(self, email: str = OWNER, *, leads_to: str = "/overzicht") -> str:
        """A sign-in link, as it would be mailed to this address."""
        caught = MemoryNotices()
        send_link(
            replace(services().signing_in, notices=caught),
            email,
            portal_url=self.url,
            language="nl",
            leads_to=leads_to,
        )
        found = re.search(r"https?://\S+/inloggen/\S+", caught.sent[-1].text)
        assert found
        return found[0]

    def sign_in(self, page: Page, email: str = OWNER) -> None:
        """With the button of the link."""
        page.goto(self.link(email))
        page.locator("main button").click()
        page.wait_for_url(f"{self.url}/overzicht")


@contextmanager
def site_on(aws: Aws, *, connected: bool = True) -> Iterator[Site]:
    """Tables and queues of its own; ``connected`` False leaves the sample shop to the test."""
    with (
        both_standins() as (shop, books),
        stack_on(aws, shop.url, books.url, shop.partner_token) as stack,
        PortalServer(0) as server,
    ):
        os.environ["PORTAL_URL"] = server.url  # stack_on puts the environment back
        os.environ["HOOK_URL"] = f"{server.url}{HOOKS}"
        if connected:
            stack.connect(sample_document(shop))
        one_at_a_time = threading.Lock()  # a Lambda process answers one request at a time

        def invoking(function: str) -> Invoke:
            def invoke(event: dict[str, Any]) -> dict[str, Any]:
                with one_at_a_time:
                    return stack.invoke(function, event)

            return invoke

        with server.serving({"/": invoking("portal"), HOOKS: invoking("receive_hook")}):
            yield Site(server.url, stack, shop, books)


def opened(browser: Browser, size: dict[str, int], *, script: bool = True) -> Page:
    """A browser that nobody used before; without ``script`` pages must do."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]  # a plain dict is what it takes
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        java_script_enabled=script,
        has_touch=size is PHONE,
    )
    context.set_default_timeout(10_000)
    return context.new_page()


def accessible(page: Page) -> None:
    """Neither axe-core nor a small screen finds anything wrong: WCAG 2.2 AA, nothing sideways."""
    found = Axe().run(page, options={"runOnly": [*WCAG, "best-practice"]})
    wrong = [
        f"{one['id']}: {one['help']}: {node['target']} {node['html'][:200]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
    assert wrong == []
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= screen, f"the page is {wide} wide on a screen of {screen}"


def shot(page: Page, name: str) -> None:
    """A picture in .shots/ to look at, when SHOTS is set."""
    if os.environ.get("SHOTS"):
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=Path(SHOTS, f"{name}.png"), full_page=True)
