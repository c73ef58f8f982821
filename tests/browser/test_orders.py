"""Overview and orders in a real browser, on a phone and on a desk: a hold is resolved."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESK, PHONE, Site, accessible, opened, shot

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]

LOCKED, UNLOCKED = "2026-03-20", ""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_hold_is_resolved(browser: Browser, site: Site, size: dict[str, int]) -> None:
    """Orange, the orders of the cause, one order with its reason, tried again, booked, green."""
    page, wide = opened(browser, size), size["width"]
    site.sign_in(page)
    site.books.lock_period(LOCKED)
    site.stack.hour()
    site.books.lock_period(UNLOCKED)  # the owner unlocks the period in Acumulus

    page.goto(f"{site.url}/overzicht")
    expect(page.locator("#licht")).to_contain_text("bestellingen op een keuze van u")
    seen(page, f"overview-orange-{wide}")
    page.get_by_role("link", name="wacht op u").click()
    expect(page.get_by_role("main")).to_contain_text("is in Acumulus afgesloten")
    seen(page, f"orders-needs-you-{wide}")

    page.get_by_role("link", name="10026").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bestelling 10026")
    seen(page, f"order-held-{wide}")
    page.locator("summary", has_text="Opnieuw proberen").click()
    form = page.locator("details[open]")
    form.get_by_role("button", name="Opnieuw proberen").click()
    expect(page.get_by_role("alert")).to_contain_text("Zeg er in een paar woorden bij waarom")
    seen(page, f"order-held-without-reason-{wide}")
    page.locator("details[open]").get_by_label("Waarom?").fill("periode weer open")
    page.locator("details[open]").get_by_role("button", name="Opnieuw proberen").click()

    expect(page.get_by_role("status").first).to_contain_text("wordt opnieuw geprobeerd")
    expect(page.locator("[data-part]")).to_contain_text("loopt vanzelf mee")
    book(site)
    expect(page.locator("[data-part]")).to_contain_text("Geboekt in Acumulus als factuur")
    page.get_by_role("link", name="Toon de hele bestelling").click()
    expect(page.get_by_role("main")).to_contain_text("periode weer open (owner@example.com)")
    seen(page, f"order-booked-{wide}")
    page.context.close()


def test_all_orders_of_a_cause_at_once(site: Site, phone: Page) -> None:
    """And when the last one is booked the light is green."""
    site.books.lock_period(LOCKED)
    site.stack.hour()
    site.books.lock_period(UNLOCKED)
    phone.goto(f"{site.url}/bestellingen?soort=wacht-op-u")
    card = phone.locator("section", has_text="afgesloten")
    card.locator("summary").click()
    card.get_by_label("Waarom?").fill("periode weer open")
    card.get_by_role("button").click()
    expect(phone.get_by_role("status")).to_contain_text("worden opnieuw geprobeerd")
    phone.goto(f"{site.url}/bestellingen/10038")  # in a currency without a rate
    phone.locator("summary", has_text="Niet boeken").click()
    phone.locator("details[open]").get_by_label("Waarom?").fill("zelf verwerkt")
    phone.locator("details[open]").get_by_role("button", name="Niet boeken").click()
    expect(phone.get_by_role("status").first).to_contain_text("wordt niet geboekt")

    site.stack.hour()

    phone.goto(f"{site.url}/overzicht")
    expect(phone.locator("#licht")).to_contain_text("Alles loopt; er wacht niets op u.")
    seen(phone, "overview-green-360")


def test_a_fetch_is_followed_until_the_orders_are_there(site: Site, desk: Page) -> None:
    """Nu ophalen, and the counts come by themselves."""
    desk.get_by_role("button", name="Nu ophalen").click()
    expect(desk.get_by_role("status").first).to_contain_text("worden nu opgehaald")
    while pages := site.stack.received("SHOPS_QUEUE_URL", 1):
        site.stack.invoke("fetch_orders", {"Records": pages})
    book(site)

    expect(desk.locator(".count-number").first).to_have_text("23")
    seen(desk, "overview-1280")


def test_orders_without_javascript(plain: Page, site: Site) -> None:
    """Searched, read, decided: links, forms and what opens by itself are enough."""
    site.stack.hour()
    site.sign_in(plain)
    plain.get_by_role("link", name="Bestellingen", exact=True).click()
    plain.get_by_label("Zoek op bestelnummer").fill("#10038")
    plain.get_by_role("button", name="Zoek").click()
    plain.locator("summary", has_text="Met de hand geboekt").click()
    form = plain.locator("details[open]")
    form.get_by_label("Factuurnummer in Acumulus").fill("2026-77")
    form.get_by_label("Waarom?").fill("in kronen, zelf omgerekend")
    form.get_by_role("button", name="Met de hand geboekt").click()

    expect(plain.get_by_role("main")).to_contain_text("in kronen, zelf omgerekend")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_every_kind_of_order_reads_well(browser: Browser, site: Site, size: dict[str, int]) -> None:
    """Several rates, a credit, a concept, one that nobody has, and the list of all."""
    site.stack.hour()
    page = opened(browser, size)
    site.sign_in(page)
    page.goto(f"{site.url}/bestellingen")
    seen(page, f"orders-{size['width']}")
    for number in ("10022", "10033", "10046", "99999"):
        page.goto(f"{site.url}/bestellingen/{number}")
        seen(page, f"order-{number}-{size['width']}")
    page.context.close()


def book(site: Site) -> None:
    """The next free function books what is on the queue."""
    while orders := site.stack.received("ORDERS_QUEUE_URL"):
        site.stack.invoke("book_orders", {"Records": orders})


def seen(page: Page, name: str) -> None:
    accessible(page)
    shot(page, name)
