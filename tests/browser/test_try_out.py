"""From a shop that was just connected to its first bookings, in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from boekbrug.bootstrap import services
from boekbrug.journey.ports.tenants import NOT_STARTED
from tests.support.browser import DESK, PHONE, Site, accessible, opened, shot

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_trial_run_and_then_on(browser: Browser, site: Site, size: dict[str, int]) -> None:
    """What would be booked, one order beside its invoice, a sample, on; then it is booked so."""
    switched_off()
    page, wide = opened(browser, size), size["width"]
    site.sign_in(page)
    page.goto(f"{site.url}/proefdraaien")
    seen(page, f"try-out-begin-{wide}")
    page.get_by_role("button", name="Draai proef").click()

    expect(page.locator("main")).to_contain_text("23 facturen")
    seen(page, f"try-out-{wide}")
    page.get_by_role("link", name="10046").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bestelling 10046")
    seen(page, f"try-out-order-{wide}")
    page.get_by_role("link", name="Terug naar proefdraaien").click()
    page.get_by_role("link", name="definitief").click()
    seen(page, f"try-out-list-{wide}")
    page.get_by_role("link", name="Terug naar proefdraaien").click()
    page.get_by_role("button", name="Kijk ze na").click()
    expect(page.locator("#steekproef ~ ul .badge-booked")).to_have_count(5)
    seen(page, f"try-out-sample-{wide}")
    page.get_by_role("link", name="Winkel aanzetten").click()
    seen(page, f"try-out-on-{wide}")
    page.get_by_role("button", name="Zet aan en boek").click()

    expect(page.get_by_role("status").first).to_contain_text("staat aan")
    site.stack.hour()
    page.goto(f"{site.url}/bestellingen")
    expect(page.locator("main")).to_contain_text("10046")
    page.context.close()


def test_without_javascript_a_link_goes_on(plain: Page, site: Site) -> None:
    """The same steps, one press each."""
    switched_off()
    site.sign_in(plain)
    plain.goto(f"{site.url}/proefdraaien")
    plain.get_by_role("button", name="Draai proef").click()
    plain.get_by_role("link", name="Ga verder").click()

    expect(plain.locator("main")).to_contain_text("23 facturen")
    plain.get_by_role("link", name="Winkel aanzetten").click()
    expect(plain.locator("main")).to_contain_text("23 facturen")


def seen(page: Page, name: str) -> None:
    accessible(page)
    shot(page, name)


def switched_off() -> None:
    """As after connecting."""
    here, shop = services(), services().tenants.all_shops()[0]
    here.tenants.pause_shop(shop.shop_id, NOT_STARTED, token_version=None, at=here.clock.now())
