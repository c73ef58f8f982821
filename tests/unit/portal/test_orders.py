"""Orders: found, filtered, shown beside their invoice, and decided about."""

import re
from html import unescape
from typing import Any

import pytest

from boekbrug.journey.ports.ledger import LedgerRow
from tests.support.fake_books import FakeAdministration, Fault
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.orders import STORE_ID, line_json, order_json
from tests.support.portal_world import PortalWorld, Seen

LOST, REFUSED = Fault.LOST_REQUEST, Fault.REFUSED_DATA
EVIL = '"><img src=x onerror=alert(1)>{{ 7*7 }}'


@pytest.fixture
def world() -> PortalWorld:
    return PortalWorld()


@pytest.fixture
def shop(world: PortalWorld) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


@pytest.fixture
def books(world: PortalWorld) -> FakeAdministration:
    return world.books["123456"]


def booked(world: PortalWorld, *faults: Fault | None, first: int = 1042, **changes: Any) -> None:
    """Orders from 1042 on, each with what goes wrong with it."""
    world.books["123456"].faults.extend(faults)
    for at in range(len(faults)):
        world.shops.by_token[f"token-of-{STORE_ID}"].add(order_json(str(first + at), **changes))
    world.hour()


def row(world: PortalWorld, number: str = "1042") -> LedgerRow:
    return world.rows()[number]


def drain(world: PortalWorld) -> None:
    while len(world.orders_queue):
        world.book()


def listed(page: Seen) -> list[str]:
    return re.findall(r'class="order-row" href="/bestellingen/(\w+)', page.text)


# --------------------------------------------------------------------------- the list


def test_orders_are_listed_the_newest_first(world: PortalWorld) -> None:
    """With state, amount, and the invoice or why not."""
    booked(world, None, REFUSED, None)

    page = world.owner.get("/bestellingen")

    assert listed(page) == ["1044", "1043", "1042"]
    assert "Factuur 20260001" in page
    assert "Acumulus weigerde de factuur" in page
    assert "€\N{NO-BREAK SPACE}35,85" in page


def test_pages_of_a_long_list_join(world: PortalWorld) -> None:
    """Older, older, and back to the newest."""
    booked(world, *[None] * 60, first=1001)

    first = world.owner.get("/bestellingen")
    older = unescape(re.findall(r'rel="next" href="([^"]+)"', first.text)[0])
    second = world.owner.get(older)

    assert listed(first) == [str(number) for number in range(1060, 1010, -1)]
    assert listed(second) == [str(number) for number in range(1010, 1000, -1)]
    assert "Naar de nieuwste" in second
    assert 'rel="next"' not in second.text


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("wacht-op-u", ["1044", "1043"]),
        ("geboekt", ["1042"]),
        ("niet-te-boeken", ["1045"]),
        ("concept", []),
        ("vanzelf", []),
        ("bestaat-niet", ["1045", "1044", "1043", "1042"]),
    ],
)
def test_one_kind_is_shown(world: PortalWorld, kind: str, numbers: list[str]) -> None:
    """A kind that is made up shows all."""
    booked(world, None, REFUSED, LOST)
    booked(world, None, first=1045, status=2)

    page = world.owner.get(f"/bestellingen?soort={kind}")

    assert sorted(listed(page), reverse=True) == numbers
    assert page.status == 200


@pytest.mark.parametrize("typed", ["1042", "%231042", "+1042+"])
def test_a_number_leads_to_its_order(world: PortalWorld, typed: str) -> None:
    """As it is typed."""
    booked(world, None)

    assert world.owner.get(f"/bestellingen?zoek={typed}").location == "/bestellingen/1042"


def test_an_empty_search_says_what_to_type(world: PortalWorld) -> None:
    """The list stays."""
    booked(world, None)
    page = world.owner.get("/bestellingen?zoek=")

    assert page.status == 422
    assert "Vul een bestelnummer in" in page
    assert listed(page) == ["1042"]


def test_a_search_for_anything_leads_to_a_page_of_ours(world: PortalWorld) -> None:
    """Whatever is typed is one part of the address."""
    for typed in ("../overzicht", "//evil.example", "a/b?c=d", "x" * 500):
        found = world.owner.get(f"/bestellingen?zoek={typed}")
        assert re.fullmatch(r"/bestellingen/[^/?#]+", found.location)
        assert found.follow().status in (200, 404)


# --------------------------------------------------------------------------- one order


def test_an_order_stands_beside_its_invoice(world: PortalWorld) -> None:
    """Customer, lines, amounts per rate, the reason, the timeline."""
    booked(world, None)

    page = world.owner.get("/bestellingen/1042")

    for text in (
        "Geboekt in Acumulus als factuur 20260001",
        "Quirijn Testklant",
        "Lindelaan 14, 3512 AB Utrecht, NL",
        "2 × Keramische mok",
        "Bestelling 1042",
        "Nederlandse btw",
        "2 × 12,3554",
        "€\N{NO-BREAK SPACE}29,63",
        "€\N{NO-BREAK SPACE}6,22",
        "gelijk",
        "Naar Acumulus gestuurd.",
    ):
        assert text in page, text


def test_several_rates_are_compared_one_by_one(world: PortalWorld, shop: FakeShop) -> None:
    """Low before high, then the whole."""
    lines = [
        line_json("article", "Boek", "9.174312", "10.00", rate="9.00"),
        line_json("article", "Mok", "12.355372", "14.95"),
    ]
    shop.add(order_json("1042", orderlines=lines, price={"tax": {}, "total": "24.95"}))
    world.hour()

    page = world.owner.get("/bestellingen/1042")

    headings = re.findall(r'scope="rowgroup"[^>]*>(.*?) <span', page.text)
    assert headings == ["Tegen 9%", "Tegen 21%", "Totaal"]


def test_an_order_that_was_never_fetched_is_explained(world: PortalWorld, shop: FakeShop) -> None:
    """With the invoice that would be made; nothing is stored by looking."""
    shop.add(order_json("1042"))

    page = world.owner.get("/bestellingen/1042")

    assert "nog niet opgehaald" in page
    assert "Factuur die gemaakt zou worden" in page
    assert world.rows() == {}


def test_an_order_that_nobody_has(world: PortalWorld) -> None:
    """One sentence, no error."""
    page = world.owner.get("/bestellingen/9999")

    assert page.status == 200
    assert "Mijnwebwinkel kent in deze winkel geen bestelling 9999." in page


def test_without_the_shop_the_page_tells_what_we_know(world: PortalWorld, shop: FakeShop) -> None:
    """And says why the rest is not there."""
    booked(world, None)
    shop.failing = unreachable()

    page = world.owner.get("/bestellingen/1042")

    assert page.status == 200
    assert "Mijnwebwinkel antwoordt nu niet." in page
    assert "factuur 20260001" in page
    assert "Quirijn" not in page


def test_an_order_that_changed_after_booking_is_told(world: PortalWorld, shop: FakeShop) -> None:
    """With what was sent then."""
    booked(world, None)
    lines = [line_json("article", "Keramische mok", "12.355371", "14.95")]
    shop.edit("1042", orderlines=lines, price={"tax": {}, "total": "14.95"})

    page = world.owner.get("/bestellingen/1042")

    assert "na het boeken gewijzigd" in page
    assert "Verstuurd is een factuur van €\N{NO-BREAK SPACE}35,85" in page


def test_what_a_customer_typed_stays_text(world: PortalWorld, shop: FakeShop) -> None:
    """In every field of the order and of the invoice made of it."""
    order = order_json("1042", discountcode=EVIL, comments={"customer": EVIL, "internal": EVIL})
    order["debtor"] |= {"name": EVIL, "company": EVIL}
    order["debtor"]["address"]["invoice"] |= {"name": EVIL, "street": EVIL, "city": EVIL}
    order["orderlines"][0]["description"] = EVIL
    order["orderlines"][0]["articles"][0] |= {"description": EVIL, "sku": EVIL}
    shop.add(order)
    world.hour()

    for path in ("/bestellingen/1042", "/bestellingen", "/overzicht"):
        page = world.owner.get(path)
        assert page.status == 200
        assert "<img" not in page.text.replace('<img src="/static', "")
        assert "49" not in re.findall(r"<td>(.*?)</td>", page.text)
    assert EVIL in world.owner.get("/bestellingen/1042")


@pytest.mark.parametrize("number", ["%3Cscript%3E", "a%2Fb", "%22%3E", "..", "x" * 41])
def test_a_number_that_is_none_is_a_page_too(world: PortalWorld, number: str) -> None:
    """Found or not, it stays text."""
    page = world.owner.get(f"/bestellingen/{number}")

    assert page.status in (200, 404)
    assert "<script>" not in page.text


def test_an_order_in_english(world: PortalWorld) -> None:
    """The whole page, the reason too."""
    booked(world, REFUSED)
    world.owner.post("/taal", {"taal": "en", "verder": "/bestellingen"})

    page = world.owner.get("/bestellingen/1042")

    assert "Acumulus refused the invoice; nothing was booked." in page
    assert "Invoice that would be made" in page
    assert "€\N{NO-BREAK SPACE}35.85" in page
    assert "Dutch VAT" in page


def test_a_page_of_an_order_is_small(world: PortalWorld) -> None:
    """Also one with a hundred lines."""
    line = line_json("article", "Keramische mok met een lange naam", "0.295868", "0.358")
    line["price"] = {"amount": "0.297521", "amount_including_tax": "0.36", "rate": "21.00"}
    booked(world, None, orderlines=[line] * 100, price={"tax": {}, "total": "36.00"})

    assert len(world.owner.get("/bestellingen/1042").text) < 70_000


# --------------------------------------------------------------------------- decisions


def test_an_order_is_tried_again(world: PortalWorld) -> None:
    """Queued at once, with the reason in its timeline; then the page follows it."""
    booked(world, REFUSED)

    done = world.owner.post("/bestellingen/1042/opnieuw", {"waarom-opnieuw": "hersteld"})

    assert row(world).state == "queued"
    page = done.follow()
    assert "wordt opnieuw geprobeerd" in page
    assert 'data-poll="/bestellingen/1042/nu"' in page.text
    assert "Opnieuw proberen: hersteld (owner@example.com)" in page
    drain(world)
    part = world.owner.get("/bestellingen/1042/nu")
    assert "Geboekt in Acumulus" in part
    assert "data-poll" not in part.text
    assert "<html" not in part.text


def test_an_order_that_is_still_wrong_says_so(world: PortalWorld) -> None:
    """The flash does not promise what did not happen."""
    booked(world, None, orderlines=[])

    done = world.owner.post("/bestellingen/1042/opnieuw", {"waarom-opnieuw": "nog eens"})

    assert done.flash is not None
    assert done.flash.kind == "attention"
    assert "wacht nog steeds" in done.flash.text


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ("opnieuw", REFUSED),
        ("niet-boeken", REFUSED),
        ("met-de-hand", REFUSED),
        ("opnieuw-boeken", None),
        ("niet-gevonden", LOST),
        ("gevonden", LOST),
    ],
)
def test_a_decision_without_a_reason_changes_nothing(
    world: PortalWorld, what: str, fault: Fault | None
) -> None:
    """The form is open again, with the sentence at its field and what else was typed."""
    booked(world, fault)
    world.clock.move(minutes=10)
    before = row(world)

    page = world.owner.post(f"/bestellingen/1042/{what}", {f"nummer-{what}": "getypt"})

    assert page.status == 422
    assert f'id="waarom-{what}-error"' in page.text
    assert "Zeg er in een paar woorden bij waarom" in page
    assert re.search(r'<details class="decision" open>', page.text)
    if what in ("met-de-hand", "gevonden"):
        assert 'value="getypt"' in page.text
    assert row(world) == before


@pytest.mark.parametrize("fetched", [True, False], ids=["skipped", "never fetched"])
def test_an_order_that_settings_leave_out_is_booked_on_request(
    world: PortalWorld, shop: FakeShop, *, fetched: bool
) -> None:
    """The first button, with a reason; then it goes the way of every order (R10)."""
    shop.add(order_json("1042", status=1))
    if fetched:
        world.hour()
    assert "Toch boeken" in world.owner.get("/bestellingen/1042")
    refused = world.owner.post("/bestellingen/1042/toch-boeken", {})
    assert refused.status == 422

    done = world.owner.post("/bestellingen/1042/toch-boeken", {"waarom-toch-boeken": "is betaald"})
    assert "Bestelling 1042 wordt geboekt." in done.follow()
    drain(world)

    page = world.owner.get("/bestellingen/1042")
    assert "Geboekt in Acumulus" in page
    assert "Toch boeken: is betaald" in page


def test_a_retry_that_changes_nothing_says_so(world: PortalWorld) -> None:
    """An order whose status is not chosen is still not booked."""
    booked(world, None, status=1)

    done = world.owner.post("/bestellingen/1042/opnieuw", {"waarom-opnieuw": "nog eens"})

    assert done.flash is not None
    assert done.flash.kind == "attention"
    assert "wordt nog steeds niet geboekt" in done.flash.text


def test_a_shop_that_is_paused_offers_nothing_of_an_order_it_never_fetched(
    world: PortalWorld, shop: FakeShop
) -> None:
    """Its order could not be fetched, so a button would only refuse."""
    shop.add(order_json("1042", status=1))
    world.owner.post("/overzicht/pauze")

    assert "Toch boeken" not in world.owner.get("/bestellingen/1042")


def test_an_order_is_left_out(world: PortalWorld) -> None:
    """For good, with who said so."""
    booked(world, REFUSED)

    done = world.owner.post("/bestellingen/1042/niet-boeken", {"waarom-niet-boeken": "dubbel"})

    assert (row(world).state, row(world).reason) == ("skipped", "by_owner")
    assert "dubbel (owner@example.com)" in row(world).detail
    assert "wordt niet geboekt" in done.follow()


def test_an_order_was_booked_by_hand(world: PortalWorld) -> None:
    """With the number that the owner gave it."""
    booked(world, REFUSED)
    form = {"waarom-met-de-hand": "zelf gedaan", "nummer-met-de-hand": "2026-99"}

    page = world.owner.post("/bestellingen/1042/met-de-hand", form).follow()

    assert (row(world).state, row(world).invoicenumber) == ("booked", "2026-99")
    assert "Boekbrug maakte geen factuur" in page


def test_a_booked_order_is_booked_again(world: PortalWorld, books: FakeAdministration) -> None:
    """The new invoice first, then the old one to the bin."""
    booked(world, None)

    done = world.owner.post(
        "/bestellingen/1042/opnieuw-boeken", {"waarom-opnieuw-boeken": "adres hersteld"}
    )
    assert "daarna gaat de oude boeking naar de prullenbak" in done.follow()
    drain(world)

    assert [kept.deleted for kept in books.booked] == [True, False]
    assert row(world).invoicenumber == "20260002"


def test_a_post_that_is_in_acumulus_is_found(world: PortalWorld) -> None:
    """By its invoice number as well as by the number of its booking."""
    for number in ("20260001", "61000001"):
        here = PortalWorld()
        booked(here, Fault.LOST_ANSWER)
        form = {"waarom-gevonden": "gezien", "nummer-gevonden": number}

        done = here.owner.post("/bestellingen/1042/gevonden", form)

        assert done.status == 303
        assert (row(here).state, row(here).entryid) == ("booked", "61000001")


def test_a_booking_of_another_order_is_refused(world: PortalWorld) -> None:
    """At the field it is about."""
    booked(world, None, Fault.LOST_ANSWER)
    form = {"waarom-gevonden": "gezien", "nummer-gevonden": "61000001"}

    page = world.owner.post("/bestellingen/1043/gevonden", form)

    assert page.status == 422
    assert 'id="nummer-gevonden-error"' in page.text
    assert row(world, "1043").state == "unclear"


def test_a_post_that_is_not_in_acumulus_is_sent_again(world: PortalWorld) -> None:
    """Not while it may still be on its way."""
    booked(world, LOST)
    form = {"waarom-niet-gevonden": "nagekeken"}
    world.clock.at = row(world).posting_at  # as if it was sent just now
    refused = world.owner.post("/bestellingen/1042/niet-gevonden", form)
    world.clock.move(minutes=10)
    world.owner.post("/bestellingen/1042/niet-gevonden", form)
    drain(world)

    assert refused.status == 422
    assert "net verstuurd" in refused
    assert row(world).state == "booked"


def test_all_orders_of_a_cause_are_tried_again(world: PortalWorld) -> None:
    """With one reason for all of them; other causes stay."""
    booked(world, REFUSED, REFUSED)
    booked(world, None, first=1044, orderlines=[])
    page = world.owner.get("/bestellingen?soort=wacht-op-u")
    assert "Alle 2 opnieuw proberen" in page

    form = {"reden": "books_refused", "waarom-books_refused": "land hersteld"}
    done = world.owner.post("/bestellingen/opnieuw", form)
    drain(world)

    assert done.flash is not None
    assert done.flash.text == "2 bestellingen worden opnieuw geprobeerd."
    assert [row(world, n).state for n in ("1042", "1043", "1044")] == ["booked", "booked", "held"]


def test_very_many_orders_are_tried_again_behind_the_scenes(world: PortalWorld) -> None:
    """Nobody waits for hundreds of orders to be read; each is fetched all the same."""
    booked(world, *[REFUSED] * 12)

    form = {"reden": "books_refused", "waarom-books_refused": "hersteld"}
    world.owner.post("/bestellingen/opnieuw", form)
    assert {one.state for one in world.rows().values()} == {"waiting"}
    world.fetch()
    drain(world)

    assert {one.state for one in world.rows().values()} == {"booked"}


def test_a_cause_without_a_reason_is_asked_for_it(world: PortalWorld) -> None:
    """At the field of that cause."""
    booked(world, REFUSED, REFUSED)

    page = world.owner.post("/bestellingen/opnieuw?soort=wacht-op-u", {"reden": "books_refused"})

    assert page.status == 422
    assert 'id="waarom-books_refused-error"' in page.text
    assert {one.state for one in world.rows().values()} == {"held"}


def test_a_decision_nobody_offers_is_refused(world: PortalWorld) -> None:
    """Of an order in another state, of one never fetched, and of a word that is none."""
    booked(world, None)

    late = world.owner.post("/bestellingen/1042/opnieuw", {"waarom-opnieuw": "x"})
    unknown = world.owner.post("/bestellingen/7/opnieuw", {"waarom-opnieuw": "x"})

    assert (late.status, unknown.status) == (422, 422)
    assert "Dit kan niet met bestelling 1042: zij is geboekt." in late
    assert world.owner.post("/bestellingen/1042/verzin", {"waarom-verzin": "x"}).status == 404


def test_refused_access_is_a_sentence(world: PortalWorld, books: FakeAdministration) -> None:
    """And nothing was changed."""
    booked(world, Fault.LOST_ANSWER)
    books.credentials_refused = True
    form = {"waarom-gevonden": "gezien", "nummer-gevonden": "61000001"}

    page = world.owner.post("/bestellingen/1042/gevonden", form)

    assert page.status == 422
    assert "weigert nu de toegang" in page
    assert row(world).state == "unclear"


# --------------------------------------------------------------------------- who may


def test_a_reader_looks_and_decides_nothing(world: PortalWorld) -> None:
    """No form, and none is taken."""
    booked(world, REFUSED, REFUSED)

    page = world.reader.get("/bestellingen/1042")
    group = world.reader.get("/bestellingen?soort=wacht-op-u")

    assert "Een keuze maken kan de eigenaar" in page
    assert 'action="/bestellingen/1042' not in page.text
    assert 'action="/bestellingen/opnieuw"' not in group.text
    form = {"waarom-niet-boeken": "x"}
    assert world.reader.post("/bestellingen/1042/niet-boeken", form).status == 403
    assert row(world).state == "held"


def test_another_accounts_orders_are_not_there(world: PortalWorld) -> None:
    """Neither by the shop's id nor by a number; nothing of it can be decided."""
    booked(world, REFUSED)
    chosen = {"winkel": STORE_ID, "waarom-niet-boeken": "x"}

    for path in ("/bestellingen", "/bestellingen/1042", "/bestellingen/1042/nu"):
        assert world.stranger.get(f"{path}?winkel={STORE_ID}").status == 404
        assert world.stranger.get(path).location == "/koppelen"
    assert world.stranger.post("/bestellingen/1042/niet-boeken", chosen).status == 404
    assert world.stranger.post("/bestellingen/opnieuw", chosen).status == 404
    assert row(world).state == "held"


def test_an_order_of_another_shop_of_the_account_is_not_mixed_in(world: PortalWorld) -> None:
    """The chosen shop counts, in lists, pages and forms."""
    booked(world, REFUSED)
    world.shop("another-shop")

    assert listed(world.owner.get("/bestellingen?winkel=another-shop")) == []
    page = world.owner.get("/bestellingen/1042?winkel=another-shop")
    assert "kent in deze winkel geen bestelling 1042" in page
    form = {"winkel": "another-shop", "waarom-niet-boeken": "x"}
    assert world.owner.post("/bestellingen/1042/niet-boeken", form).status == 422
    assert row(world).state == "held"
