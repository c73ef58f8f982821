"""Connecting a shop through the pages: three steps, a last look, and what goes wrong on the way."""

from typing import Any

import pytest

from boekbrug.domain.order import Store
from boekbrug.errors import StopShop
from boekbrug.journey.connect_rows import administration_id_of
from boekbrug.journey.ports.books import Credentials
from boekbrug.journey.ports.tenants import NOT_STARTED, ConnectedShop
from boekbrug.settings.memory import MemoryTenants
from tests.support.fake_books import FakeAdministration, FakeAdministrations, FakeBooks
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.orders import STORE_ID, order_json
from tests.support.portal_world import Browser, PortalWorld, Seen

TOKEN, PASSWORD = "nieuwe-winkel-token-987", "geheim-wachtwoord-1"
CONTRACT = {"contractcode": "654321", "gebruiker": "boekbrug", "wachtwoord": PASSWORD}
START = {
    "trigger_statuses": ["3"],
    "begin": "datum",
    "start_date": "2026-03-01",
    "eigen_koppeling": "uit",
}


@pytest.fixture
def world() -> PortalWorld:
    """An account without shops beside the one that has some, and a shop that is not connected."""
    world = PortalWorld()
    add_shop(world, TOKEN, "nieuw-1", "Huis & Haard")
    world.books.by_contract["654321"] = FakeAdministration(
        "654321", username="boekbrug", password=PASSWORD, company_name="Haard BV"
    )
    return world


def add_shop(world: PortalWorld, token: str, shop_id: str, name: str) -> FakeShop:
    store = Store(shop_id, name, f"{shop_id}.example.nl", "NL", "EUR")
    shop = FakeShop(store)
    shop.add(
        order_json("1041", date="2026-02-27"),
        order_json("1042", date="2026-03-02"),
        order_json("1043", date="2026-03-03"),
        order_json("1044", date="2026-03-03", status=1),
    )
    world.shops.by_token[token] = shop
    return shop


def to_books(browser: Browser, token: str = TOKEN) -> Seen:
    return browser.post("/koppelen", {"token": token}).follow()


def to_start(browser: Browser, contract: dict[str, str] = CONTRACT) -> Seen:
    to_books(browser)
    return browser.post("/koppelen/administratie", contract).follow()


def to_look(browser: Browser, **changes: Any) -> Seen:
    to_start(browser)
    return browser.post("/koppelen/start", START | changes).follow()


def connected(tenants: MemoryTenants) -> ConnectedShop:
    found = tenants.shop("nieuw-1")
    assert found is not None
    return found


# --------------------------------------------------------------------------- all the way


def test_a_first_connection(world: PortalWorld) -> None:
    """From nothing to a shop that waits to be switched on, with a look at every step."""
    me = world.stranger
    assert me.get("/koppelen").status == 200

    shop = to_books(me)
    assert ("Huis & Haard" in shop, "nieuw-1.example.nl" in shop) == (True, True)

    books = me.get("/koppelen/administratie")
    assert "Huis & Haard" in books
    start = me.post("/koppelen/administratie", CONTRACT).follow()
    assert "Haard BV" in start
    assert "3 van de laatste 4 bestellingen" in start
    assert 'value="2026-01-01"' in start.text

    look = me.post("/koppelen/start", START).follow()
    assert "2 bestellingen" in look
    assert "bestelling 1042 tot en met 1043" in look
    assert "€\N{NO-BREAK SPACE}" in look
    assert world.tenants.shop("nieuw-1") is None

    done = me.post("/koppelen/controle")
    assert "nieuw-1" in done.location
    shop_now = connected(world.tenants)
    assert (shop_now.account_id, shop_now.paused) == ("stranger", NOT_STARTED)
    (version,) = world.tenants.settings_versions("nieuw-1", 5)
    assert version.by == "ander@example.com"
    assert version.settings.trigger_statuses == (3,)
    assert me.get("/koppelen/controle").location == "/koppelen"


def test_no_secret_is_in_a_page_or_a_cookie(world: PortalWorld) -> None:
    """Neither after a good step nor after a refused one."""
    me = world.stranger
    seen = [
        me.post("/koppelen", {"token": TOKEN}),
        me.get("/koppelen/winkel"),
        me.get("/koppelen"),
        me.post("/koppelen/administratie", CONTRACT | {"gebruiker": ""}),
        me.post("/koppelen/administratie", CONTRACT | {"wachtwoord": "verkeerd-geheim"}),
        me.post("/koppelen/administratie", CONTRACT),
        me.get("/koppelen/administratie"),
        me.get("/koppelen/start"),
    ]

    told = " ".join(one.text + str(one.headers) + str(one.cookies) for one in seen)
    assert [secret for secret in (TOKEN, PASSWORD, "verkeerd-geheim") if secret in told] == []
    assert "654321" in told


def test_going_back_shows_what_was_chosen(world: PortalWorld) -> None:
    """The choices of the last step are there again, and the contract that was entered."""
    me = world.stranger
    to_look(me, order_prefix="HH")

    start = me.get("/koppelen/start")
    books = me.get("/koppelen/administratie")

    assert 'value="HH"' in start.text
    assert 'value="2026-03-01"' in start.text
    assert 'value="3" checked' in start.text
    assert 'value="654321"' in books.text


def test_a_start_at_an_order_number(world: PortalWorld) -> None:
    """The order tells the day; earlier ones of that day stay out."""
    me = world.stranger

    look = to_look(me, begin="nummer", start_number="#1043")

    assert "1 bestelling" in look
    assert "vanaf bestelling 1043" in look
    me.post("/koppelen/controle")
    (version,) = world.tenants.settings_versions("nieuw-1", 5)
    assert (str(version.settings.start_date), version.settings.start_number) == ("2026-03-03", 1043)


def test_a_start_after_all_orders_is_told(world: PortalWorld) -> None:
    """Nothing to book is no riddle: how many orders are older is said beside it."""
    look = to_look(world.stranger, start_date="2026-12-31")

    assert "heeft geen bestelling een van de gekozen statussen" in look
    assert "Alle 4 bestellingen zijn van vóór dit begin" in look


def test_another_contract_is_asked_for_without_calling_its_fields_optional(
    world: PortalWorld,
) -> None:
    """Beside a list of administrations they are needed for one choice only."""
    to_look(world.stranger)
    world.stranger.post("/koppelen/controle")
    add_shop(world, "token-van-winkel-twee-1", "nieuw-2", "Tuin en Terras")
    to_books(world.stranger, "token-van-winkel-twee-1")

    page = world.stranger.get("/koppelen/administratie").text

    assert 'name="wachtwoord"' in page
    assert "niet verplicht" not in page
    assert " required" not in page


def test_a_second_shop_on_the_administration(world: PortalWorld) -> None:
    """Chosen from a list, without a password, with a prefix that is proposed."""
    me = world.stranger
    to_look(me)
    me.post("/koppelen/controle")
    add_shop(world, "token-van-winkel-twee-1", "nieuw-2", "Tuin en Terras")

    to_books(me, "token-van-winkel-twee-1")
    books = me.get("/koppelen/administratie")
    assert "Haard BV" in books
    start = me.post(
        "/koppelen/administratie", {"administratie": administration_id_of("654321")}
    ).follow()

    assert "Huis & Haard" in start
    assert 'value="TET"' in start.text
    look = me.post("/koppelen/start", START | {"order_prefix": "TET"}).follow()
    assert "TET1042" in look
    assert me.post("/koppelen/controle").status == 303
    assert len(world.tenants.account_shops("stranger")) == 2


# --------------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("token", "failing", "says"),
    [
        ("", None, "Plak hier de token"),
        ("onbekend", None, "Mijnwebwinkel weigert de token"),
        (TOKEN, unreachable(), "over een paar minuten opnieuw"),
    ],
)
def test_a_token_that_does_not_work(
    world: PortalWorld, token: str, failing: Any, says: str
) -> None:
    """Empty, refused, or no answer: each its own sentence, at the field."""
    world.shops.by_token[TOKEN].failing = failing

    page = world.stranger.post("/koppelen", {"token": token})

    assert page.status == 422
    assert says in page
    assert 'id="token-error"' in page.text
    assert world.drafts.of("stranger") is None


def test_what_cannot_be_a_token_is_asked_of_nobody(world: PortalWorld) -> None:
    """A page of text that was pasted by mistake fits no address."""
    text = "x" * 100_000
    world.shops.by_token[text] = world.shops.by_token[TOKEN]

    page = world.stranger.post("/koppelen", {"token": text})

    assert page.status == 422
    assert "weigert de token" in page
    assert world.drafts.of("stranger") is None


def test_a_shop_of_another_account_is_not_taken_over(world: PortalWorld) -> None:
    """Whoever has the token reads that it is taken, and by nobody's name."""
    page = world.stranger.post("/koppelen", {"token": f"token-of-{STORE_ID}"})

    assert page.status == 422
    assert "is al gekoppeld aan een ander account" in page
    assert "owner@example.com" not in page


def test_a_contract_of_another_account_is_not_taken_over(world: PortalWorld) -> None:
    """The one who knows its password reads that it is taken."""
    to_look(world.stranger)
    world.stranger.post("/koppelen/controle")
    add_shop(world, "token-van-winkel-twee-1", "nieuw-2", "Tuin en Terras")
    to_books(world.owner, "token-van-winkel-twee-1")

    page = world.owner.post("/koppelen/administratie", {"administratie": "nieuw"} | CONTRACT)
    chosen = world.owner.post(
        "/koppelen/administratie", {"administratie": administration_id_of("654321")}
    )

    assert page.status == 422
    assert "al gekoppeld aan een ander account" in page
    assert chosen.status == 422
    assert "Haard BV" not in chosen


@pytest.mark.parametrize("field", ["contractcode", "gebruiker", "wachtwoord"])
def test_an_empty_field_of_the_contract(world: PortalWorld, field: str) -> None:
    """It is named, and the others keep what was typed; but for the password."""
    to_books(world.stranger)

    page = world.stranger.post("/koppelen/administratie", CONTRACT | {field: ""})

    assert page.status == 422
    assert f'id="{field}-error"' in page.text
    assert ('value="654321"' in page.text) == (field != "contractcode")


class Failing(FakeAdministrations):
    """Every contract fails in the same way."""

    def __init__(self, failing: Exception) -> None:
        super().__init__()
        self.failing = failing

    def open(self, credentials: Credentials) -> FakeBooks:
        raise self.failing


@pytest.mark.parametrize(
    ("failing", "place", "says"),
    [
        (StopShop("no", code="credentials_refused"), 'id="contractcode-error"', "de combinatie"),
        (StopShop("no", code="role_refused"), 'id="gebruiker-error"', "hij mag te weinig"),
        (unreachable(), "note-bad", "van wie het contract is"),
    ],
)
def test_three_ways_in_which_a_contract_fails(
    world: PortalWorld, failing: Exception, place: str, says: str
) -> None:
    """Wrong together, too few rights, no answer: at the field to look at, what was typed stays."""
    to_books(world.stranger)
    world.books = Failing(failing)

    page = world.stranger.post("/koppelen/administratie", CONTRACT)

    assert page.status == 422
    assert says in page
    assert place in page.text
    assert 'value="boekbrug"' in page.text


def test_advice_about_the_role_is_shown(world: PortalWorld) -> None:
    """It works, and the owner reads what is better."""
    world.books["654321"].role_id = 4

    assert "API-gebruiker volstaat" in to_start(world.stranger)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"trigger_statuses": []}, "trigger_statuses", "Kies minstens een status"),
        ({"start_date": ""}, "start_date", "Kies een begindatum"),
        ({"start_date": "1 maart"}, "start_date", "moet een datum zijn"),
        ({"begin": "nummer", "start_number": "9999"}, "start_number", "kent geen bestelling 9999"),
        ({"eigen_koppeling": "aan"}, "eigen_koppeling", "eerst uit"),
        ({"eigen_koppeling": ""}, "eigen_koppeling", "kies dan Ja of Nee"),
        ({"cost_center": "12"}, "cost_center", "kent geen kostenplaats 12"),
        ({"order_prefix": "een twee"}, "order_prefix", "mag hoogstens 12"),
    ],
)
def test_a_start_that_is_not_right(
    world: PortalWorld, changes: dict[str, Any], field: str, says: str
) -> None:
    """The field, the sentence, and everything that was typed."""
    me = world.stranger
    to_start(me)

    page = me.post("/koppelen/start", {"order_prefix": "HH"} | START | changes)

    assert page.status == 422
    assert says in page
    assert f'id="{field}-error"' in page.text
    assert f'value="{changes.get("order_prefix", "HH")}"' in page.text
    assert world.tenants.shop("nieuw-1") is None


def test_a_prefix_of_the_neighbour(world: PortalWorld) -> None:
    """Two shops of one administration never get orders with the same name."""
    me = world.owner
    world.choose(order_prefix="WI")
    to_books(me)
    me.post("/koppelen/administratie", {"administratie": "123456"})

    page = me.post("/koppelen/start", START | {"order_prefix": "WI"})

    assert page.status == 422
    assert 'id="order_prefix-error"' in page.text
    assert "niet te onderscheiden" in page


def test_lists_that_do_not_come_can_be_asked_for_again(world: PortalWorld) -> None:
    """The page works without them, and says so."""
    me = world.stranger
    world.books["654321"].unreadable.add("cost_centers")
    assert "Niet alles waaruit u kunt kiezen is binnengekomen" in to_start(me)
    world.books["654321"].unreadable.clear()

    again = me.post("/koppelen/lijsten").follow()

    assert "Niet alles" not in again
    assert "Webwinkel" in again


def test_a_history_that_cannot_be_counted_stops_nobody(world: PortalWorld) -> None:
    """The shop was there a moment ago; the count is left out, and that is said."""
    me = world.stranger
    to_start(me)
    assert me.post("/koppelen/start", START).status == 303
    world.shops.by_token[TOKEN].failing = unreachable()

    assert "er is niet geteld" in me.get("/koppelen/controle")


def test_a_shop_that_was_taken_meanwhile(world: PortalWorld) -> None:
    """The last step refuses too, in a sentence."""
    to_look(world.stranger)
    to_books(world.owner)
    world.owner.post("/koppelen/administratie", {"administratie": "123456"})
    world.owner.post("/koppelen/start", START | {"order_prefix": "HH"})
    world.owner.post("/koppelen/controle")

    page = world.stranger.post("/koppelen/controle")

    assert page.status == 422
    assert "ander account" in page
    assert connected(world.tenants).account_id == "owner"


# --------------------------------------------------------------------------- who may, and when


def test_a_form_about_another_shop_changes_nothing(world: PortalWorld) -> None:
    """Two tabs, two shops: the form of the first one does not connect the second."""
    me = world.stranger
    to_look(me)
    add_shop(world, "token-van-winkel-twee-1", "nieuw-2", "Tuin en Terras")
    to_books(me, "token-van-winkel-twee-1")

    old_tab = me.post("/koppelen/controle", {"over": "nieuw-1"})

    assert old_tab.location == "/koppelen/winkel"
    assert world.tenants.account_shops("stranger") == []


@pytest.mark.parametrize("path", ["winkel", "administratie", "start", "controle"])
def test_steps_without_the_ones_before(world: PortalWorld, path: str) -> None:
    """They lead to what is missing."""
    me = world.stranger
    assert me.get(f"/koppelen/{path}").location == "/koppelen"

    to_books(me)
    later = me.get(f"/koppelen/{path}")

    assert later.location == ("/koppelen/administratie" if path in {"start", "controle"} else "")


def test_a_draft_that_is_too_old(world: PortalWorld) -> None:
    """Begin again; nothing that was entered is used."""
    to_start(world.stranger)
    world.clock.move(hours=1, minutes=59)
    world.stranger.get("/overzicht")
    world.clock.move(minutes=1)

    page = world.stranger.post("/koppelen/start", START)

    assert page.location == "/koppelen"
    assert page.flash is not None
    assert "Begin opnieuw" in page.flash.text


def test_stopping_forgets_everything(world: PortalWorld) -> None:
    """Also what was sealed."""
    to_start(world.stranger)

    assert world.stranger.post("/koppelen/stoppen").location == "/overzicht"
    assert world.drafts.of("stranger") is None


def test_a_draft_is_of_its_account(world: PortalWorld) -> None:
    """Another account that asks for the next step has nothing to go on with."""
    to_start(world.stranger)

    assert world.owner.get("/koppelen/start").location == "/koppelen"


@pytest.mark.parametrize(
    "path", ["", "/winkel", "/administratie", "/start", "/controle", "/stoppen", "/lijsten"]
)
def test_a_reader_connects_nothing(world: PortalWorld, path: str) -> None:
    """Neither looking at a form nor sending one."""
    reads = world.reader.get(f"/koppelen{path}").status
    assert reads == (405 if path in {"/stoppen", "/lijsten"} else 403)
    if path != "/winkel":
        assert world.reader.post(f"/koppelen{path}", {"token": TOKEN}).status == 403
    assert world.drafts.of("owner") is None


def test_in_english(world: PortalWorld) -> None:
    """Complete, the sentences of a refusal included."""
    me = world.browser(headers={"accept-language": "en"})
    me.sign_in("nieuw@example.com")
    me.post("/taal", {"taal": "en"})

    page = me.post("/koppelen", {"token": "onbekend"})

    assert "Connect your shop" in page
    assert "refuses the shop token" in page
    assert "Mijnwebwinkel weigert" not in page
