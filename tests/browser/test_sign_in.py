"""Coming in and leaving in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from boekbrug.bootstrap import services
from boekbrug.journey.ports.tenants import Account
from tests.support.browser import DESK, OWNER, PHONE, Site, accessible, opened, shot

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_wrong_address_is_said_at_the_field(
    browser: Browser, site: Site, size: dict[str, int]
) -> None:
    """What was typed stays, the sentence stands at the field, and both are read out."""
    page = opened(browser, size)
    page.goto(f"{site.url}/")
    expect(page).to_have_title("Inloggen · Boekbrug")
    accessible(page)
    shot(page, f"sign-in-{size['width']}")
    page.get_by_label("E-mailadres").fill("eigenaar")
    page.get_by_role("button", name="Stuur mij een link").click()

    field = page.get_by_label("E-mailadres")
    expect(field).to_have_value("eigenaar")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Dit is geen e-mailadres. Schrijf het als naam@voorbeeld.nl."
    )
    accessible(page)
    shot(page, f"sign-in-refused-{size['width']}")
    page.context.close()


def test_a_link_leads_in_and_out_again_without_javascript(plain: Page, site: Site) -> None:
    """The button of the link, the pages, the way out; afterwards the way back is closed."""
    plain.goto(site.link())
    expect(plain.locator("main")).to_contain_text(OWNER)
    plain.get_by_role("button", name="Inloggen").click()
    expect(plain).to_have_title("Overzicht · Boekbrug")
    plain.get_by_role("button", name="Uitloggen").click()
    expect(plain.get_by_role("status")).to_have_text("U bent uitgelogd.")
    plain.goto(f"{site.url}/overzicht")

    expect(plain).to_have_title("Inloggen · Boekbrug")


def test_the_session_is_a_cookie_that_scripts_and_other_sites_cannot_use(phone: Page) -> None:
    """HttpOnly, Secure, Lax; also on this machine's address without HTTPS."""
    (cookie,) = (one for one in phone.context.cookies() if one["name"] == "__Host-session")

    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Lax")
    assert phone.evaluate("document.cookie") == ""


def test_every_page_has_its_menu_and_languages(phone: Page, site: Site) -> None:
    """The first key press offers to skip the menu; English is one button away and stays."""
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    menu = phone.get_by_role("navigation", name="Menu").get_by_role("link")
    expect(menu).to_have_text(["Overzicht", "Bestellingen", "Controle", "Instellingen", "Account"])
    for link in menu.all():
        box = link.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"], "a menu item is off the screen"
        assert box["height"] >= 44
    accessible(phone)
    shot(phone, "overview-360")
    phone.get_by_role("button", name="English").click()

    expect(phone).to_have_title("Overview · Boekbrug")
    assert phone.url == f"{site.url}/overzicht"
    phone.reload()
    expect(phone).to_have_title("Overview · Boekbrug")


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_refused(desk: Page, site: Site) -> None:
    """Own style and script only, kept by the browser for good; the policy has nothing to object."""
    objections: list[str] = []
    answers: list[Response] = []
    desk.on("console", lambda message: objections.append(message.text))
    desk.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # playwright marks its handlers
    desk.goto(f"{site.url}/overzicht")
    desk.wait_for_load_state("networkidle")

    assert objections == []
    assert {answer.url.startswith(site.url) for answer in answers} == {True}
    fixed = [a for a in answers if "/static/" in a.url]
    assert {a.headers["cache-control"] for a in fixed} == {"public, max-age=31536000, immutable"}


def test_who_has_several_accounts_chooses_by_the_names_of_shops(phone: Page, site: Site) -> None:
    """Each button says which account it is for, also when it is read out."""
    tenants = services().tenants
    tenants.put_account(Account(account_id="acc-other", emails=(OWNER,)))
    phone.goto(f"{site.url}/accounts")
    accessible(phone)
    shot(phone, "accounts-360")
    phone.get_by_role("button", name="Kies Nog geen winkel").click()

    expect(phone).to_have_url(f"{site.url}/overzicht")
    expect(phone.locator("main")).not_to_contain_text("Huis & Haard Voorbeeld")
