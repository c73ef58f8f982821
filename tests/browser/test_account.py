"""Access, a signed call and an export in a real browser, on a phone and on a desk."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Site, accessible, shot

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_an_owner_adds_an_accountant(site: Site, size: str, request: pytest.FixtureRequest) -> None:
    """From the form to the list, with nothing to scroll sideways for."""
    page: Page = request.getfixturevalue(size)
    page.goto(f"{site.url}/account")
    accessible(page)
    shot(page, f"account-{size}")
    page.get_by_label("E-mailadres", exact=False).last.fill("boekhouder@example.nl")
    page.get_by_label("meelezer").last.check()
    page.get_by_role("button", name="Toevoegen").click()

    expect(page.get_by_role("status")).to_contain_text("boekhouder@example.nl heeft toegang")
    expect(page.get_by_text("meelezer · krijgt geen mails")).to_be_visible()


def test_address_and_secret_of_signed_calls_fit_a_phone(site: Site, phone: Page) -> None:
    """Shown once, with an example to copy."""
    phone.goto(f"{site.url}/account")
    phone.get_by_role("link", name="Adres en geheim maken").click()
    phone.get_by_role("button", name="Nieuw geheim maken").click()

    expect(phone.get_by_text("bbh_").first).to_be_visible()
    accessible(phone)
    shot(phone, "hook-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_export_is_saved_as_a_file(site: Site, desk: Page) -> None:
    """By its own name."""
    desk.goto(f"{site.url}/account")
    with desk.expect_download() as begun:
        desk.get_by_role("link", name="Account en instellingen").click()

    assert begun.value.suggested_filename == "boekbrug.json"


def test_the_agreement_and_the_end_can_be_read_by_everybody(site: Site, phone: Page) -> None:
    """No page traps who cannot see it."""
    for path in ("/account/verwerking", "/account/opheffen"):
        phone.goto(f"{site.url}{path}")
        accessible(phone)
        shot(phone, path.rpartition("/")[2])
