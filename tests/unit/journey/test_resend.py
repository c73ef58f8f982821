"""R124: resend after fixing; the new invoice first, then the old entry to the bin."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import (
    DecisionServices,
    Said,
    booked_by_hand,
    do_not_book,
    resolve_there,
)
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.resend import Resent, resend
from boekbrug.journey.sentences import sentence
from tests.support.fake_books import FakeAdministration, Fault
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

SAID = Said("prijs hersteld", "kantoor")


@pytest.fixture
def world() -> World:
    world = World()
    world.shop()
    return world


@pytest.fixture
def shop(world: World) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


@pytest.fixture
def books(world: World) -> FakeAdministration:
    return world.books["123456"]


def booked(world: World, shop: FakeShop, **changes: object) -> None:
    shop.add(order_json("1042", **changes))
    world.hour()
    assert world.states() == {"1042": "booked"}


def connected(world: World) -> ConnectedShop:
    found: ConnectedShop | None = world.tenants.shop(STORE_ID)
    assert found is not None
    return found


def again(world: World) -> Resent:
    """The decision, and the batch that books what it sent on."""
    result = resend(DecisionServices(world.fetching, world.booking), connected(world), "1042", SAID)
    world.book()
    return result


def codes(world: World) -> list[tuple[str, str]]:
    return [(one.state, one.code) for one in world.ledger.timeline(world.rows()["1042"].key)]


def test_r124_the_new_invoice_comes_before_the_old_one_goes(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Afterwards the books hold the order once, under its new number; each step is kept."""
    booked(world, shop)
    result = again(world)
    row, new = world.rows()["1042"], books.booked[-1]

    assert result.row.state == "queued"
    assert (row.state, row.reason, row.entryid) == ("booked", "resent", new.entryid)
    assert "De oude boeking ligt in de prullenbak." in sentence(row)
    assert "The old booking is in the bin." in sentence(row, "en")
    assert [kept.deleted for kept in books.booked] == [True, False]
    assert books.calls.index("delete_entry") > max(
        at for at, call in enumerate(books.calls) if call == "add_invoice"
    )
    assert world.books.references == ["Bestelling 1042"]
    assert codes(world)[-5:] == [
        ("waiting", "resend"),
        ("queued", ""),
        ("posting", ""),
        ("booked", ""),
        ("booked", "resent"),
    ]


@pytest.mark.parametrize("fault", [Fault.REFUSED_DATA, Fault.REFUSED_CREDENTIALS])
def test_r124_when_creation_fails_the_old_invoice_is_untouched(
    world: World, shop: FakeShop, books: FakeAdministration, fault: Fault
) -> None:
    """The order is booked under it as before, and it is said why there is no new one."""
    booked(world, shop)
    before = world.rows()["1042"]
    books.faults.append(fault)
    again(world)

    after = world.rows()["1042"]
    assert (after.state, after.reason) == ("booked", "resend_failed")
    assert (after.entryid, after.posted_total) == (before.entryid, before.posted_total)
    assert "Opnieuw boeken lukte niet: Acumulus weigerde" in sentence(after)
    assert "Booking again did not work: Acumulus refused" in sentence(after, "en")
    assert "weigerde" not in sentence(after, "en")
    assert "delete_entry" not in books.calls
    assert world.books.references == ["Bestelling 1042"]


@pytest.mark.parametrize("fault", [Fault.UNREACHABLE, Fault.THROTTLED])
def test_r124_what_cannot_be_sent_now_is_sent_later(
    world: World, shop: FakeShop, books: FakeAdministration, fault: Fault
) -> None:
    """As every order; until then the old invoice is the one that counts."""
    booked(world, shop)
    books.faults.append(fault)
    again(world)
    assert "delete_entry" not in books.calls
    world.orders_queue.five_minutes_later()
    world.clock.move(minutes=1)
    world.hour()

    assert [kept.deleted for kept in books.booked] == [True, False]
    assert world.rows()["1042"].entryid == books.booked[-1].entryid


def test_r124_an_old_concept_stays_and_its_owner_is_told_until_it_is_gone(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Acumulus lets nobody but its owner remove a concept."""
    booked(world, shop, payment_status="refunded")
    (concept,) = books.booked
    shop.edit("1042", payment_status="captured")
    result = again(world)
    row = world.rows()["1042"]

    assert (result.stays, result.binned) == (concept.conceptid, "")
    assert row.entryid == books.booked[-1].entryid
    assert f"oude concept {concept.conceptid} staat er nog" in sentence(row)
    world.night()
    assert concept.conceptid in world.told()["1042", "old_concept_stays"]

    books.booked.remove(concept)
    world.night()
    assert ("1042", "old_concept_stays") not in world.told()
    assert world.rows()["1042"].replaces is None


def test_r124_an_old_concept_that_is_made_final_after_all_is_told(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Then the order is in the books twice, and only its owner can mend that."""
    booked(world, shop, payment_status="refunded")
    (concept,) = books.booked
    shop.edit("1042", payment_status="captured")
    again(world)
    double = books.make_final(concept.conceptid)
    world.night()

    assert f"boeking {double.entryid}" in world.told()["1042", "old_concept_final"]


def test_r124_an_order_that_is_not_to_be_booked_any_more_keeps_its_invoice(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Its status changed since: that is said at once."""
    booked(world, shop)
    shop.edit("1042", status=1)

    assert "status" in again(world).why_not
    assert world.states() == {"1042": "booked"}
    assert len(books.posts) == 1


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_ANSWER])
def test_r124_without_an_answer_the_old_one_stays_until_the_new_one_is_found(
    world: World, shop: FakeShop, books: FakeAdministration, fault: Fault
) -> None:
    """Or until it is proven absent and sent again: the old entry itself is no find."""
    booked(world, shop)
    books.faults.append(fault)
    again(world)
    assert world.states() == {"1042": "unclear"}
    assert "delete_entry" not in books.calls

    for _ in range(3):
        world.clock.move(hours=1)
        world.look_up()

    assert world.books.references == ["Bestelling 1042"]
    assert [kept.deleted for kept in books.booked] == [True, False]
    assert world.rows()["1042"].entryid == books.booked[-1].entryid


def test_r124_a_bin_that_fails_is_done_by_the_next_look_up(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Until then the row knows what is left."""
    booked(world, shop)
    books.unreadable.add("delete_entry")
    again(world)
    row = world.rows()["1042"]
    assert row.state == "booked"
    assert f"De oude boeking {books.booked[0].entryid} gaat nog" in sentence(row)
    assert world.look_up().unread == 1
    books.unreadable.clear()
    world.look_up()

    assert len(books.posts) == 2
    assert world.books.references == ["Bestelling 1042"]
    assert list(world.ledger.open_rows()) == []


def test_r124_who_asks_again_first_has_the_old_entry_put_away(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Only what is left is done: nothing is posted a third time."""
    booked(world, shop)
    books.unreadable.add("delete_entry")
    again(world)
    books.unreadable.clear()

    assert again(world).binned == books.booked[0].entryid
    assert len(books.posts) == 2
    assert world.books.references == ["Bestelling 1042"]


def test_r124_an_order_that_the_shop_lost_is_left_alone(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """There would be nothing to make an invoice of."""
    booked(world, shop)
    shop.remove(["1042"])

    with pytest.raises(DecisionRefused) as refused:
        again(world)

    assert refused.value.code == "not_in_shop"
    assert world.states() == {"1042": "booked"}


def test_r124_an_order_that_vanishes_on_the_way_keeps_its_invoice(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """The night settles it, and tells that it is gone."""
    booked(world, shop)
    shop.before_order = lambda _number: setattr(shop, "failing", unreachable())
    again(world)
    assert world.rows()["1042"].reason == "resend"
    shop.failing, shop.before_order = None, lambda _number: None
    shop.remove(["1042"])
    shop.add(order_json("1043", status=1))
    world.night()

    assert world.states() == {"1042": "booked", "1043": "skipped"}
    assert world.books.references == ["Bestelling 1042"]


DECISIONS: dict[str, Callable[..., Any]] = {"skip": do_not_book, "by hand": booked_by_hand}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS.keys())
def test_r124_a_decision_on_the_way_leaves_the_old_invoice(
    world: World, shop: FakeShop, books: FakeAdministration, decide: Callable[..., Any]
) -> None:
    """Nothing is thrown away before there is something in its place."""
    booked(world, shop)
    services = DecisionServices(world.fetching, world.booking)
    resend(services, connected(world), "1042", SAID)
    decide(services, connected(world), "1042", SAID)
    for _ in range(2):
        world.hour()
        world.look_up()

    assert world.states() == {"1042": "booked"}
    assert (len(books.posts), world.books.references) == (1, ["Bestelling 1042"])


def test_r124_what_a_person_finds_takes_the_old_ones_place(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """An unclear new invoice that somebody saw in Acumulus: the old one goes then."""
    booked(world, shop)
    books.faults.append(Fault.LOST_ANSWER)
    again(world)
    services, new = DecisionServices(world.fetching, world.booking), books.booked[-1]
    resolve_there(services, connected(world), "1042", SAID, entryid=new.entryid)
    world.look_up()

    assert [kept.deleted for kept in books.booked] == [True, False]


# --------------------------------------------------------------------------- cut off


class Dying:
    """A port that ends its process at a certain call, before or after it is done."""

    calls = 0
    last = 0
    done = False

    def __init__(self, inner: object) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name in {"known_contacts", "administration"} or not callable(found):
            return found

        def call(*args: Any, **options: Any) -> Any:
            Dying.calls += 1
            if Dying.calls == Dying.last and not Dying.done:
                raise SystemExit
            answer = found(*args, **options)
            if Dying.calls == Dying.last:
                raise SystemExit
            return Dying(answer) if name == "open" else answer

        return call


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fault", [None, Fault.LOST_ANSWER, Fault.LOST_REQUEST])
def test_r124_a_resend_that_is_cut_off_anywhere_ends_with_one_invoice(
    fault: Fault | None, done: bool
) -> None:
    """At every call, before and after it: the next runs do what is left, and no more."""
    ends: set[bool] = set()
    for last in count(1):
        world = World()
        shop = world.shop()
        booked(world, shop)
        books = world.books["123456"]
        if fault is not None:
            books.faults.append(fault)
        Dying.calls, Dying.last, Dying.done = 0, last, done
        if not cut_off(world):
            break
        for _ in range(6):
            world.hour()
            world.look_up()

        row = world.rows()["1042"]
        assert row.state == "booked", last
        assert world.books.references == ["Bestelling 1042"], last
        assert [one.entryid for one in books.booked if not one.deleted] == [row.entryid], last
        ends.add(len(books.posts) > 1)
    assert last > 15
    assert ends == {False, True}


def cut_off(world: World) -> bool:
    """Ask for it and book it, in processes that die at some call; false: it was not reached."""
    ports = ("ledger", "shops", "books", "orders_queue", "tenants")
    real = {name: getattr(world, name) for name in ports}
    for name in ("ledger", "shops", "books"):
        setattr(world, name, Dying(real[name]))
    try:
        services = DecisionServices(world.fetching, world.booking)
        resend(services, connected(world), "1042", SAID)
        world.book()
    except SystemExit:
        return True
    finally:
        for name, port in real.items():
            setattr(world, name, port)
    return False
