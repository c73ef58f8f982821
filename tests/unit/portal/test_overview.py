"""The first page: the light, the buttons, and what every kind of visitor sees."""

from dataclasses import replace

import pytest

from boekbrug.domain.reasons import message
from boekbrug.journey.ports.findings import Finding
from boekbrug.journey.ports.tenants import NOT_STARTED, ConnectedShop
from tests.support.fake_books import Fault
from tests.support.orders import STORE_ID, order_json
from tests.support.portal_world import PortalWorld


def shop_of(world: PortalWorld) -> ConnectedShop:
    found = world.tenants.shop(STORE_ID)
    assert found is not None
    return found


def with_orders(*numbers: str, faults: tuple[Fault | None, ...] = ()) -> PortalWorld:
    world = PortalWorld()
    world.books["123456"].faults.extend(faults)
    world.shops.by_token[f"token-of-{STORE_ID}"].add(*map(order_json, numbers))
    world.hour()
    return world


def test_all_is_well() -> None:
    """A green light, the runs, the counts, and the latest bookings with their numbers."""
    world = with_orders("1042", "1043")

    page = world.owner.get("/overzicht")

    assert "light-good" in page.text
    assert "Alles loopt; er wacht niets op u." in page
    assert "20 maart 2026 om 13:00" in page  # the last run, in Amsterdam
    assert "Factuur 20260002" in page
    assert "/bestellingen/1043" in page.text
    assert "/bestellingen?soort=geboekt" in page.text


def test_an_account_without_a_shop_is_led_to_connecting() -> None:
    """Its first page says what to do first."""
    page = PortalWorld().stranger.get("/overzicht")

    assert page.status == 200
    assert "/koppelen" in page.text
    assert "drie stappen" in page


def test_what_needs_a_choice_is_orange_and_one_click_away() -> None:
    """The count leads to those orders."""
    page = with_orders("1042", faults=(Fault.REFUSED_DATA,)).owner.get("/overzicht")

    assert "light-attention" in page.text
    assert "Er wacht 1 bestelling op een keuze van u." in page
    assert "/bestellingen?soort=wacht-op-u" in page.text


def test_a_fetch_is_asked_for_and_followed() -> None:
    """The shop is on the queue, and the page goes along for a while."""
    world = PortalWorld()

    done = world.owner.post("/overzicht/ophalen")

    assert [one.page.shop_ids for one in world.shops_queue.take()] == [[STORE_ID]]
    assert done.flash is not None
    assert "data-poll" in done.follow().text
    world.clock.move(minutes=1)
    assert "data-poll" not in done.follow().text


@pytest.mark.parametrize("since", ["x", "-1", "9" * 30, "²", "99999999999"])
def test_an_address_somebody_made_up_follows_nothing(since: str) -> None:
    """It is a page like any other."""
    page = PortalWorld().owner.get(f"/overzicht?sinds={since}")

    assert page.status == 200
    assert "data-poll" not in page.text


def test_a_shop_is_paused_and_goes_on() -> None:
    """Nothing is fetched meanwhile, and the page says how to go on."""
    world = PortalWorld()

    paused = world.owner.post("/overzicht/pauze").follow()

    assert "De winkel staat op pauze" in paused
    assert "Hervatten" in paused
    assert "Nu ophalen" not in paused
    assert "stil" in str(world.owner.post("/overzicht/ophalen").flash)
    assert world.shops_queue.take() == []

    going = world.owner.post("/overzicht/hervatten").follow()
    assert "Nu ophalen" in going
    assert shop_of(world).paused == ""


def test_a_shop_that_cannot_go_on_says_why() -> None:
    """Its token is tried first; the page is shown again with the reason."""
    world = PortalWorld()
    world.tenants.put_shop(replace(shop_of(world), paused="token_refused"))
    world.shops.by_token.clear()

    page = world.owner.get("/overzicht")
    tried = world.owner.post("/overzicht/hervatten")

    assert "light-bad" in page.text
    assert "/instellingen/token" in page.text
    assert tried.status == 422
    assert "Mijnwebwinkel weigert de token." in tried


def test_a_shop_that_was_not_started_leads_to_the_trial_run() -> None:
    """Switching on is the last step of that, not a button here."""
    world = PortalWorld()
    world.tenants.put_shop(replace(shop_of(world), paused=NOT_STARTED))

    page = world.owner.get("/overzicht")

    assert "/proefdraaien" in page.text
    assert "Hervatten</button>" not in page.text


def test_findings_are_listed_with_their_orders() -> None:
    """In Dutch with the details; a code that is new here is shown all the same."""
    world = PortalWorld()
    for code, number in (("entry_differs", "1042"), ("shop_silent", ""), ("brand_new", "7")):
        world.findings.record(
            Finding(
                code=code,
                shop_id=STORE_ID,
                number=number,
                detail=f"<b>Detail van {code}</b>",
                at=world.clock.now(),
            )
        )

    page = world.owner.get("/overzicht")

    assert "Acumulus heeft een ander bedrag dan de bestelling." in page
    assert "/bestellingen/1042" in page.text
    assert "&lt;b&gt;Detail van brand_new" in page.text
    world.owner.post("/taal", {"taal": "en", "verder": "/overzicht"})
    assert "Acumulus has another amount than the order." in world.owner.get("/overzicht")


def test_what_was_found_is_told_in_english_too() -> None:
    """With its own numbers and amounts."""
    world = PortalWorld()
    told = message("posted_twice", entries="20260001 (61234567), 20260002 (61234568)")
    world.findings.record(
        Finding(
            code=told.code,
            shop_id=STORE_ID,
            number="1042",
            detail=told.text,
            at=world.clock.now(),
        )
    )

    assert told.text in world.owner.get("/overzicht")
    world.owner.post("/taal", {"taal": "en", "verder": "/overzicht"})
    page = world.owner.get("/overzicht")
    assert "is in Acumulus twice, as invoice (and booking) 20260001 (61234567), 2026" in page
    assert "dubbel" not in page


def test_a_reader_sees_the_same_without_buttons() -> None:
    """An accountant looks, the owner acts."""
    page = with_orders("1042").reader.get("/overzicht")

    assert "Factuur 20260001" in page
    assert "Nu ophalen" not in page
    assert "/koppelen" not in page.text


def test_each_shop_of_an_account_has_its_light() -> None:
    """The one that is chosen in full, the others in a line."""
    world = PortalWorld()
    world.shop("another-shop")
    other = world.tenants.shop("another-shop")
    assert other is not None
    named = replace(other.store, name="Tweede winkel")
    world.tenants.put_shop(replace(other, store=named, paused="by_hand"))

    page = world.owner.get(f"/overzicht?winkel={STORE_ID}")

    assert "Overzicht van Winkel" in page
    assert "Tweede winkel" in page
    assert "/overzicht?winkel=another-shop" in page.text
    assert "light-small light-attention" in page.text


def test_another_accounts_shop_is_not_there() -> None:
    """Neither to look at nor to pause or fetch."""
    world = PortalWorld()
    chosen = {"winkel": STORE_ID}

    assert world.stranger.get(f"/overzicht?winkel={STORE_ID}").status == 404
    for what in ("ophalen", "pauze", "hervatten"):
        assert world.stranger.post(f"/overzicht/{what}", chosen).status == 404
    assert shop_of(world).paused == ""
    assert world.shops_queue.take() == []
