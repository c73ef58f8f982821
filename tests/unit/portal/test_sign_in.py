"""Coming in: a link once, for a while, for whoever has the mail."""

from dataclasses import replace

import pytest

from boekbrug.journey.ports.tenants import OWNER, READER, Account, User
from boekbrug.journey.sign_in import LINKS_PER_ADDRESS, LINKS_PER_SOURCE
from tests.support.portal_world import OWNERS, READERS, Browser, PortalWorld

UNKNOWN = "niemand@example.com"


def test_an_owner_comes_in_with_the_link() -> None:
    """Address, mail, button: then the page that was asked for is there."""
    world = PortalWorld()
    browser = world.guest
    asked = browser.get("/overzicht?winkel=x&a=b")
    assert (asked.status, asked.location) == (
        303,
        "/inloggen?verder=/overzicht%3Fwinkel%3Dx%26a%3Db",
    )
    page = asked.follow()
    assert 'name="verder" value="/overzicht?winkel=x&amp;a=b"' in page.text
    sent = browser.post("/inloggen", {"email": f" {OWNERS} ", "verder": "/overzicht"})
    assert sent.status == 200
    assert OWNERS in sent

    (link,) = world.links()
    assert OWNERS in browser.get(link)
    done = browser.post(link)

    assert (done.status, done.location) == (303, "/overzicht")
    page = done.follow()
    assert (page.status, page.title) == (200, "Overzicht · Boekbrug")


def test_an_address_is_known_in_any_case() -> None:
    """People type their address as they like."""
    world = PortalWorld()

    browser = world.browser().sign_in(OWNERS.upper())

    assert browser.get("/overzicht").status == 200
    assert [account.account_id for account in world.tenants.all_accounts()] == ["owner", "stranger"]


@pytest.mark.parametrize(
    "typed",
    ["", "eigenaar", "a@b", "a@b@c.nl", "é@example.com", "a b@example.com", f"{'a' * 250}@x.nl"],
)
def test_what_is_no_address_is_said_at_the_field(typed: str) -> None:
    """Nothing is mailed, and what was typed stays."""
    world = PortalWorld()

    page = world.guest.post("/inloggen", {"email": typed})

    assert page.status == 422
    assert "Dit is geen e-mailadres." in page
    assert f'value="{typed}"' in page.text
    assert world.notices.sent == []


def test_a_mail_that_does_not_go_out_is_said() -> None:
    """The visitor is not sent to look for it."""
    world = PortalWorld()
    world.notices.unreachable = True

    page = world.guest.post("/inloggen", {"email": OWNERS})

    assert page.status == 503
    assert "De mail kon niet worden verstuurd." in page


# --------------------------------------------------------------------------- links


def test_a_link_works_once() -> None:
    """Looking at it, as mail scanners do, uses nothing up; the button does."""
    world = PortalWorld()
    link = _link(world)
    for _ in range(3):
        assert world.browser().get(link).status == 200
    assert world.browser().head(link).status == 200
    assert world.browser().post(link).status == 303

    again = world.browser()
    assert "al gebruikt" in again.get(link)
    assert again.post(link).status == 410
    assert again.get("/overzicht").status == 303


def test_a_link_ends_after_a_quarter_of_an_hour() -> None:
    """Just before it works, then it says why not."""
    world = PortalWorld()
    early, late = _link(world), _link(world)
    world.clock.move(minutes=14, seconds=59)
    assert world.browser().post(early).status == 303
    world.clock.move(seconds=1)

    page = world.browser().post(late)

    assert page.status == 410
    assert "ouder dan 15 minuten" in page


def test_no_token_is_stored() -> None:
    """Neither of the link nor of the session: whoever reads the table comes in nowhere."""
    world = PortalWorld()
    link = _link(world)
    browser = world.browser()
    browser.post(link)
    stored = repr(vars(world.access))

    assert link.rpartition("/")[2] not in stored
    assert browser.cookies["__Host-session"] not in stored
    assert OWNERS in stored  # it is the right place to look


# --------------------------------------------------------------------------- who is known


@pytest.mark.parametrize("open_to_all", [True, False])
def test_nobody_learns_whether_an_address_is_known(open_to_all: bool) -> None:
    """The same answer, and a mail, for both; only the mail tells its owner."""
    world = PortalWorld(open_to_all=open_to_all)
    pages = [world.browser().post("/inloggen", {"email": email}) for email in (OWNERS, UNKNOWN)]
    known, unknown = pages

    assert known.status == unknown.status == 200
    assert _without_proof(known.text.replace(OWNERS, "?")) == _without_proof(
        unknown.text.replace(UNKNOWN, "?")
    )
    assert [mail.to for mail in world.notices.sent] == [(OWNERS,), (UNKNOWN,)]
    assert len(world.links()) == (2 if open_to_all else 1)


def test_a_new_address_begins_an_account_when_the_link_is_used() -> None:
    """Not before; it is the owner's and empty."""
    world = PortalWorld()
    before = world.tenants.all_accounts()
    link = _link(world, UNKNOWN)
    assert world.tenants.all_accounts() == before

    browser = world.browser()
    browser.post(link)

    (account,) = world.tenants.accounts_of(UNKNOWN)
    assert account.emails == (UNKNOWN,)
    assert account.users == (User(UNKNOWN, OWNER),)
    assert browser.get("/overzicht").status == 200


def test_without_open_sign_up_only_who_was_added_comes_in() -> None:
    """An address without an account gets a mail that says so, and no link."""
    world = PortalWorld(open_to_all=False)
    world.guest.post("/inloggen", {"email": UNKNOWN})

    assert world.links() == []
    assert world.notices.sent[0].subject == "Geen account bij Boekbrug met dit adres"
    assert world.browser().sign_in(READERS).get("/overzicht").status == 200


def test_sign_up_that_was_closed_meanwhile_stays_closed() -> None:
    """A link from before begins no account any more."""
    world = PortalWorld()
    link = _link(world, UNKNOWN)
    world.open_to_all = False

    assert world.browser().post(link).status == 410
    assert world.tenants.accounts_of(UNKNOWN) == []


# --------------------------------------------------------------------------- limits


def test_an_address_gets_a_few_links_an_hour() -> None:
    """Whoever asks, and from wherever; afterwards it goes on."""
    world = PortalWorld()
    for number in range(LINKS_PER_ADDRESS):
        browser = world.browser(source=f"192.0.2.{number}")
        assert browser.post("/inloggen", {"email": OWNERS}).status == 200

    page = world.browser(source="192.0.2.99").post("/inloggen", {"email": OWNERS.upper()})

    assert page.status == 429
    assert "te veel links" in page
    assert len(world.notices.sent) == LINKS_PER_ADDRESS
    world.clock.move(hours=1)
    assert world.browser().post("/inloggen", {"email": OWNERS}).status == 200


def test_a_source_asks_for_a_limited_number_of_links() -> None:
    """However many addresses it tries; other sources go on."""
    world = PortalWorld()
    browser = world.browser(source="198.51.100.7")
    for number in range(LINKS_PER_SOURCE):
        assert browser.post("/inloggen", {"email": f"a{number}@example.com"}).status == 200

    assert browser.post("/inloggen", {"email": "nog-een@example.com"}).status == 429
    assert world.browser().post("/inloggen", {"email": "nog-een@example.com"}).status == 200


# --------------------------------------------------------------------------- sessions


def test_a_session_rests_two_hours_and_lives_twelve() -> None:
    """Used every hour it goes on, but not for ever."""
    world = PortalWorld()
    resting, used = world.browser().sign_in(OWNERS), world.browser().sign_in(OWNERS)
    statuses = []
    for _ in range(12):
        world.clock.move(hours=1)
        statuses.append(used.get("/overzicht").status)

    assert statuses == [200] * 11 + [303]
    ended = resting.get("/overzicht")
    assert (ended.status, ended.flash and ended.flash.text) == (303, "Log in om verder te gaan.")


def test_signing_in_makes_a_session_of_its_own() -> None:
    """One that was there before, planted or real, is not taken over and ends."""
    world = PortalWorld()
    planted = world.browser(cookies={"__Host-session": "planted-by-somebody"})
    planted.sign_in(OWNERS)
    first = planted.cookies["__Host-session"]
    assert first != "planted-by-somebody"
    planted.post(_link(world))

    assert planted.cookies["__Host-session"] != first
    assert _with_session(world, first).get("/overzicht").status == 303
    assert _with_session(world, "planted-by-somebody").get("/overzicht").status == 303


def test_signing_out_ends_the_session_on_our_side() -> None:
    """Whoever kept the cookie has nothing."""
    world = PortalWorld()
    kept = world.owner.cookies["__Host-session"]

    left = world.owner.post("/uitloggen")

    assert (left.status, left.location) == (303, "/inloggen")
    assert "__Host-session" not in world.owner.cookies
    assert _with_session(world, kept).get("/overzicht").status == 303


def test_who_is_removed_is_out_at_once() -> None:
    """And who becomes a reader may change nothing any more."""
    world = PortalWorld()
    assert world.reader.get("/overzicht").status == 200
    account = world.tenants.account("owner")
    assert account is not None
    world.tenants.put_account(replace(account, users=(User(OWNERS, READER),)))

    assert world.reader.get("/overzicht").status == 303
    assert world.browser().sign_in(OWNERS).get("/overzicht").status == 200


def test_who_has_several_accounts_chooses_one() -> None:
    """And only one of his own."""
    world = PortalWorld()
    both = Account(account_id="klant-2", emails=(), users=(User(READERS, READER),))
    world.tenants.put_account(both)
    browser = world.browser()
    came = browser.post(_link(world, READERS))
    assert came.location == "/accounts"
    assert "Winkel" in came.follow()

    assert browser.post("/accounts", {"account": "stranger"}).status == 404
    assert browser.post("/accounts", {"account": "klant-2"}).status == 303
    assert "Er is nog geen winkel gekoppeld." in browser.get("/overzicht")
    browser.post("/accounts", {"account": "owner"})
    assert "Er is nog geen winkel gekoppeld." not in browser.get("/overzicht")


# --------------------------------------------------------------------------- language


def test_the_chosen_language_stays_and_goes_before_the_accounts() -> None:
    """Dutch at first; an English account is English until its visitor chooses."""
    world = PortalWorld()
    account = world.tenants.account("owner")
    assert account is not None
    world.tenants.put_account(replace(account, language="en"))
    browser = world.browser()
    assert browser.get("/inloggen").title == "Inloggen · Boekbrug"
    browser.sign_in(OWNERS)
    assert browser.get("/overzicht").title == "Overview · Boekbrug"

    chosen = browser.post("/taal", {"taal": "nl", "verder": "/overzicht"})

    assert chosen.location == "/overzicht"
    assert browser.get("/overzicht").title == "Overzicht · Boekbrug"
    assert browser.post("/taal", {"taal": "xx"}).status == 303
    assert browser.get("/overzicht").title == "Overzicht · Boekbrug"


# --------------------------------------------------------------------------- parts


def _link(world: PortalWorld, email: str = OWNERS) -> str:
    assert world.browser().post("/inloggen", {"email": email}).status == 200
    return world.links()[-1]


def _with_session(world: PortalWorld, token: str) -> Browser:
    return world.browser(cookies={"__Host-session": token})


def _without_proof(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if 'name="csrf"' not in line)
