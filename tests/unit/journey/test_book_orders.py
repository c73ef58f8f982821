"""An order becomes one invoice, whatever goes wrong on the way (R2, R3, R125)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.facts import VatCheck
from boekbrug.journey.book_orders import book_orders
from boekbrug.journey.ports.ledger import BOOKED, HELD, POSTING, QUEUED, UNCLEAR, WAITING
from boekbrug.journey.sentences import sentence
from boekbrug.journey.triage import POSTING_LEASE
from tests.support.fake_books import Fault
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json, reverse_charged_json

OTHER = "77978e45-feaa-5c09-8e8c-0cf6e562a042"


def test_an_order_is_booked_with_its_ids_and_figures() -> None:
    """The ledger knows the invoice, its total and its VAT to the cent."""
    world = World()
    world.shop(order_prefix="WA").add(order_json("1042"))
    world.hour()
    row = world.rows()["1042"]

    assert row.state == BOOKED
    assert row.entryid
    assert row.invoicenumber
    assert row.posted_total == Decimal("35.85")
    assert row.vat == {"21": Decimal("6.22")}
    assert row.reference == "Bestelling WA1042"


def test_a_second_delivery_books_nothing() -> None:
    """The queue may deliver twice; Acumulus gets one invoice."""
    world = World()
    world.shop().add(order_json("1001"))
    world.schedule()
    world.fetch()
    (message,) = world.orders_queue.take()
    for _ in range(2):
        world.orders_queue.send([message])
        world.book()
        world.orders_queue.five_minutes_later()

    assert len(world.books["123456"].posts) == 1
    assert world.states() == {"1001": BOOKED}


@pytest.mark.parametrize("fault", [Fault.UNREACHABLE, Fault.THROTTLED])
def test_what_was_not_sent_goes_back_with_the_rest_of_its_group(fault: Fault) -> None:
    """The order of an administration is kept: nothing overtakes the order that has to wait."""
    world = World()
    books = world.administration()
    world.shop().add(*(order_json(str(number)) for number in (1001, 1002, 1003)))
    books.faults.extend([None, fault])
    world.schedule()
    world.fetch()
    report = world.book()

    assert [message.key.number for message in report.back] == ["1002", "1003"]
    assert world.states() == {"1001": BOOKED, "1002": QUEUED, "1003": QUEUED}
    world.clock.move(seconds=report.pauses["123456"])
    world.orders_queue.five_minutes_later()
    world.orders_queue.send(report.back)
    world.book()
    assert [post.order_number for post in books.posts] == ["1001", "1002", "1003"]


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_REQUEST])
def test_a_lost_answer_is_unclear_and_never_posted_again(fault: Fault) -> None:
    """Nobody knows whether it was booked; the orders after it go on."""
    world = World()
    books = world.administration()
    world.shop().add(order_json("1001"), order_json("1002"))
    books.faults.append(fault)
    for _ in range(3):
        world.hour()

    assert world.states() == {"1001": UNCLEAR, "1002": BOOKED}
    assert [post.order_number for post in books.posts] == ["1001", "1002"]


def test_refused_data_is_held_and_the_others_go_on() -> None:
    """A person must look; asking again would give the same answer."""
    world = World()
    books = world.administration()
    world.shop().add(order_json("1001"), order_json("1002"))
    books.faults.append(Fault.REFUSED_DATA)
    world.hour()
    world.hour()

    assert world.states() == {"1001": HELD, "1002": BOOKED}
    assert len(books.posts) == 2


def test_a_locked_period_is_held_until_its_owner_chooses() -> None:
    """Nothing is booked on another day unasked; the sentence names both ways out (R98)."""
    world = World()
    books = world.administration(locked_until=date(2026, 3, 31))
    world.shop().add(order_json("1001"))
    world.hour()
    row = world.rows()["1001"]

    assert (row.state, row.reason, len(books.posts)) == (HELD, "period_locked", 1)
    assert "Zet de periode open" in sentence(row)
    assert "de dag van verzenden" in sentence(row)

    world.choose(trigger_statuses=(3,), locked_period="transfer_date")
    world.hour()
    assert world.states() == {"1001": BOOKED}


def test_a_locked_period_is_left_by_an_attempt_of_its_own() -> None:
    """Sent again without a date, once, told as a notice; the timeline shows both tries (R98)."""
    world = World()
    books = world.administration(locked_until=date(2026, 3, 31))
    world.shop(locked_period="transfer_date").add(order_json("1001"))
    world.hour()
    row = world.rows()["1001"]

    assert [post.issuedate for post in books.posts] == [date(2026, 3, 2), None]
    assert books.references == ["Bestelling 1001"]
    assert (row.state, row.attempts, row.messages) == (BOOKED, 2, ("issue_date_moved",))
    assert "02-03-2026" in row.detail
    steps = [(event.state, event.code) for event in world.ledger.timeline(row.key)]
    assert steps[-4:] == [(POSTING, ""), (QUEUED, "period_locked"), (POSTING, ""), (BOOKED, "")]


def test_leaving_a_locked_period_needs_time_of_its_own() -> None:
    """Without time for a second post the order goes back to the queue, unharmed (R98)."""
    world = World()
    books = world.administration(locked_until=date(2026, 3, 31))
    world.shop(locked_period="transfer_date").add(order_json("1001"))
    world.schedule()
    world.fetch()
    left = iter([True, True, False])
    report = book_orders(world.booking, world.orders_queue.take(), time_left=lambda: next(left))

    assert (len(report.back), world.states(), books.references) == (1, {"1001": QUEUED}, [])
    world.orders_queue.five_minutes_later()
    world.orders_queue.send(report.back)
    world.book()
    assert books.references == ["Bestelling 1001"]


def test_a_lost_answer_without_a_date_is_unclear_too() -> None:
    """The second post is a post like any other: never repeated (R98, R3)."""
    world = World()
    books = world.administration(locked_until=date(2026, 3, 31))
    world.shop(locked_period="transfer_date").add(order_json("1001"))
    books.faults.extend([None, Fault.LOST_ANSWER])
    for _ in range(3):
        world.hour()

    assert world.states() == {"1001": UNCLEAR}
    assert books.references == ["Bestelling 1001"]


def test_a_vat_number_is_checked_and_the_answer_kept() -> None:
    """One question for the administration, and the proof in the row; still two writes (R26)."""
    world = World()
    world.shop(vies_check=True).add(reverse_charged_json("1001"))
    world.hour()
    row = world.rows()["1001"]

    assert world.vies.asked == [("BE0123456749", "NL123456789B01")]
    assert row.vat_check == VatCheck(
        True, world.vies.now() - timedelta(hours=1), "WAPI000000000001"
    )
    assert (row.state, row.concept, row.messages) == (BOOKED, False, ())
    assert [event.state for event in world.ledger.timeline(row.key)][-2:] == [POSTING, BOOKED]
    assert "VIES kent het btw-nummer van de klant (20-03-2026, raadpleging WAPI" in sentence(row)
    assert "BE0123456749" not in repr(row)


def test_who_asks_is_read_once() -> None:
    """The administration's own number costs one look in the life of a process (R26)."""
    world = World()
    world.shop(vies_check=True).add(*(reverse_charged_json(str(n)) for n in (1001, 1002, 1003)))
    world.hour()

    assert [own for _, own in world.vies.asked] == ["NL123456789B01"] * 3
    assert world.books["123456"].calls.count("contract") == 1


def test_an_own_number_that_cannot_be_read_stops_nothing() -> None:
    """Then the answer has no consultation number, and the next order tries again (R26)."""
    world = World()
    world.administration().unreadable.add("contract")
    world.shop(vies_check=True).add(reverse_charged_json("1001"))
    world.hour()

    assert world.vies.asked == [("BE0123456749", "")]
    assert world.states() == {"1001": BOOKED}


def test_a_vat_number_that_vies_does_not_know_makes_a_concept() -> None:
    """With the evidence beside it (R26)."""
    world = World()
    world.vies.invalid.add("BE0123456749")
    world.shop(vies_check=True).add(reverse_charged_json("1001"))
    world.hour()
    row = world.rows()["1001"]

    assert (row.concept, row.messages) == (True, ("vies_invalid",))
    assert row.vat_check is not None
    assert not row.vat_check.valid


def test_vies_away_stops_nothing() -> None:
    """Booked with a notice; nothing is kept as evidence that is none (R26)."""
    world = World()
    world.vies.away = True
    world.shop(vies_check=True).add(reverse_charged_json("1001"))
    world.hour()
    row = world.rows()["1001"]

    assert (row.state, row.concept, row.vat_check) == (BOOKED, False, None)
    assert row.messages == ("vies_not_checked",)


def test_without_the_setting_nobody_is_asked() -> None:
    """No question, and no look at the contract (R26)."""
    world = World()
    world.shop().add(reverse_charged_json("1001"), order_json("1002"))
    world.hour()

    assert world.vies.asked == []
    assert world.books["123456"].calls == ["add_invoice", "add_invoice"]


def test_refused_credentials_stop_the_administration_with_one_mail() -> None:
    """One refusal, one mail, nothing more is posted; after the fix everything is caught up."""
    world = World()
    books = world.administration()
    world.shop().add(*(order_json(str(number)) for number in (1001, 1002, 1003)))
    books.credentials_refused = True
    world.hour()
    world.hour()

    assert books.calls == ["add_invoice"]
    assert len(world.notices.sent) == 1
    assert set(world.states().values()) == {WAITING}

    books.credentials_refused = False
    world.tenants.resume_administration("123456")
    world.hour()
    assert set(world.states().values()) == {BOOKED}
    assert [post.order_number for post in books.posts] == ["1001", "1002", "1003"]


def test_the_operator_can_stop_all_posting() -> None:
    """The global switch stops every post; what came meanwhile is caught up."""
    world = World()
    world.shop().add(order_json("1001"))
    world.tenants.set_posting_allowed(allowed=False)
    world.hour()
    assert world.states() == {"1001": WAITING}

    world.tenants.set_posting_allowed(allowed=True)
    world.hour()
    assert world.states() == {"1001": BOOKED}


def test_a_worker_that_died_while_posting_leaves_an_unclear_order() -> None:
    """After its lease the row is unclear, also when the message is delivered again."""
    world = World()
    books = world.administration()
    world.shop().add(order_json("1001"))
    world.schedule()
    world.fetch()
    (message,) = world.orders_queue.take()

    def die(_invoice: object) -> None:
        raise SystemExit

    books.while_posting = die
    world.orders_queue.five_minutes_later()
    world.orders_queue.send([message])
    with pytest.raises(SystemExit):
        world.book()
    books.while_posting = None
    assert world.states() == {"1001": POSTING}

    world.orders_queue.five_minutes_later()
    world.orders_queue.send([message])
    world.clock.at += POSTING_LEASE + timedelta(seconds=1)
    world.book()
    assert world.states() == {"1001": UNCLEAR}
    assert len(books.posts) == 1


def test_administrations_do_not_wait_for_each_other() -> None:
    """One administration that cannot be reached does not keep another from booking."""
    world = World()
    world.administration("111111").faults.append(Fault.UNREACHABLE)
    world.shop(STORE_ID, "111111").add(order_json("1001"))
    world.shop(OTHER, "222222").add(order_json("1001"))
    world.schedule()
    world.fetch()
    report = world.book()

    assert len(report.back) == 1
    assert world.states(STORE_ID) == {"1001": QUEUED}
    assert world.states(OTHER) == {"1001": BOOKED}


def test_one_administration_is_never_posted_to_in_parallel() -> None:
    """At most one post is in flight per administration, for any number of its shops."""
    world = World()
    books = world.administration()
    world.shop().add(*(order_json(str(1000 + n)) for n in range(6)))
    world.shop(OTHER, order_prefix="B").add(*(order_json(str(1000 + n)) for n in range(6)))
    world.hour()

    assert books.most_in_flight == 1
    assert len(books.posts) == 12
    assert len(set(books.references)) == 12


def test_a_credit_order_waits_for_its_original() -> None:
    """A credit is never booked before the sale it reverses."""
    world = World()
    books = world.administration()
    credit = order_json("1002", credited_order_number=1001, status=10)
    world.shop(credit_statuses=(10,)).add(order_json("1001"), credit)
    books.faults.append(Fault.REFUSED_DATA)
    world.hour()

    assert world.states() == {"1001": HELD, "1002": WAITING}
    assert world.rows()["1002"].reason == "original_not_booked"


@pytest.mark.parametrize("mark", [{"credited_order_number": 1001}, {"status": 10}])
def test_a_credit_order_is_kept_as_one(mark: dict[str, Any]) -> None:
    """From the first look at it on, whether it names its original or its status says so."""
    world = World()
    world.administration()
    shop = world.shop(trigger_statuses=(3, 10), credit_statuses=(3, 10))
    shop.add(order_json("1001"), order_json("1002", **mark))
    world.schedule()
    world.fetch()
    before = world.rows()
    world.book()

    for rows, state in ((before, QUEUED), (world.rows(), BOOKED)):
        assert [(rows[one].state, rows[one].credit) for one in ("1001", "1002")] == [
            (state, False),
            (state, True),
        ]
    assert world.rows()["1002"].posted_total == Decimal("-35.85")


def test_a_message_never_reaches_another_owners_books() -> None:
    """Whatever a message says, its shop and administration must belong together."""
    world = World()
    world.shop().add(order_json("1001"))
    world.administration("999999")
    world.schedule()
    world.fetch()
    (message,) = world.orders_queue.take()
    forged = type(message)(
        **{
            name: getattr(message, name)
            for name in message.__dataclass_fields__
            if name != "administration_id"
        },
        administration_id="999999",
    )
    world.orders_queue.five_minutes_later()
    world.orders_queue.send([forged])
    world.book()

    assert world.books["999999"].posts == []
    assert world.rows()["1001"].reason == "shop_moved"


def test_no_time_left_means_no_post() -> None:
    """A post begins only when its answer can still be waited for."""
    world = World()
    world.shop().add(order_json("1001"))
    world.schedule()
    world.fetch()
    report = book_orders(world.booking, world.orders_queue.take(), time_left=lambda: False)

    assert len(report.back) == 1
    assert world.books["123456"].posts == []
    assert world.states() == {"1001": QUEUED}
