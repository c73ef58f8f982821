"""A site with the sample shop, and browsers in two sizes that are signed in as its owner."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import DESK, PHONE, Site, chromium, opened, site_on
from tests.support.embedded import Aws


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    program = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def site(embedded: Aws) -> Iterator[Site]:
    """The sample shop is connected; nothing is fetched or booked yet (``site.stack.hour()``)."""
    with site_on(embedded) as made:
        yield made


@pytest.fixture
def empty_site(embedded: Aws) -> Iterator[Site]:
    """Nobody is connected yet."""
    with site_on(embedded, connected=False) as made:
        yield made


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """360 pixels wide, signed in as the owner."""
    yield from _signed_in(browser, site, PHONE)


@pytest.fixture
def desk(browser: Browser, site: Site) -> Iterator[Page]:
    """1280 pixels wide, signed in as the owner."""
    yield from _signed_in(browser, site, DESK)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone without JavaScript; nobody is signed in."""
    page = opened(browser, PHONE, script=False)
    yield page
    page.context.close()


def _signed_in(browser: Browser, site: Site, size: dict[str, int]) -> Iterator[Page]:
    page = opened(browser, size)
    site.sign_in(page)
    yield page
    page.context.close()
