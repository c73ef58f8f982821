"""The commands for what waits for a person: what they show, decide and refuse."""

from dataclasses import dataclass, field

import pytest
from typer.testing import CliRunner, Result

from boekbrug.journey.connect import ConnectServices
from boekbrug.journey.decisions import DecisionServices
from tests.support.fake_books import Fault
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json
from workbench.cli import make_app
from workbench.plain import WRONG_USE, Reach
from workbench.stack import Stack

BECAUSE = ("--because", "nagekeken")


@dataclass
class Desk:
    """A person at the command line of a running world."""

    world: World = field(default_factory=World)

    def __call__(self, *arguments: str) -> Result:
        world = self.world
        connecting = ConnectServices(
            tenants=world.tenants,
            sealer=world.sealer,
            shops=world.shops,
            administrations=world.books,
            clock=world.clock,
        )
        stack = Stack(
            connecting=connecting,
            ledger=world.ledger,
            shops_queue=world.shops_queue,
            deciding=DecisionServices(world.fetching, world.booking),
        )
        asked = Reach(stack=stack, interactive=False)
        result = CliRunner().invoke(make_app(arguments), arguments, obj=asked)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.world.shop()
    return desk


@pytest.fixture
def shop(desk: Desk) -> FakeShop:
    return desk.world.shops.by_token[f"token-of-{STORE_ID}"]


def after(desk: Desk, shop: FakeShop, *faults: Fault | None) -> None:
    """Orders from 1042 on, each with what goes wrong with it."""
    desk.world.books["123456"].faults.extend(faults)
    shop.add(*(order_json(str(1042 + index)) for index in range(len(faults))))
    desk.world.hour()


def test_held_shows_what_waits_and_why(desk: Desk, shop: FakeShop) -> None:
    """In the owner's words, of one shop or of all; what is booked is not in it."""
    after(desk, shop, Fault.REFUSED_DATA, Fault.LOST_REQUEST, None)

    for arguments in (("held",), ("held", "Winkel")):
        shown = desk(*arguments).stdout
        assert "books_refused 1" in shown
        assert "Acumulus weigerde de factuur" in " ".join(shown.split())
        assert "1043" in shown
        assert "1044" not in shown


def test_held_says_when_nothing_waits(desk: Desk) -> None:
    """One line."""
    assert desk("held").stdout == "Nothing waits for a person.\n"


def test_retry_of_an_order_and_of_a_cause(desk: Desk, shop: FakeShop) -> None:
    """Each says what the order is by now."""
    after(desk, shop, Fault.REFUSED_DATA, Fault.REFUSED_DATA, Fault.REFUSED_DATA)

    one = desk("retry", "Winkel", "1042", *BECAUSE)
    rest = desk("retry", "Winkel", "--cause", "books_refused", *BECAUSE)
    none = desk("retry", "Winkel", "--cause", "books_refused", *BECAUSE)

    assert one.stdout.startswith("1042: queued")
    assert "Orders tried again: 2." in rest.stdout
    assert none.stdout == "No order is held for books_refused.\n"
    desk.world.book()
    assert set(desk.world.states().values()) == {"booked"}


def test_skip_and_booked_by_hand(desk: Desk, shop: FakeShop) -> None:
    """Both are for good, and the reason is shown."""
    after(desk, shop, Fault.REFUSED_DATA, Fault.REFUSED_DATA)

    skipped = desk("skip", "Winkel", "1042", *BECAUSE)
    by_hand = desk("skip", "Winkel", "1043", "--by-hand", "--invoice", "20260007", *BECAUSE)

    assert skipped.stdout.startswith("1042: skipped (by_owner)")
    assert by_hand.stdout.startswith("1043: booked (by_hand)")
    assert "nagekeken" in by_hand.stdout
    assert desk.world.rows()["1043"].invoicenumber == "20260007"


def test_resolve_there_and_absent(desk: Desk, shop: FakeShop) -> None:
    """Acumulus is asked both times."""
    after(desk, shop, Fault.LOST_ANSWER, Fault.LOST_REQUEST)
    (there,) = desk.world.books["123456"].booked

    wrong = desk("resolve", "Winkel", "1042", "--absent", *BECAUSE)
    right = desk("resolve", "Winkel", "1042", "--entry", there.entryid, *BECAUSE)
    absent = desk("resolve", "Winkel", "1043", "--absent", *BECAUSE)

    assert wrong.exit_code == WRONG_USE
    assert f"is in Acumulus after all: booking {there.entryid}" in wrong.stderr
    assert right.stdout.startswith("1042: booked (found)")
    assert absent.stdout.startswith("1043: queued")


def test_resend_tells_of_the_old_booking(desk: Desk, shop: FakeShop) -> None:
    """New first, then old to the bin; or untouched when nothing new is made."""
    after(desk, shop, None)
    books = desk.world.books["123456"]
    (old,) = books.booked

    books.unreadable.add("delete_entry")
    fine = desk("resend", "Winkel", "1042", *BECAUSE)
    desk.world.book()
    books.unreadable.clear()
    away = desk("resend", "Winkel", "1042", *BECAUSE)
    shop.edit("1042", status=1)
    failed = desk("resend", "Winkel", "1042", *BECAUSE)

    assert "goes to Acumulus' bin as soon as the new one is there." in fine.stdout
    assert f"The old booking {old.entryid} is in Acumulus' bin." in away.stdout
    assert "No new invoice is made; the old one was not touched." in failed.stdout
    assert books.references == ["Bestelling 1042"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("retry", "Winkel"), "Give an order number, or a cause"),
        (("retry", "Winkel", "1042", "--cause", "x"), "Give an order number, or a cause"),
        (("retry", "Winkel", "1042"), "Say in a few words why; it is kept"),
        (("retry", "Winkel", "77", *BECAUSE), "Order 77 was not fetched yet."),
        (("skip", "Winkel", "1042", "--invoice", "1", *BECAUSE), "--invoice goes with --by-hand."),
        (("resolve", "Winkel", "1042", *BECAUSE), "Give one of --entry, --invoice and --absent."),
        (("resolve", "Winkel", "1042", "--absent", *BECAUSE), "it waits for a choice."),
        (("resend", "Winkel", "1042", *BECAUSE), "it waits for a choice."),
        (("skip", "Geen winkel", "1042", *BECAUSE), "Geen winkel"),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    desk: Desk, shop: FakeShop, arguments: tuple[str, ...], says: str
) -> None:
    """On standard error, with status 2, and nothing is changed."""
    after(desk, shop, Fault.REFUSED_DATA)
    before = desk.world.rows()

    result = desk(*arguments)

    assert (result.exit_code, result.stdout) == (WRONG_USE, "")
    assert says in result.stderr
    assert desk.world.rows() == before


# --------------------------------------------------------------------------- order and invoice


def test_an_order_is_shown_beside_its_invoice(desk: Desk, shop: FakeShop) -> None:
    """Both columns, the totals per rate, and what became of it."""
    after(desk, shop, None)

    shown = desk("orders", "Winkel", "--invoice", "1042").stdout

    assert "BESTELLING" in shown
    assert "Quirijn Testklant" in shown
    assert "Totalen per tarief" in shown
    assert "1042: Geboekt in Acumulus als factuur 20260001" in shown


def test_an_order_without_an_invoice_says_why(desk: Desk, shop: FakeShop) -> None:
    """Also one that a person decided about, and one of a shop that does not answer."""
    after(desk, shop, Fault.REFUSED_DATA)
    desk("skip", "Winkel", "1042", "--by-hand", *BECAUSE)
    by_hand = desk("orders", "Winkel", "--invoice", "1042").stdout
    shop.failing = unreachable()
    away = desk("orders", "Winkel", "--invoice", "1042").stdout

    assert "Boekbrug maakte geen factuur" in by_hand
    assert "antwoordt nu niet" in away
    assert "1042: Boekbrug boekt deze bestelling niet." in away


def test_one_order_is_a_page_and_no_list(desk: Desk) -> None:
    """What does not go together is said."""
    refused = desk("orders", "Winkel", "--invoice", "1042", "--json")

    assert refused.exit_code == WRONG_USE
    assert "--invoice shows one order" in refused.output
