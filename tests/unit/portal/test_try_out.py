"""Trying out a shop: what would be booked, each invoice beside its order, and switching on."""

import re
from typing import Any

import pytest

from boekbrug.errors import BoekbrugError, NeedsOwner, StopShop
from boekbrug.journey import rehearse
from boekbrug.journey.ports.tenants import NOT_STARTED
from boekbrug.portal.pages import try_out
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.orders import STORE_ID, order_json
from tests.support.portal_world import Browser, PortalWorld, Seen

EVIL = '"><img src=x onerror=alert(1)>{{ 7*7 }}'


@pytest.fixture
def world() -> PortalWorld:
    """The shop was just connected: it is not switched on."""
    world = PortalWorld()
    world.choose(trigger_statuses=(3,), start_date="2026-03-01")
    world.tenants.pause_shop(STORE_ID, NOT_STARTED, token_version=None, at=world.clock.now())
    return world


@pytest.fixture
def shop(world: PortalWorld) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


def tried(world: PortalWorld, *, browser: Browser | None = None, **form: str) -> Seen:
    """A trial run from its button to its last step."""
    browser = browser or world.owner
    page = browser.post("/proefdraaien", form).follow()
    for _ in range(30):
        if "data-poll" not in page.text:
            return page
        page = browser.get("/proefdraaien/verder")
    raise AssertionError("it never comes to its end")


def listed(page: Seen) -> list[str]:
    return re.findall(r'class="order-row" href="/proefdraaien/(\w+)', page.text)


def is_on(world: PortalWorld) -> bool:
    found = world.tenants.shop(STORE_ID)
    return found is not None and not found.paused


# --------------------------------------------------------------------------- what would be booked


def test_before_a_trial_run_one_choice_is_asked(world: PortalWorld) -> None:
    """From the start point, or of some weeks back."""
    page = world.owner.get("/proefdraaien")

    assert "Vanaf uw begin: 1 maart 2026" in page
    assert "De laatste 90 dagen" in page
    assert "Dit zou geboekt worden" not in page


def test_what_would_be_booked_is_counted_and_added_up(world: PortalWorld, shop: FakeShop) -> None:
    """In one sentence, with the shop's own totals beside it; nothing was posted."""
    shop.add(order_json("1001"), order_json("1002"), order_json("1003", status=1))

    page = tried(world)

    assert "2 facturen, €\N{NO-BREAK SPACE}71,70" in page
    assert "3 bestellingen sinds 1 maart 2026 bekeken" in page
    assert "Elke factuur is op de cent gelijk aan de bestelling." in page
    assert "Btw 21%" in page
    assert page.text.count(">12,44<") == 4  # shop and invoices, of the rate and of the whole
    assert world.books["123456"].posts == []


def test_problems_come_before_what_is_fine(world: PortalWorld, shop: FakeShop) -> None:
    """By cause, with what to do, and each order can be looked at."""
    shop.add(order_json("1001"), order_json("1002", currency="SEK"), order_json("1003", status=1))

    page = tried(world)

    problem = page.text.index("geen wisselkoers ingesteld")
    assert problem < page.text.index("Winkel en facturen naast elkaar")
    assert problem < page.text.index("De status van deze bestelling is niet gekozen")
    assert listed(page) == ["1002", "1003"]


def test_a_long_list_shows_its_progress(
    world: PortalWorld, shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request does one step; the page asks for the next, and a link does without JavaScript."""
    monkeypatch.setattr(try_out, "STEP", -try_out.STEP)
    shop.add(*(order_json(str(number)) for number in range(1001, 1151)))

    page = world.owner.post("/proefdraaien", {"periode": "begin"}).follow()
    assert "0 van de 150 bestellingen bekeken" in page
    assert 'data-poll="/proefdraaien/verder"' in page.text
    page = world.owner.get("/proefdraaien/verder")
    assert "100 van de 150 bestellingen bekeken" in page
    assert "Winkel aanzetten" not in page
    assert "100 van de 150" in world.owner.get("/proefdraaien")

    page = world.owner.get("/proefdraaien/verder")

    assert "150 facturen" in page
    assert "data-poll" not in page.text


def test_ninety_days_back_shows_orders_from_before_the_start(
    world: PortalWorld, shop: FakeShop
) -> None:
    """In the list, and beside its invoice, as if the shop had started then."""
    shop.add(order_json("1001", date="2026-02-01"))

    assert "0 facturen" in tried(world, periode="begin")
    page = tried(world, periode="90")

    assert "1 factuur" in page
    assert "Factuur die gemaakt zou worden" in world.owner.get("/proefdraaien/1001")


def test_one_order_is_shown_beside_its_invoice(world: PortalWorld, shop: FakeShop) -> None:
    """With the customer as the shop has him now, and the amounts of both."""
    shop.add(order_json("1001"))
    tried(world)

    page = world.owner.get("/proefdraaien/1001")

    assert "Quirijn Testklant" in page
    assert "Bestelling 1001" in page
    assert "Factuur die gemaakt zou worden" in page
    assert "gelijk" in page


def test_why_an_order_would_have_no_invoice_is_said_once(
    world: PortalWorld, shop: FakeShop
) -> None:
    """Above the order."""
    shop.add(order_json("1001", currency="SEK"))
    tried(world)

    page = world.owner.get("/proefdraaien/1001")

    assert page.text.count("geen wisselkoers ingesteld") == 1


def test_a_credit_order_is_shown_as_it_was_rehearsed(world: PortalWorld, shop: FakeShop) -> None:
    """After its original: not as the credit of something that was never booked."""
    back = order_json("1002", credited_order_number=1001)
    shop.add(order_json("1001"), back)

    page = tried(world)

    assert "2 facturen" in page
    assert "Factuur die gemaakt zou worden" in world.owner.get("/proefdraaien/1002")


def test_an_order_that_nobody_knows_is_said_so(world: PortalWorld) -> None:
    """And a number of any length is no page of ours."""
    assert "kent in deze winkel geen bestelling 9999" in world.owner.get("/proefdraaien/9999")
    assert world.owner.get(f"/proefdraaien/{'9' * 41}").status == 404


def test_every_kind_has_its_list(world: PortalWorld, shop: FakeShop) -> None:
    """The newest first, in pages, and by reason; a kind that is not there is all of them."""
    shop.add(*(order_json(str(number)) for number in range(1001, 1061)))
    shop.add(order_json("1061", status=1))
    tried(world)

    page = world.owner.get("/proefdraaien/lijst?soort=booked")
    assert listed(page) == [str(number) for number in range(1060, 1010, -1)]
    assert "/proefdraaien/lijst?soort=booked&vanaf=50" in page
    assert len(listed(world.owner.get("/proefdraaien/lijst?soort=booked&vanaf=50"))) == 10
    assert listed(world.owner.get("/proefdraaien/lijst?soort=skipped&reden=status")) == ["1061"]
    assert listed(world.owner.get("/proefdraaien/lijst?soort=skipped&reden=test")) == []
    assert len(listed(world.owner.get("/proefdraaien/lijst?vanaf=x"))) == 50


def test_a_list_without_a_trial_run_leads_back(world: PortalWorld) -> None:
    """It is kept for a day."""
    assert world.owner.get("/proefdraaien/lijst?soort=booked").location == "/proefdraaien"


def test_a_cause_with_many_orders_shows_a_few(world: PortalWorld, shop: FakeShop) -> None:
    """All of them are one click away."""
    shop.add(*(order_json(str(number), status=1) for number in range(1001, 1301)))

    page = tried(world)

    assert listed(page) == ["1300", "1299", "1298", "1297", "1296"]
    assert "Toon alle 300" in page


def test_settings_that_changed_since_make_it_old(world: PortalWorld, shop: FakeShop) -> None:
    """It says so, and can be done again."""
    shop.add(order_json("1001"))
    tried(world)
    world.choose(trigger_statuses=(1,))

    page = world.owner.get("/proefdraaien")

    assert "De instellingen zijn sindsdien gewijzigd" in page


def test_of_too_many_orders_it_says_how_many_were_left_out(
    world: PortalWorld, shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both after the trial run and before switching on."""
    monkeypatch.setattr(rehearse, "MOST", 3)
    shop.add(*(order_json(str(number)) for number in range(1001, 1006)))

    assert "De 2 oudste zijn niet bekeken" in tried(world, periode="begin")
    assert "nog 2 oudere bestellingen" in world.owner.get("/aanzetten")


@pytest.mark.parametrize(
    ("failing", "sentence"),
    [
        (unreachable(), "Er komt nu geen antwoord"),
        (StopShop("no", code="token_refused"), "Mijnwebwinkel weigert de token"),
    ],
)
def test_a_shop_that_does_not_answer(
    world: PortalWorld, shop: FakeShop, failing: BoekbrugError, sentence: str
) -> None:
    """Neither at the start nor half way is anything lost."""
    shop.add(order_json("1001"))
    shop.failing = failing
    refused = world.owner.post("/proefdraaien", {"periode": "begin"})
    assert (refused.status, sentence in refused) == (422, True)
    shop.failing = None
    world.owner.post("/proefdraaien", {"periode": "begin"})
    shop.failing = failing

    stuck = world.owner.get("/proefdraaien/verder")

    assert (stuck.status, sentence in stuck) == (200, True)
    assert 'data-every="10"' in stuck.text
    shop.failing = None
    assert "1 factuur" in world.owner.get("/proefdraaien/verder")


def test_texts_of_orders_stay_texts(world: PortalWorld, shop: FakeShop) -> None:
    """Whatever a customer typed: in lists and on the page of one order."""
    evil = order_json("1001", currency="SEK")
    evil["orderlines"][0]["description"] = EVIL
    evil["debtor"]["name"] = EVIL
    shop.add(evil)

    page = tried(world)

    for seen in (page, world.owner.get("/proefdraaien/1001")):
        assert "<img src=x" not in seen.text
        assert "49" not in re.findall(r"\}\}|\b49\b", seen.text)


# --------------------------------------------------------------------------- a sample


def test_a_sample_is_checked_in_test_mode(world: PortalWorld, shop: FakeShop) -> None:
    """At the press of a button; what Acumulus said stays with the trial run."""
    shop.add(order_json("1001"))
    tried(world)

    page = world.owner.post("/proefdraaien/nakijken").follow()

    assert "goed" in page
    assert 'href="/proefdraaien/1001"' in page.text
    assert [one.order_number for one in world.books["123456"].checks] == ["1001"]
    assert world.books["123456"].booked == []


def test_what_acumulus_refuses_is_said(
    world: PortalWorld, shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the sentence that a held order would have."""

    def refuse(*_: Any) -> None:
        raise NeedsOwner("Onbekende kostenplaats", code="books_refused")

    monkeypatch.setattr("tests.support.fake_books.FakeBooks.check_invoice", refuse)
    shop.add(order_json("1001"))
    tried(world)

    page = world.owner.post("/proefdraaien/nakijken").follow()

    assert "niet goed" in page
    assert "Acumulus weigerde de factuur" in page


def test_a_contract_that_is_refused_is_said(world: PortalWorld, shop: FakeShop) -> None:
    """Nothing is kept of the check."""
    shop.add(order_json("1001"))
    tried(world)
    world.books["123456"].credentials_refused = True

    page = world.owner.post("/proefdraaien/nakijken")

    assert (page.status, "Acumulus weigert de toegang" in page) == (422, True)


def test_without_a_trial_run_there_is_no_sample(world: PortalWorld) -> None:
    """It leads to the trial run."""
    assert world.owner.post("/proefdraaien/nakijken").location == "/proefdraaien"


# --------------------------------------------------------------------------- on


def test_switching_on_says_what_it_will_do(world: PortalWorld, shop: FakeShop) -> None:
    """From when, into which books, how many; then the first orders are asked for."""
    shop.add(order_json("1001"), order_json("1002", currency="SEK"))
    tried(world, periode="begin")

    page = world.owner.get("/aanzetten")
    assert "1 maart 2026" in page
    assert "1 factuur, €\N{NO-BREAK SPACE}35,85" in page
    assert "Wacht daarna op u" in page
    assert not is_on(world)

    answer = world.owner.post("/aanzetten")

    assert is_on(world)
    assert answer.location.startswith("/overzicht")
    assert answer.flash is not None
    assert "Winkel staat aan" in answer.flash.text
    world.fetch()
    world.book()
    assert world.states() == {"1001": "booked", "1002": "held"}


def test_without_a_trial_run_switching_on_says_so(world: PortalWorld, shop: FakeShop) -> None:
    """One of other orders, or under other settings, tells no number either."""
    shop.add(order_json("1001"))
    assert "nog niet vanaf uw begin proefgedraaid" in world.owner.get("/aanzetten")
    tried(world, periode="90")
    assert "nog niet vanaf uw begin proefgedraaid" in world.owner.get("/aanzetten")
    tried(world, periode="begin")
    world.choose(trigger_statuses=(1,))
    assert "nog niet vanaf uw begin proefgedraaid" in world.owner.get("/aanzetten")


def test_a_trial_contract_tells_how_many_fit(shop: FakeShop, world: PortalWorld) -> None:
    """The rest waits: better known before than after."""
    administration = world.tenants.administration("123456")
    assert administration is not None
    world.tenants.note_entries_left("123456", 1)
    shop.add(order_json("1001"), order_json("1002"))
    tried(world, periode="begin")

    assert "nog ruimte voor 1 facturen" in world.owner.get("/aanzetten")


def test_a_shop_that_is_on_is_not_switched_on_again(world: PortalWorld, shop: FakeShop) -> None:
    """Neither by an old page nor by the address."""
    world.owner.post("/aanzetten")
    world.shops_queue.take()

    assert world.owner.get("/aanzetten").location == "/overzicht"
    assert world.owner.post("/aanzetten").location == "/overzicht"
    assert world.shops_queue.take() == []
    shop.add(order_json("1001"))
    assert "Winkel aanzetten" not in tried(world)


def test_a_refused_token_keeps_the_shop_off(world: PortalWorld) -> None:
    """The page says what to do."""
    world.shops.by_token.clear()

    page = world.owner.post("/aanzetten")

    assert (page.status, "token" in page) == (422, True)
    assert not is_on(world)


# --------------------------------------------------------------------------- who


def test_a_reader_may_look_and_not_switch_on(world: PortalWorld, shop: FakeShop) -> None:
    """Also begin a trial run: it changes nothing."""
    shop.add(order_json("1001"))

    page = tried(world, browser=world.reader, periode="begin")

    assert "1 factuur" in page
    assert "De eigenaar kan de winkel aanzetten" in page
    assert "/aanzetten" not in page.text
    assert world.reader.get("/aanzetten").status == 403
    assert world.reader.post("/aanzetten").status == 403
    assert world.reader.post("/proefdraaien/nakijken").status == 403
    assert not is_on(world)


@pytest.mark.parametrize(
    "path", ["/proefdraaien", "/proefdraaien/verder", "/proefdraaien/lijst", "/proefdraaien/1001"]
)
def test_another_account_sees_nothing(world: PortalWorld, shop: FakeShop, path: str) -> None:
    """Whatever it puts in the address or the form."""
    shop.add(order_json("1001"))
    tried(world)

    assert world.stranger.get(f"{path}?winkel={STORE_ID}").status == 404
    for form in ("/proefdraaien", "/proefdraaien/nakijken", "/aanzetten"):
        assert world.stranger.post(form, {"winkel": STORE_ID}).status == 404
    assert not is_on(world)


def test_it_speaks_english_too(world: PortalWorld, shop: FakeShop) -> None:
    """Also the reasons."""
    world.owner.post("/taal", {"taal": "en", "verder": "/proefdraaien"})
    shop.add(order_json("1001", currency="SEK"))

    page = tried(world)

    assert "This would be booked" in page
    assert "no exchange rate" in page.text.lower()
