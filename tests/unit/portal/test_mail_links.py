"""Where the mails lead: pages that are there, also for who has to sign in first."""

import pytest

from boekbrug.notices.digest import CHOOSE, ORDERS
from boekbrug.notices.mail import OVERVIEW, link, page_about
from boekbrug.notices.words import MAILS
from tests.support.orders import STORE_ID
from tests.support.portal_world import PortalWorld

PAGES = sorted({CHOOSE, ORDERS, OVERVIEW, *map(page_about, MAILS)})


@pytest.mark.parametrize("page", PAGES)
def test_a_mail_leads_to_a_page(page: str) -> None:
    """Of the shop it is about."""
    there = link("https://portal.example/", page, STORE_ID).removeprefix("https://portal.example")

    assert PortalWorld().owner.get(there).status == 200


def test_who_is_not_signed_in_comes_there_after_it() -> None:
    """The link of the mail goes along with signing in, whole."""
    there = link("https://portal.example", CHOOSE, STORE_ID).removeprefix("https://portal.example")

    asked = PortalWorld().guest.get(there)

    assert asked.status == 303
    assert f"soort%3Dwacht-op-u%26winkel%3D{STORE_ID}" in asked.location
