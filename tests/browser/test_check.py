"""The accountant's page in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESK, PHONE, Site, accessible, opened, shot

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PERIOD = "van=2026-01-01&tot=2026-12-31"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_year_is_looked_at_down_to_one_order(
    browser: Browser, site: Site, size: dict[str, int]
) -> None:
    """By month, one month by day, and the order that is not in the books; then another period."""
    site.stack.hour()
    page, wide = opened(browser, size), size["width"]
    site.sign_in(page)
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Controle").click()
    expect(page).to_have_title("Controle · Boekbrug")
    seen(page, f"check-quarter-{wide}")
    page.goto(f"{site.url}/controle?{PERIOD}")
    seen(page, f"check-{wide}")
    page.get_by_role("link", name="maart 2026").click()
    expect(page.get_by_role("heading", name="Per dag")).to_be_visible()
    seen(page, f"check-days-{wide}")
    page.locator(".order-row").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bestelling")
    page.context.close()


def seen(page: Page, name: str) -> None:
    accessible(page)
    shot(page, name)
