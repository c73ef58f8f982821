"""What a person decides: it is kept with its reason, and nothing is ever posted twice by it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from boekbrug.journey.decision_texts import TEXTS, DecisionRefused
from boekbrug.journey.decisions import (
    DecisionServices,
    Said,
    book_anyway,
    booked_by_hand,
    do_not_book,
    resolve_absent,
    resolve_there,
    retry,
    retry_cause,
)
from boekbrug.journey.ports.ledger import LedgerRow, OrderKey
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.sentences import sentence
from boekbrug.journey.triage import PERHAPS_POSTED
from tests.support.fake_books import Fault
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

type Changes = Sequence[tuple[LedgerRow, LedgerRow | None]]

SAID = Said("prijs hersteld", "kantoor")


@pytest.fixture
def world() -> World:
    world = World()
    world.shop()
    return world


@pytest.fixture
def shop(world: World) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


def services(world: World) -> DecisionServices:
    return DecisionServices(world.fetching, world.booking)


def connected(world: World) -> ConnectedShop:
    found = world.tenants.shop(STORE_ID)
    assert found is not None
    return found


def held(world: World, shop: FakeShop, number: str = "1042") -> None:
    """An order that Acumulus refuses once."""
    world.books["123456"].faults.append(Fault.REFUSED_DATA)
    shop.add(order_json(number))
    world.hour()
    assert world.states()[number] == "held"


def unclear(world: World, shop: FakeShop, fault: Fault, number: str = "1042") -> LedgerRow:
    """An order whose post got no answer."""
    world.books["123456"].faults.append(fault)
    shop.add(order_json(number))
    world.hour()
    row = world.rows()[number]
    assert row.state == "unclear"
    return row


def booked(world: World) -> list[str]:
    while len(world.orders_queue):
        world.book()
    return world.books.references


# --------------------------------------------------------------------------- book anyway


@pytest.mark.parametrize(
    "left_out",
    [{"status": 1}, {"payment_status": "failed"}, {"date": "2026-01-02"}],
    ids=["status", "payment", "date"],
)
def test_an_order_that_is_left_out_is_booked_on_request(
    world: World, shop: FakeShop, left_out: dict[str, object]
) -> None:
    """Once, with who wanted it, although no run would do it by itself (R10)."""
    world.choose(trigger_statuses=(3,), start_date="2026-02-01")
    shop.add(order_json("1042", **left_out))
    world.hour()
    assert booked(world) == []

    book_anyway(services(world), connected(world), "1042", SAID)

    assert booked(world) == ["Bestelling 1042"]
    world.hour()
    assert booked(world) == ["Bestelling 1042"]
    told = [(e.code, e.text) for e in world.ledger.timeline(world.rows()["1042"].key)]
    assert ("retry", "Toch boeken: prijs hersteld (kantoor)") in told


def test_a_request_survives_a_lost_message_and_a_refusal(world: World, shop: FakeShop) -> None:
    """The queue lost it, then Acumulus refused it: it is still wanted."""
    shop.add(order_json("1042", status=1))
    world.hour()
    book_anyway(services(world), connected(world), "1042", SAID)
    world.orders_queue.take()
    world.orders_queue.five_minutes_later()
    world.books["123456"].faults.append(Fault.REFUSED_DATA)
    world.hour()
    assert world.states()["1042"] == "held"

    retry(services(world), connected(world), "1042", SAID)

    assert booked(world) == ["Bestelling 1042"]


def test_an_order_that_was_never_fetched_is_booked_on_request(world: World, shop: FakeShop) -> None:
    """From long before the start, where no run looks."""
    world.hour()
    shop.add(order_json("1042", status=1))

    book_anyway(services(world), connected(world), "1042", SAID)

    assert booked(world) == ["Bestelling 1042"]


def test_a_test_order_is_not_booked_on_request_either(world: World, shop: FakeShop) -> None:
    """It is no sale (R4)."""
    shop.add(order_json("1042", test=True))
    world.hour()
    assert world.states()["1042"] == "skipped"
    with pytest.raises(DecisionRefused) as refused:
        book_anyway(services(world), connected(world), "1042", SAID)
    assert refused.value.code == "never_booked"


def test_not_booking_takes_a_request_back(world: World, shop: FakeShop) -> None:
    """What is tried again after that is judged as any order."""
    shop.add(order_json("1042", status=1))
    world.hour()
    book_anyway(services(world), connected(world), "1042", SAID)
    world.orders_queue.take()
    do_not_book(services(world), connected(world), "1042", SAID)

    assert retry(services(world), connected(world), "1042", SAID).state == "skipped"


# --------------------------------------------------------------------------- retry


def test_a_held_order_is_fetched_and_booked_again(world: World, shop: FakeShop) -> None:
    """Although nothing about it changed, which by itself would leave it alone."""
    held(world, shop)

    assert retry(services(world), connected(world), "1042", SAID).state == "queued"
    assert booked(world) == ["Bestelling 1042"]


def test_why_it_was_retried_is_in_the_timeline(world: World, shop: FakeShop) -> None:
    """With who said so, between the refusal and the booking."""
    held(world, shop)
    retry(services(world), connected(world), "1042", SAID)
    booked(world)

    told = [(e.code, e.text) for e in world.ledger.timeline(world.rows()["1042"].key)]
    assert ("retry", "Opnieuw proberen: prijs hersteld (kantoor)") in told


def test_who_decided_is_told_in_full() -> None:
    """An address that is cut off names nobody."""
    said = Said("omdat", "boekhouding@winkel-voorbeeld.nl")

    assert said.text("Niet boeken") == "Niet boeken: omdat (boekhouding@winkel-voorbeeld.nl)"


def test_all_orders_of_a_cause_go_at_once(world: World, shop: FakeShop) -> None:
    """And those with another cause stay as they are."""
    held(world, shop, "1042")
    held(world, shop, "1043")
    shop.add(order_json("1044", orderlines=[]))
    world.hour()

    rows = retry_cause(services(world), connected(world), "books_refused", SAID)

    assert [row.key.number for row in rows] == ["1042", "1043"]
    assert booked(world) == ["Bestelling 1042", "Bestelling 1043"]
    assert world.states()["1044"] == "held"


def test_a_retry_waits_for_a_shop_that_does_not_answer(world: World, shop: FakeShop) -> None:
    """The next run picks it up by itself, although it held the order for settled."""
    held(world, shop)
    shop.failing = unreachable()
    row = retry(services(world), connected(world), "1042", SAID)
    shop.failing = None
    world.hour()

    assert (row.state, row.reason) == ("waiting", "retry")
    assert world.books.references == ["Bestelling 1042"]


def test_a_retry_that_is_pressed_twice_books_once(world: World, shop: FakeShop) -> None:
    """Two messages for one order are one post."""
    held(world, shop)
    retry(services(world), connected(world), "1042", SAID)
    retry(services(world), connected(world), "1042", SAID)

    assert booked(world) == ["Bestelling 1042"]
    assert len(world.books["123456"].posts) == 2  # the refused one and the one that was booked


def test_an_order_that_is_still_wrong_is_held_again(world: World, shop: FakeShop) -> None:
    """With its reason of now."""
    shop.add(order_json("1042", orderlines=[]))
    world.hour()

    row = retry(services(world), connected(world), "1042", SAID)

    assert (row.state, row.reason) == ("held", "no_lines")


# --------------------------------------------------------------------------- do not book


def test_an_order_that_is_not_to_be_booked_stays_out(world: World, shop: FakeShop) -> None:
    """Also after it changed, and after other choices of the merchant."""
    held(world, shop)
    row = do_not_book(services(world), connected(world), "1042", SAID)
    shop.edit("1042", payment_status="refunded")
    world.choose(trigger_statuses=(2, 3))
    world.hour()

    assert (row.state, row.reason) == ("skipped", "by_owner")
    assert sentence(row) == (
        "Deze bestelling wordt niet geboekt: zo is met de hand besloten. "
        "(Niet boeken: prijs hersteld (kantoor))"
    )
    assert world.books.references == []
    assert world.states()["1042"] == "skipped"


def test_a_message_that_is_on_its_way_posts_nothing_any_more(world: World, shop: FakeShop) -> None:
    """The decision comes between queue and claim, and wins."""
    shop.add(order_json("1042"))
    world.schedule()
    world.fetch()
    do_not_book(services(world), connected(world), "1042", SAID)

    assert booked(world) == []
    assert world.books["123456"].posts == []


def test_a_decision_can_be_taken_back(world: World, shop: FakeShop) -> None:
    """A retry is stronger than "do not book"."""
    held(world, shop)
    do_not_book(services(world), connected(world), "1042", SAID)
    retry(services(world), connected(world), "1042", SAID)

    assert booked(world) == ["Bestelling 1042"]


# --------------------------------------------------------------------------- booked by hand


@pytest.mark.parametrize("number", ["", "20260017"])
def test_what_was_booked_by_hand_is_never_posted(world: World, shop: FakeShop, number: str) -> None:
    """With its invoice number when it is known; the timeline has it too."""
    held(world, shop)
    row = booked_by_hand(services(world), connected(world), "1042", SAID, invoicenumber=number)
    shop.edit("1042", payment_status="refunded")
    world.choose(trigger_statuses=(2, 3))
    world.hour()

    assert (row.state, row.reason, row.invoicenumber) == ("booked", "by_hand", number)
    assert "prijs hersteld" in sentence(row)
    assert number in world.ledger.timeline(row.key)[-1].text
    assert world.books.references == []


# --------------------------------------------------------------------------- unclear


def by_entry(world: World, entryid: str) -> LedgerRow:
    return resolve_there(services(world), connected(world), "1042", SAID, entryid=entryid)


def test_an_unclear_order_is_booked_when_acumulus_shows_it(world: World, shop: FakeShop) -> None:
    """By its entry id or its invoice number; all ids are kept, and nothing is posted."""
    unclear(world, shop, Fault.LOST_ANSWER)
    (there,) = world.books["123456"].booked

    row = resolve_there(
        services(world), connected(world), "1042", SAID, invoicenumber=there.invoicenumber
    )

    assert (row.state, row.entryid, row.contactid) == ("booked", there.entryid, there.contactid)
    assert row.invoicenumber == there.invoicenumber
    assert len(world.books["123456"].posts) == 1


def test_a_booking_of_another_order_is_refused(world: World, shop: FakeShop) -> None:
    """The description must be the whole reference, so 1042 is not 10421."""
    unclear(world, shop, Fault.LOST_REQUEST)
    shop.add(order_json("10421"))
    world.hour()
    (other,) = world.books["123456"].booked

    with pytest.raises(DecisionRefused) as refused:
        by_entry(world, other.entryid)

    assert refused.value.code == "entry_of_another_order"
    assert world.states()["1042"] == "unclear"


def test_a_booking_in_the_bin_is_no_booking(world: World, shop: FakeShop) -> None:
    """Nor is one that Acumulus does not know."""
    unclear(world, shop, Fault.LOST_ANSWER)
    (there,) = world.books["123456"].booked
    there.deleted = True

    for entryid in (there.entryid, "1", ""):
        with pytest.raises(DecisionRefused) as refused:
            by_entry(world, entryid)
        assert refused.value.code == "entry_unknown"


def test_an_unclear_order_that_is_not_there_is_booked_again(world: World, shop: FakeShop) -> None:
    """Once."""
    unclear(world, shop, Fault.LOST_REQUEST)

    row = resolve_absent(services(world), connected(world), "1042", SAID)

    assert row.state == "queued"
    assert booked(world) == ["Bestelling 1042"]


def test_who_says_that_it_is_not_there_is_not_believed_when_it_is(
    world: World, shop: FakeShop
) -> None:
    """Acumulus is asked first."""
    unclear(world, shop, Fault.LOST_ANSWER)

    with pytest.raises(DecisionRefused) as refused:
        resolve_absent(services(world), connected(world), "1042", SAID)

    assert refused.value.code == "entry_is_there"
    assert world.states()["1042"] == "unclear"


def test_what_lies_in_the_bin_is_not_there(world: World, shop: FakeShop) -> None:
    """Whoever says so gets a new invoice."""
    unclear(world, shop, Fault.LOST_ANSWER)
    (there,) = world.books["123456"].booked
    there.deleted = True

    assert resolve_absent(services(world), connected(world), "1042", SAID).state == "queued"
    assert booked(world) == ["Bestelling 1042"]


@pytest.mark.parametrize("payment", ["captured", "open"], ids=["paid", "due"])
def test_what_only_the_list_of_its_contact_shows_is_not_absent(
    world: World, shop: FakeShop, payment: str
) -> None:
    """Newer bookings pushed it off the latest entries; a person looked under the wrong name."""
    world.books["123456"].faults.append(Fault.LOST_ANSWER)
    shop.add(order_json("1042", payment_status=payment))
    world.hour()
    shop.add(*(order_json(str(number)) for number in range(2001, 2013)))
    world.hour()

    with pytest.raises(DecisionRefused) as refused:
        resolve_absent(services(world), connected(world), "1042", SAID)

    assert refused.value.code == "entry_is_there"
    assert booked(world).count("Bestelling 1042") == 1


def test_absence_that_cannot_be_read_is_not_taken_for_true(world: World, shop: FakeShop) -> None:
    """Without the lists, or without knowing whose invoice it is, nothing is sent again."""
    unclear(world, shop, Fault.LOST_ANSWER)
    world.clock.move(hours=1)
    world.books["123456"].unreadable.add("contacts")
    with pytest.raises(DecisionRefused) as unread:
        resolve_absent(services(world), connected(world), "1042", SAID)
    world.books["123456"].unreadable.clear()
    shop.failing = unreachable()
    with pytest.raises(DecisionRefused) as unknown:
        resolve_absent(services(world), connected(world), "1042", SAID)

    assert {unread.value.code, unknown.value.code} == {"absence_unproven"}
    assert world.states()["1042"] == "unclear"


def test_a_post_that_may_still_arrive_is_not_absent(world: World, shop: FakeShop) -> None:
    """Its worker can still be alive."""
    world.books["123456"].faults.append(Fault.LOST_REQUEST)
    shop.add(order_json("1042"))
    world.schedule()
    world.fetch()
    world.book()

    with pytest.raises(DecisionRefused) as refused:
        resolve_absent(services(world), connected(world), "1042", SAID)

    assert refused.value.code == "posted_just_now"


# --------------------------------------------------------------------------- what is refused

DECISIONS: dict[str, Callable[[World], object]] = {
    "retry": lambda w: retry(services(w), connected(w), "1042", SAID),
    "do_not_book": lambda w: do_not_book(services(w), connected(w), "1042", SAID),
    "by_hand": lambda w: booked_by_hand(services(w), connected(w), "1042", SAID),
    "there": lambda w: by_entry(w, "61000001"),
    "absent": lambda w: resolve_absent(services(w), connected(w), "1042", SAID),
}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS.keys())
def test_a_booked_order_is_left_alone(
    world: World, shop: FakeShop, decide: Callable[[World], object]
) -> None:
    """By every decision, and the sentence says why."""
    shop.add(order_json("1042"))
    world.hour()

    with pytest.raises(DecisionRefused) as refused:
        decide(world)

    assert refused.value.code == "decision_not_possible"
    assert "booked" in refused.value.sentence("en")
    assert len(world.books["123456"].posts) == 1


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS.keys())
def test_an_unknown_order_is_refused(world: World, decide: Callable[[World], object]) -> None:
    """By its number."""
    with pytest.raises(DecisionRefused, match="1042"):
        decide(world)


@pytest.mark.parametrize("name", ["retry", "there", "absent"])
def test_an_unclear_order_is_not_simply_retried(world: World, shop: FakeShop, name: str) -> None:
    """Only "it is there" and "it is not there" fit, and booked by hand."""
    unclear(world, shop, Fault.LOST_ANSWER)

    with pytest.raises(DecisionRefused) as refused:
        DECISIONS[name](world) if name != "there" else by_entry(world, "77")

    assert refused.value.code in {"perhaps_posted", "entry_unknown", "entry_is_there"}
    assert booked(world) == ["Bestelling 1042"]


@pytest.mark.parametrize("why", ["", "  \n "])
def test_a_decision_needs_a_reason(world: World, shop: FakeShop, why: str) -> None:
    """And without one nothing is changed."""
    held(world, shop)
    before = world.rows()["1042"]

    for decide in (retry, do_not_book, booked_by_hand):
        with pytest.raises(DecisionRefused) as refused:
            decide(services(world), connected(world), "1042", Said(why, "kantoor"))
        assert refused.value.code == "decision_without_reason"
    assert world.rows()["1042"] == before


class _Overtaken:
    """A ledger whose row is changed by a worker just before the decision is written."""

    def __init__(self, world: World) -> None:
        self._ledger = world.ledger

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    def record(self, changes: Changes) -> set[OrderKey]:
        ((_, row),) = changes
        assert row is not None
        assert row.changed_at is not None
        self._ledger.record([(replace(row, state="queued"), row)])
        claimed = replace(row, state="posting", reference="Bestelling 1042")
        self._ledger.start_posting(claimed, owner="worker", at=row.changed_at)
        written: set[OrderKey] = self._ledger.record(changes)
        return written


@pytest.mark.parametrize("name", ["retry", "do_not_book", "by_hand"])
def test_a_worker_that_was_faster_wins(world: World, shop: FakeShop, name: str) -> None:
    """The decision was made about another state of things: it is refused."""
    held(world, shop)
    world.ledger = _Overtaken(world)

    with pytest.raises(DecisionRefused) as refused:
        DECISIONS[name](world)

    assert refused.value.code == "decision_overtaken"
    assert world.states()["1042"] == "posting"


def test_every_refusal_has_two_languages() -> None:
    """Dutch for owners, English for the operator, with the same names to fill in."""
    for dutch, english in TEXTS.values():
        assert dutch != english
        assert dutch.count("{") == english.count("{")


# --------------------------------------------------------------------------- at the same time


def test_a_retry_is_not_forgotten_by_a_fetch_that_began_before_it(
    world: World, shop: FakeShop
) -> None:
    """That fetch still holds the order for settled; the next run looks at it all the same."""
    held(world, shop)
    world.hour()
    before = connected(world)

    def retried_meanwhile(_offset: int) -> None:
        shop.before_page = lambda _offset: None
        shop.failing = unreachable()
        retry(services(world), before, "1042", SAID)
        shop.failing = None

    shop.add(order_json("1043"))
    shop.before_page = retried_meanwhile
    world.schedule()
    world.fetch()
    assert (world.rows()["1042"].state, world.rows()["1042"].reason) == ("waiting", "retry")
    booked(world)
    world.orders_queue.five_minutes_later()
    world.hour()

    assert world.states() == {"1042": "booked", "1043": "booked"}


def test_a_retry_that_could_not_fetch_is_made_by_the_next_look_up(
    world: World, shop: FakeShop
) -> None:
    """A quarter of an hour, not the next hourly run."""
    held(world, shop)
    shop.failing = unreachable()
    retry(services(world), connected(world), "1042", SAID)
    shop.failing = None
    world.look_up()

    assert world.states() == {"1042": "booked"}


# --------------------------------------------------------------------------- perhaps posted


@pytest.mark.parametrize("name", ["retry", "do_not_book"])
@pytest.mark.parametrize("held_for", [None, *sorted(PERHAPS_POSTED)])
def test_what_may_be_in_the_books_is_not_decided_without_looking(
    world: World, shop: FakeShop, name: str, held_for: str | None
) -> None:
    """The sentence says where to look and what to answer then."""
    row = unclear(world, shop, Fault.LOST_ANSWER)
    if held_for is not None:
        assert world.ledger.record([(replace(row, state="held", reason=held_for), row)])

    with pytest.raises(DecisionRefused) as refused:
        DECISIONS[name](world)

    assert refused.value.code == "perhaps_posted"
    assert "‘Bestelling 1042’" in refused.value.sentence()
    assert "resolve" in refused.value.sentence("en")
    assert world.rows()["1042"].state == ("held" if held_for else "unclear")
