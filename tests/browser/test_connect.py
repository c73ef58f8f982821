"""The whole first connection in a real browser, on a phone and on a desk."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from boekbrug.bootstrap import services
from boekbrug.journey.ports.tenants import NOT_STARTED
from tests.support.browser import DESK, PHONE, Site, accessible, opened, shot
from tests.support.stack import sample_document

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_first_connection(browser: Browser, empty_site: Site, size: dict[str, int]) -> None:
    """From nothing to a shop that waits to be switched on; every page on the way is accessible."""
    page, wide = opened(browser, size), size["width"]
    empty_site.sign_in(page)
    document = sample_document(empty_site.shop)["administrations"][0]

    page.goto(f"{empty_site.url}/koppelen")
    seen(page, f"connect-1-token-{wide}")
    page.get_by_label("Token", exact=True).fill("verkeerd")
    page.get_by_role("button", name="Probeer deze token").click()
    expect(page.get_by_label("Token", exact=True)).to_have_accessible_description(
        "Plak hem hier; wat u plakt is niet te zien. Mijnwebwinkel weigert de token. Kopieer hem "
        "opnieuw via Instellingen › API › toon token, en kijk of hij actief en niet verlopen is."
    )
    expect(page.get_by_label("Token", exact=True)).to_have_value("")
    seen(page, f"connect-1-refused-{wide}")
    page.get_by_label("Token", exact=True).fill(document["shops"][0]["token"])
    page.get_by_role("button", name="Probeer deze token").click()

    expect(page.locator("main")).to_contain_text("Huis & Haard Voorbeeld")
    seen(page, f"connect-1-shop-{wide}")
    page.get_by_role("link", name="Ja, dit klopt").click()

    fill_contract(page, document)
    seen(page, f"connect-2-contract-{wide}")
    page.get_by_label("Wachtwoord").fill(document["password"])
    page.get_by_role("button", name="Probeer en ga verder").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Vanaf waar boeken?")
    page.get_by_role("button", name="Tel wat er geboekt zou worden").click()
    expect(page.get_by_role("alert")).to_contain_text("Kies minstens een status")
    seen(page, f"connect-3-start-{wide}")
    for status in ("Verzonden", "Betaald"):
        page.get_by_label(status).first.check()
    page.get_by_label("Nee, die staat uit of heb ik nooit gebruikt").check()
    page.get_by_label("een bestelnummer").check()
    expect(page.get_by_label("Datum", exact=True)).to_be_hidden()
    page.get_by_label("een datum").check()
    page.get_by_label("Datum", exact=True).fill("2020-01-01")
    page.get_by_role("button", name="Tel wat er geboekt zou worden").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Klopt dit?")
    seen(page, f"connect-4-look-{wide}")
    page.get_by_role("button", name="Koppel deze winkel").click()

    expect(page.get_by_role("status").first).to_contain_text("Huis & Haard Voorbeeld is")
    (shop,) = services().tenants.all_shops()
    assert shop.paused == NOT_STARTED
    page.context.close()


def test_a_first_connection_without_javascript(plain: Page, empty_site: Site) -> None:
    """Every field is there, and the same form does the same."""
    document = sample_document(empty_site.shop)["administrations"][0]
    empty_site.sign_in(plain)
    plain.goto(f"{empty_site.url}/koppelen")
    plain.get_by_label("Token", exact=True).fill(document["shops"][0]["token"])
    plain.get_by_role("button", name="Probeer deze token").click()
    plain.get_by_role("link", name="Ja, dit klopt").click()
    fill_contract(plain, document)
    plain.get_by_label("Wachtwoord").fill(document["password"])
    plain.get_by_role("button", name="Probeer en ga verder").click()
    plain.get_by_label("Betaald").first.check()
    plain.get_by_label("een bestelnummer").check()
    plain.locator("#start_number").fill("10023")
    plain.get_by_label("Nee, die staat uit of heb ik nooit gebruikt").check()
    plain.get_by_role("button", name="Tel wat er geboekt zou worden").click()
    plain.get_by_role("button", name="Koppel deze winkel").click()

    expect(plain.get_by_role("status").first).to_contain_text("is gekoppeld")


def fill_contract(page: Page, document: dict[str, Any]) -> None:
    page.get_by_label("Contractcode").fill(document["contractcode"])
    page.get_by_label("Gebruikersnaam").fill(document["username"])


def seen(page: Page, name: str) -> None:
    accessible(page)
    shot(page, name)
