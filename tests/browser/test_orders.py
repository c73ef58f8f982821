"""Overview and orders in a real browser, on a phone and on a desk: a hold is resolved."""

import pytest
from playwright.sync_api import Page

from tests.support.browser import Site, accessible, shot

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_look(site: Site, phone: Page, desk: Page) -> None:
    """Look."""
    site.stack.hour()
    for page, size in ((phone, 360), (desk, 1280)):
        page.goto(f"{site.url}/overzicht")
        shot(page, f"overview-{size}")
        accessible(page)
        page.goto(f"{site.url}/bestellingen")
        shot(page, f"orders-{size}")
        accessible(page)
        page.goto(f"{site.url}/bestellingen?soort=wacht-op-u")
        shot(page, f"orders-needs-you-{size}")
        accessible(page)
        for n in ("10021", "10033", "10026", "10035", "10045", "10038", "10042", "99999"):
            page.goto(f"{site.url}/bestellingen/{n}")
            shot(page, f"order-{n}-{size}")
            accessible(page)
