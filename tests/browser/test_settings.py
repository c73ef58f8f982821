"""Settings changed after a look at what that does, and a token replaced, in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from boekbrug.bootstrap import services
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.pauses import PauseServices, stop_shop
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.notices.memory import MemoryNotices
from tests.support.browser import DESK, PHONE, Site, accessible, opened, shot

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]

GROUPS = ("bestellingen", "boeken", "btw", "klanten", "berichten", "versies", "versies/1")
ACCESS = ("token", "acumulus", "ontkoppelen")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_change_with_a_look_at_what_it_does(
    browser: Browser, site: Site, size: dict[str, int]
) -> None:
    """Form, what would be booked otherwise, saved; a version is there to choose again."""
    page, wide = opened(browser, size), size["width"]
    site.sign_in(page)
    page.goto(f"{site.url}/instellingen")
    seen(page, f"settings-index-{wide}")
    page.get_by_role("link", name="Hoe boeken").click()
    page.get_by_label("Kostenplaats", exact=True).select_option(label="Webwinkel")
    page.get_by_label("Altijd een concept").check()
    seen(page, f"settings-booking-{wide}")
    page.get_by_role("button", name="Bekijk wat er verandert").click()

    expect(page.locator("main")).to_contain_text("van de laatste 26 bestellingen zouden anders")
    seen(page, f"settings-what-if-{wide}")
    page.get_by_role("button", name="Terug").click()
    expect(page.get_by_label("Altijd een concept")).to_be_checked()
    page.get_by_role("button", name="Bekijk wat er verandert").click()
    page.get_by_role("button", name="Opslaan").click()

    expect(page.get_by_role("status")).to_contain_text("Opgeslagen")
    assert chosen().concept == "always"
    page.goto(f"{site.url}/instellingen/versies/1")
    page.get_by_role("button", name="Kies deze versie opnieuw").click()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("main")).to_contain_text("Versie 3")
    seen(page, f"settings-versions-{wide}")
    assert chosen().concept == "auto"
    page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_token_is_replaced(browser: Browser, site: Site, size: dict[str, int]) -> None:
    """The shop says that its token is refused; a new one of the same shop sets it going."""
    page, wide = opened(browser, size), size["width"]
    stop_shop(
        PauseServices(services().tenants, MemoryNotices(), services().clock),
        connected(),
        "token_refused",
    )
    site.sign_in(page)
    page.goto(f"{site.url}/instellingen")
    expect(page.locator("main")).to_contain_text("weigert de token van deze winkel")
    seen(page, f"settings-refused-{wide}")
    page.get_by_role("link", name="Token vervangen").click()
    page.get_by_label("Token", exact=True).fill("verkeerd")
    page.get_by_role("button", name="Probeer en vervang").click()
    expect(page.get_by_role("alert")).to_contain_text("Mijnwebwinkel weigert de token")
    seen(page, f"settings-token-refused-{wide}")
    page.get_by_label("Token", exact=True).fill(site.shop.shops[0].token)
    page.get_by_role("button", name="Probeer en vervang").click()

    expect(page.get_by_role("status")).to_contain_text("gaat weer verder")
    assert connected().paused == ""
    page.context.close()


def test_every_page_of_the_settings_is_accessible(phone: Page, site: Site) -> None:
    """On a phone, as they are opened."""
    for path in (*GROUPS, *ACCESS):
        phone.goto(f"{site.url}/instellingen/{path}")
        assert phone.locator("h1").count() == 1
        seen(phone, f"settings-{path.replace('/', '-')}-360")


def test_settings_without_javascript(plain: Page, site: Site) -> None:
    """The same forms do the same."""
    site.sign_in(plain)
    plain.goto(f"{site.url}/instellingen/klanten")
    plain.get_by_label("Particulieren als relatie bewaren").uncheck()
    plain.get_by_role("button", name="Bekijk wat er verandert").click()
    plain.get_by_role("button", name="Opslaan").click()

    expect(plain.get_by_role("status")).to_contain_text("Opgeslagen")
    assert not chosen().send_private_customers


def connected() -> ConnectedShop:
    (shop,) = services().tenants.all_shops()
    return shop


def chosen() -> ShopSettings:
    shop = connected()
    return services().tenants.settings(shop.shop_id, shop.settings_version)


def seen(page: Page, name: str) -> None:
    accessible(page)
    shot(page, name)
