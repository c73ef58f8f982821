"""Coming in: a link once, for a while, for whoever has the mail."""

from tests.support.portal_world import OWNERS, PortalWorld


def test_an_owner_comes_in_with_the_link() -> None:
    """Address, mail, button: then the pages are there."""
    world = PortalWorld()
    browser = world.guest
    assert browser.get("/overzicht").location == "/inloggen?verder=/overzicht"
    browser.get("/inloggen?verder=/overzicht")
    sent = browser.post("/inloggen", {"email": OWNERS, "verder": "/overzicht"})
    assert sent.status == 200
    assert OWNERS in sent

    (link,) = world.links()
    assert OWNERS in browser.get(link)
    done = browser.post(link)

    assert (done.status, done.location) == (303, "/overzicht")
    page = done.follow()
    assert page.status == 200
    assert page.title == "Overzicht · Boekbrug"
