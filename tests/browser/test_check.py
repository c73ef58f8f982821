"""The accountant's page in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESK, PHONE, Site, accessible, opened, shot

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_from_a_year_to_the_order_that_is_not_in_the_books(
    browser: Browser, site: Site, size: dict[str, int]
) -> None:
    """A period of one's own by quarter, a month by day, its file, and one order."""
    site.stack.hour()
    page, wide = opened(browser, size), size["width"]
    site.sign_in(page)
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Controle").click()
    expect(page).to_have_title("Controle · Boekbrug")
    seen(page, f"check-empty-{wide}")
    page.locator("summary", has_text="Andere periode").click()
    page.get_by_label("Van", exact=True).fill("2026-01-01")
    page.get_by_label("Tot en met").fill("2026-12-31")
    page.get_by_label("Per", exact=True).select_option("kwartaal")
    page.get_by_role("button", name="Toon").click()

    expect(page.locator("#oordeel")).to_contain_text("3 bestellingen")
    seen(page, f"check-year-{wide}")
    page.get_by_role("link", name="1e kwartaal van 2026").click()
    page.get_by_role("link", name="maart 2026").click()
    expect(page.get_by_role("heading", name="Per dag")).to_be_visible()
    expect(page.get_by_role("img", name="Staven van winkel en boeken")).to_be_visible()
    seen(page, f"check-days-{wide}")
    with page.expect_download() as file:
        page.get_by_role("link", name="Alle bestellingen (CSV)").click()
    assert file.value.suggested_filename == "bestellingen-2026-03-01-2026-03-31.csv"
    page.locator(".order-row", has_text="10038").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bestelling 10038")
    page.context.close()


def test_a_wrong_day_is_said_at_its_field(phone: Page, site: Site) -> None:
    """The fields are open, the sentence is read out with the field, what was right stays."""
    phone.goto(f"{site.url}/controle?van=2026-03-31&tot=2026-03-01&per=dag")

    field = phone.get_by_label("Tot en met")
    expect(field).to_have_accessible_description("Deze dag ligt voor de eerste.")
    expect(field).to_have_value("2026-03-01")
    expect(phone.get_by_label("Van", exact=True)).to_have_value("2026-03-31")
    seen(phone, "check-refused-360")


def seen(page: Page, name: str) -> None:
    accessible(page)
    shot(page, name)
